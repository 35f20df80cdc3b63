// Pushes signed transfers to a node over one connection that pipelines, for `admission_bench.py`,
// and measures the one-core signature limit before and after: a bare loop of BIP340 verifications.
//
//     push_transactions PORT COUNT     prints "<transfers a second> <verifications a second>"
//
// The node must hold the chain of `make_chain STORE transfers 0`, which funds the accounts.
#include "cairn/crypto/sha256.hpp"
#include "cairn/execution/execute.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace cairn {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t accounts = 1'000;
/// Requests whose replies have not come: as many as a node lets wait on one connection, less some.
constexpr std::size_t window = 900;
constexpr std::size_t frame_header_bytes = 10;

[[noreturn]] void stop(const std::string& reason) {
    std::fprintf(stderr, "push_transactions: %s\n", reason.c_str());
    std::exit(1);
}

crypto::SecretKey account_key(std::size_t index) {
    const auto secret = crypto::sha256(as_bytes("bench account " + std::to_string(index)));
    return crypto::SecretKey::from_bytes(secret.view()).value();
}

std::vector<std::string> make_frames(std::size_t count) {
    const auto spec = ledger::built_in_chain("dev").value();
    const auto chain = execution::chain_id_of(spec);
    std::vector<crypto::SecretKey> keys;
    for (std::size_t i = 0; i < accounts; ++i)
        keys.push_back(account_key(i));
    std::vector<std::string> frames;
    for (std::size_t i = 0; i < count; ++i) {
        ledger::Transaction transaction;
        transaction.nonce = Nonce{i / accounts};
        transaction.fee = Amount{1 + i % 977};
        transaction.payload = ledger::Transfer{
            ledger::account_of(keys[(i * 7) % accounts].public_key()), Amount{1}, {}};
        ledger::sign_transaction(keys[i % accounts], chain, transaction);
        const auto text =
            R"({"type":"push_transaction","hex":")" + to_hex(codec::encode(transaction)) + R"("})";
        auto header = std::to_string(text.size());
        header.resize(frame_header_bytes, ' ');
        frames.push_back(header + text);
    }
    return frames;
}

double verifications_a_second() {
    const auto key = account_key(0);
    const auto message = crypto::sha256(as_bytes("message"));
    const auto signature = key.sign(message);
    crypto::SignatureVerifier verifier{1};
    const auto began = Clock::now();
    std::chrono::duration<double> passed{};
    std::size_t count = 0;
    while (passed.count() < 2) {
        if (!verifier.verify(key.public_key(), message, signature))
            stop("a good signature is refused");
        ++count;
        passed = Clock::now() - began;
    }
    return static_cast<double>(count) / passed.count();
}

int connect_to(unsigned long port) {
    const int link = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(link, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0)
        stop("nobody listens");
    const int on = 1;
    ::setsockopt(link, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    return link;
}

void send_all(int link, std::string_view bytes) {
    while (!bytes.empty()) {
        const auto sent = ::send(link, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0)
            stop("the node closed the connection");
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
}

/// Counts the replies that have come since the last call; each must say that it was accepted.
std::size_t take_replies(int link, std::string& buffer) {
    std::array<char, 256 * 1024> chunk{};
    const auto received = ::recv(link, chunk.data(), chunk.size(), 0);
    if (received <= 0)
        stop("the node closed the connection");
    buffer.append(chunk.data(), static_cast<std::size_t>(received));
    std::size_t count = 0;
    std::size_t start = 0;
    while (buffer.size() - start >= frame_header_bytes) {
        const auto size = std::strtoul(buffer.c_str() + start, nullptr, 10);
        if (buffer.size() - start < frame_header_bytes + size)
            break;
        const auto text = std::string_view{buffer}.substr(start + frame_header_bytes, size);
        if (text.find("accepted") == std::string_view::npos)
            stop(std::string{text});
        start += frame_header_bytes + size;
        ++count;
    }
    buffer.erase(0, start);
    return count;
}

double pushes_a_second(unsigned long port, const std::vector<std::string>& frames) {
    const int link = connect_to(port);
    std::string buffer;
    const auto began = Clock::now();
    std::size_t sent = 0;
    std::size_t answered = 0;
    while (answered < frames.size()) {
        std::string batch;
        // Refilled when half of the window is free, so that many go out with one call.
        if (sent - answered <= window / 2)
            while (sent < frames.size() && sent - answered < window)
                batch += frames[sent++];
        send_all(link, batch);
        answered += take_replies(link, buffer);
    }
    const std::chrono::duration<double> passed = Clock::now() - began;
    ::close(link);
    return static_cast<double>(frames.size()) / passed.count();
}

}  // namespace

}  // namespace cairn

int main(int count, char** arguments) {
    if (count != 3)
        cairn::stop("usage: push_transactions PORT COUNT");
    const auto frames = cairn::make_frames(std::strtoul(arguments[2], nullptr, 10));
    const double before = cairn::verifications_a_second();
    const double rate = cairn::pushes_a_second(std::strtoul(arguments[1], nullptr, 10), frames);
    const double after = cairn::verifications_a_second();
    std::printf("%.0f %.0f\n", rate, (before + after) / 2);
    return 0;
}
