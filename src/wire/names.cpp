// The names of the module's enumerators.
#include "cairn/wire/messages.hpp"

namespace cairn::wire {

std::string_view to_string(PayloadForm form) {
    switch (form) {
        case PayloadForm::json:
            return "json";
        case PayloadForm::text_line:
            return "text_line";
        case PayloadForm::binary:
            return "binary";
        case PayloadForm::encrypted:
            return "encrypted";
        case PayloadForm::unknown:
            return "unknown";
    }
    return "unknown";
}

std::string_view to_string(FrameError error) {
    switch (error) {
        case FrameError::bad_header:
            return "bad_header";
        case FrameError::too_large:
            return "too_large";
    }
    return "unknown";
}

std::string_view to_string(WireError error) {
    switch (error) {
        case WireError::not_binary:
            return "not_binary";
        case WireError::truncated_envelope:
            return "truncated_envelope";
        case WireError::unsupported_version:
            return "unsupported_version";
        case WireError::unknown_type:
            return "unknown_type";
        case WireError::too_large:
            return "too_large";
        case WireError::bad_codec:
            return "bad_codec";
        case WireError::bad_field:
            return "bad_field";
    }
    return "unknown";
}

std::string_view to_string(ErrorCode code) {
    switch (code) {
        case ErrorCode::bad_frame:
            return "bad_frame";
        case ErrorCode::too_large:
            return "too_large";
        case ErrorCode::not_json:
            return "not_json";
        case ErrorCode::bad_codec:
            return "bad_codec";
        case ErrorCode::bad_field:
            return "bad_field";
        case ErrorCode::unknown_type:
            return "unknown_type";
        case ErrorCode::not_ready:
            return "not_ready";
        case ErrorCode::unsupported_version:
            return "unsupported_version";
        case ErrorCode::no_common_chain:
            return "no_common_chain";
        case ErrorCode::self:
            return "self";
        case ErrorCode::duplicate:
            return "duplicate";
        case ErrorCode::busy:
            return "busy";
        case ErrorCode::rate_limited:
            return "rate_limited";
        case ErrorCode::not_found:
            return "not_found";
        case ErrorCode::auth_required:
            return "auth_required";
        case ErrorCode::forbidden:
            return "forbidden";
        case ErrorCode::internal:
            return "internal";
    }
    return "unknown";
}

std::string_view to_string(ByeCode code) {
    switch (code) {
        case ByeCode::shutting_down:
            return "shutting_down";
        case ByeCode::too_many_links:
            return "too_many_links";
        case ByeCode::idle:
            return "idle";
        case ByeCode::replaced:
            return "replaced";
    }
    return "unknown";
}

}  // namespace cairn::wire
