#include "cairn/http/message.hpp"

#include <algorithm>

namespace cairn::http {

namespace {

char to_lower(char letter) {
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

}  // namespace

bool is_same_word(std::string_view left, std::string_view right) {
    return std::equal(left.begin(), left.end(), right.begin(), right.end(), [](char a, char b) {
        return to_lower(a) == to_lower(b);
    });
}

const std::string_view* HttpRequest::find(std::string_view name) const {
    const auto place = std::find_if(headers.begin(), headers.end(), [name](const auto& header) {
        return is_same_word(header.name, name);
    });
    return place == headers.end() ? nullptr : &place->value;
}

std::size_t HttpRequest::count(std::string_view name) const {
    const auto count = std::count_if(headers.begin(), headers.end(), [name](const auto& header) {
        return is_same_word(header.name, name);
    });
    return static_cast<std::size_t>(count);
}

std::string_view reason_phrase(unsigned status) {
    switch (status) {
        case 200:
            return "OK";
        case 204:
            return "No Content";
        case 308:
            return "Permanent Redirect";
        case 400:
            return "Bad Request";
        case 401:
            return "Unauthorized";
        case 403:
            return "Forbidden";
        case 404:
            return "Not Found";
        case 405:
            return "Method Not Allowed";
        case 406:
            return "Not Acceptable";
        case 408:
            return "Request Timeout";
        case 409:
            return "Conflict";
        case 413:
            return "Content Too Large";
        case 415:
            return "Unsupported Media Type";
        case 422:
            return "Unprocessable Content";
        case 429:
            return "Too Many Requests";
        case 431:
            return "Request Header Fields Too Large";
        case 500:
            return "Internal Server Error";
        case 503:
            return "Service Unavailable";
        case 504:
            return "Gateway Timeout";
        default:
            return "Unknown";
    }
}

}  // namespace cairn::http
