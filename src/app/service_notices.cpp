#include "src/app/service_notices.hpp"

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <chrono>
#include <cstddef>
#include <cstring>

namespace cairn::app {

namespace {

/// A store of an older format reads all its blocks when it is opened; more than this is a hang.
constexpr std::chrono::microseconds open_time_max = std::chrono::minutes{30};

}  // namespace

std::string notice_of(const StatusFacts& facts) {
    const auto goal = facts.is_syncing ? fmt::format(" of {}", facts.best_height) : std::string{};
    return fmt::format(
        "height {}{}, {} peers, {} pending", facts.height, goal, facts.peers, facts.pending
    );
}

ServiceNotices::ServiceNotices(const char* address) : address_{address == nullptr ? "" : address} {
    const bool is_socket = !address_.empty() && (address_[0] == '/' || address_[0] == '@');
    if (is_socket && address_.size() < sizeof(sockaddr_un::sun_path))
        socket_ = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
}

ServiceNotices::~ServiceNotices() {
    if (socket_ >= 0)
        ::close(socket_);
}

void ServiceNotices::send(std::string_view lines, int flags) const {
    if (!is_wanted())
        return;
    sockaddr_un target{};
    target.sun_family = AF_UNIX;
    std::memcpy(target.sun_path, address_.data(), address_.size());
    // A name without a file begins with a zero byte, and its length counts.
    if (address_[0] == '@')
        target.sun_path[0] = '\0';
    const auto size = offsetof(sockaddr_un, sun_path) + address_.size();
    static_cast<void>(::sendto(
        socket_,
        lines.data(),
        lines.size(),
        flags | MSG_NOSIGNAL,
        reinterpret_cast<const sockaddr*>(&target),  // what the system call wants
        static_cast<socklen_t>(size)
    ));
}

void ServiceNotices::opening() {
    send(fmt::format("STATUS=opening the chain\nEXTEND_TIMEOUT_USEC={}", open_time_max.count()), 0);
}

void ServiceNotices::ready(const StatusFacts& facts) {
    last_ = notice_of(facts);
    send("READY=1\nSTATUS=" + last_, 0);
}

void ServiceNotices::status(const StatusFacts& facts) {
    auto text = notice_of(facts);
    if (text == last_)
        return;
    last_ = std::move(text);
    // A manager that is slow to read must not hold up the node.
    send("STATUS=" + last_, MSG_DONTWAIT);
}

void ServiceNotices::stopping() {
    send("STOPPING=1\nSTATUS=writing what is left", 0);
}

}  // namespace cairn::app
