/// A request and a reply of HTTP as plain values, without sockets (RFC 9110).
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cairn::http {

/// A header line of a request: its name as it came, and its value.
struct HeaderView {
    std::string_view name;
    std::string_view value;
};

/// A request whose parts belong to the caller and live as long as the call.
struct HttpRequest {
    /// In capitals, as it came.
    std::string_view method;
    /// Path and query as they came.
    std::string_view target;
    std::vector<HeaderView> headers;
    std::string_view body;
    /// The other side is this machine.
    bool is_loopback = false;
    /// What stands before `target` in the client's eyes, such as `/node/5001`; links begin with it.
    std::string_view prefix = {};
    /// What came behind a body in chunks. It is counted, and nothing else.
    std::vector<HeaderView> trailers = {};

    /// The value of the header `name`, which is compared without case; null without one.
    [[nodiscard]] const std::string_view* find(std::string_view name) const;
    /// How many headers are called so.
    [[nodiscard]] std::size_t count(std::string_view name) const;
};

struct HttpReply {
    unsigned status = 200;
    std::string content_type = "application/json";
    /// Further headers; those that every reply has are added by `Gate`.
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
    /// For HEAD: the body is counted, not sent.
    bool is_head = false;
    /// The connection ends after it.
    bool closes = false;
};

/// The standard's words for `status`; "Unknown" for one that we do not use.
[[nodiscard]] std::string_view reason_phrase(unsigned status);

/// Equality of ASCII words without case.
[[nodiscard]] bool is_same_word(std::string_view left, std::string_view right);

}  // namespace cairn::http
