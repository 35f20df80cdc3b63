/// A blocking client of the text protocol (spec 02): one connection, one request at a time.
#pragma once

#include "src/app/failure.hpp"

#include "cairn/base/result.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace cairn::app {

/// Where a node listens.
struct Endpoint {
    std::string host = "127.0.0.1";
    std::uint16_t port = 5001;

    friend bool operator==(const Endpoint&, const Endpoint&) = default;
};

/// `host:port`, an IPv6 literal in brackets.
[[nodiscard]] std::string to_string(const Endpoint& endpoint);
/// The endpoint that `text` writes: `5001`, `host:5001` or `[::1]:5001`; the host is 127.0.0.1
/// where there is none. Errors: a usage `Failure`.
[[nodiscard]] Result<Endpoint, Failure> parse_endpoint(std::string_view text);
/// True when the host is a name or address of this machine's loopback interface.
[[nodiscard]] bool is_loopback(const Endpoint& endpoint);

/// Why there is no reply.
enum class ClientError : std::uint8_t {
    unknown_host,  ///< the name has no address
    unreachable,   ///< nobody accepts connections there
    closed,        ///< the other side ended the connection before its reply was complete
    timed_out,     ///< the time is over
    bad_frame,     ///< what came is not a frame
    too_long,      ///< the request exceeds what a text frame may carry
};
[[nodiscard]] std::string_view to_string(ClientError error);
/// What happened at `endpoint` and what to do about it, with its exit status.
[[nodiscard]] Failure describe(ClientError error, const Endpoint& endpoint);

/// The ten bytes before a payload of `size` bytes, at most 9,999,999 (spec 01).
[[nodiscard]] std::string frame_header(std::size_t size);

class TextClient {
  public:
    using Duration = std::chrono::milliseconds;

    /// A connection to `endpoint`. Errors: `unknown_host`, `unreachable`, `timed_out`.
    [[nodiscard]] static Result<TextClient, ClientError> connect(
        const Endpoint& endpoint, Duration timeout
    );

    TextClient(TextClient&& other) noexcept;
    TextClient& operator=(TextClient&& other) noexcept;
    ~TextClient();

    /// Sends `payload`, at least one byte, as a frame and returns the payload of the frame that
    /// comes back. After an error the connection is of no more use.
    /// Errors: `closed`, `timed_out`, `bad_frame`, `too_long`.
    [[nodiscard]] Result<std::string, ClientError> exchange(
        std::string_view payload, Duration timeout
    );

  private:
    struct Connection;

    explicit TextClient(std::unique_ptr<Connection> connection);

    std::unique_ptr<Connection> connection_;
};

}  // namespace cairn::app
