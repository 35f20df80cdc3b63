#include "src/app/text_client.hpp"

#include "cairn/base/bytes.hpp"
#include "cairn/net/address.hpp"
#include "cairn/wire/frame.hpp"

#include <asio/buffer.hpp>
#include <asio/connect.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/address.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/write.hpp>

#include <array>
#include <charconv>
#include <optional>
#include <utility>
#include <vector>

namespace cairn::app {

namespace {

using asio::ip::tcp;
using Deadline = std::chrono::steady_clock::time_point;

/// What seven digits can write: a node's replies may be longer than what it accepts.
constexpr std::size_t reply_bytes_max = 9'999'999;
constexpr std::size_t receive_chunk_bytes = 64 * 1024;

std::optional<std::uint16_t> parse_port(std::string_view text) {
    std::uint16_t port = 0;
    const auto* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, port);
    if (error != std::errc{} || stop != end || port == 0)
        return std::nullopt;
    return port;
}

}  // namespace

std::string to_string(const Endpoint& endpoint) {
    const bool is_bracketed = endpoint.host.find(':') != std::string::npos;
    const auto host = is_bracketed ? "[" + endpoint.host + "]" : endpoint.host;
    return host + ":" + std::to_string(endpoint.port);
}

Result<Endpoint, Failure> parse_endpoint(std::string_view text) {
    const auto refusal = tl::unexpected{bad_value(
        "'" + std::string{text} + "' is not a node's address: write 5001 or 127.0.0.1:5001",
        "PORT or HOST:PORT",
        text
    )};
    Endpoint endpoint;
    const auto colon = text.rfind(':');
    const auto port = parse_port(colon == std::string_view::npos ? text : text.substr(colon + 1));
    if (!port)
        return refusal;
    endpoint.port = *port;
    if (colon == std::string_view::npos)
        return endpoint;
    auto host = text.substr(0, colon);
    const bool is_bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
    if (is_bracketed)
        host = host.substr(1, host.size() - 2);
    else if (host.empty() || host.find_first_of(":[]") != std::string_view::npos)
        return refusal;
    endpoint.host = host;
    return endpoint;
}

bool is_loopback(const Endpoint& endpoint) {
    asio::error_code error;
    const auto address = asio::ip::make_address(endpoint.host, error);
    return error ? endpoint.host == "localhost" : net::unmapped(address).is_loopback();
}

std::string_view to_string(ClientError error) {
    switch (error) {
        case ClientError::unknown_host:
            return "unknown_host";
        case ClientError::unreachable:
            return "unreachable";
        case ClientError::closed:
            return "closed";
        case ClientError::timed_out:
            return "timed_out";
        case ClientError::bad_frame:
            return "bad_frame";
        case ClientError::too_long:
            return "too_long";
    }
    return "unknown";
}

Failure describe(ClientError error, const Endpoint& endpoint) {
    const auto where = to_string(endpoint);
    switch (error) {
        case ClientError::unknown_host:
            return {
                ExitCode::unavailable,
                "no host has the name " + endpoint.host + " - check its spelling"};
        case ClientError::unreachable:
            if (is_loopback(endpoint))
                return {
                    ExitCode::unavailable,
                    "no node at " + where + " - start one with: cairn node " +
                        std::to_string(endpoint.port)};
            return {
                ExitCode::unavailable,
                "no node at " + where + " - there, start one with: cairn node " +
                    std::to_string(endpoint.port) + " --bind 0.0.0.0 --open-probe"};
        case ClientError::closed:
            return {
                ExitCode::unavailable,
                where + " closed the connection without an answer - is it a Cairn node?"};
        case ClientError::timed_out:
            return {
                ExitCode::timeout,
                "no answer from " + where + " in time - try again, or wait longer with --timeout"};
        case ClientError::bad_frame:
            return data_failure(
                rpc::UsageRule::bad_answer,
                where + " answered with something else than a frame",
                "a frame",
                "other bytes",
                "it is no Cairn node: look at its address and port"
            );
        case ClientError::too_long:
            return {
                .code = ExitCode::data,
                .message = "the request is longer than a node accepts",
                .rule = "codec." + std::string{to_string(codec::DecodeError::too_long)},
                .expected = "at most " + std::to_string(wire::text_payload_bytes_max) + " bytes",
                .actual = "more",
                .hint = "make it shorter"};
    }
    return {};
}

std::string frame_header(std::size_t size) {
    auto header = std::to_string(size);
    header.resize(wire::frame_header_bytes, ' ');
    return header;
}

struct TextClient::Connection {
    asio::io_context io{1};
    tcp::socket socket{io};
    wire::FrameDecoder decoder;

    Connection() { decoder.set_payload_max(reply_bytes_max); }

    /// Runs until `result`, which a pending operation sets, is there or `deadline` is over; then
    /// the operation is given up and `timed_out` returned.
    [[nodiscard]] asio::error_code finish(
        const std::optional<asio::error_code>& result, Deadline deadline
    ) {
        io.restart();
        io.run_until(deadline);
        if (result)
            return *result;
        asio::error_code ignored;
        socket.close(ignored);
        io.stop();
        return asio::error::timed_out;
    }

    [[nodiscard]] asio::error_code resolve(
        const Endpoint& endpoint, Deadline deadline, std::vector<tcp::endpoint>& found
    ) {
        asio::error_code error;
        const auto address = asio::ip::make_address(endpoint.host, error);
        if (!error) {
            found.emplace_back(address, endpoint.port);
            return {};
        }
        tcp::resolver resolver{io};
        std::optional<asio::error_code> result;
        resolver.async_resolve(
            endpoint.host,
            std::to_string(endpoint.port),
            [&](asio::error_code code, const tcp::resolver::results_type& entries) {
                result = code;
                for (const auto& entry : entries)
                    found.push_back(entry.endpoint());
            }
        );
        const auto code = finish(result, deadline);
        if (!result) {
            // The handler refers to this frame, so it must have run before we leave.
            resolver.cancel();
            io.restart();
            io.run();
        }
        return code;
    }
};

TextClient::TextClient(std::unique_ptr<Connection> connection)
    : connection_{std::move(connection)} {}

TextClient::TextClient(TextClient&& other) noexcept = default;
TextClient& TextClient::operator=(TextClient&& other) noexcept = default;
TextClient::~TextClient() = default;

Result<TextClient, ClientError> TextClient::connect(const Endpoint& endpoint, Duration timeout) {
    const auto deadline = std::chrono::steady_clock::now() + timeout;
    auto connection = std::make_unique<Connection>();
    std::vector<tcp::endpoint> found;
    if (const auto error = connection->resolve(endpoint, deadline, found))
        return tl::unexpected{
            error == asio::error::timed_out ? ClientError::timed_out : ClientError::unknown_host};
    auto result = std::make_shared<std::optional<asio::error_code>>();
    asio::async_connect(
        connection->socket,
        found,
        [result](asio::error_code code, const tcp::endpoint&) { *result = code; }
    );
    if (const auto error = connection->finish(*result, deadline))
        return tl::unexpected{
            error == asio::error::timed_out ? ClientError::timed_out : ClientError::unreachable};
    return TextClient{std::move(connection)};
}

Result<std::string, ClientError> TextClient::exchange(std::string_view payload, Duration timeout) {
    if (payload.size() > wire::text_payload_bytes_max)
        return tl::unexpected{ClientError::too_long};
    const auto deadline = std::chrono::steady_clock::now() + timeout;
    auto& connection = *connection_;
    const auto fault = [](asio::error_code error) {
        return tl::unexpected{
            error == asio::error::timed_out ? ClientError::timed_out : ClientError::closed};
    };
    // Shared with the handlers: after a timeout they may run when the connection is destroyed.
    auto result = std::make_shared<std::optional<asio::error_code>>();
    auto frame = std::make_shared<std::string>(frame_header(payload.size()).append(payload));
    asio::async_write(
        connection.socket,
        asio::buffer(*frame),
        [result, frame](asio::error_code code, std::size_t) { *result = code; }
    );
    if (const auto error = connection.finish(*result, deadline))
        return fault(error);

    struct Chunk {
        std::optional<asio::error_code> result;
        std::size_t size = 0;
        std::array<std::uint8_t, receive_chunk_bytes> bytes;
    };

    auto chunk = std::make_shared<Chunk>();
    while (true) {
        if (const auto reply = connection.decoder.next())
            return std::string{as_text(*reply)};
        if (connection.decoder.error())
            return tl::unexpected{ClientError::bad_frame};
        chunk->result.reset();
        connection.socket.async_read_some(
            asio::buffer(chunk->bytes),
            [chunk](asio::error_code code, std::size_t size) {
                chunk->result = code;
                chunk->size = size;
            }
        );
        if (const auto error = connection.finish(chunk->result, deadline))
            return fault(error);
        connection.decoder.feed(ByteView{chunk->bytes}.first(chunk->size));
    }
}

}  // namespace cairn::app
