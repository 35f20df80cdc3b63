/// UTF-8 checks shared by both archives.
#pragma once

#include <string_view>

namespace cairn::codec {

/// True when `text` is well-formed UTF-8 (RFC 3629: no overlong forms, no surrogates, nothing above
/// U+10FFFF). Control characters and NUL are characters like any other here.
[[nodiscard]] bool is_utf8(std::string_view text);

}  // namespace cairn::codec
