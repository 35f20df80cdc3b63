#include "cairn/codec/binary_reader.hpp"

namespace cairn::codec {

std::uint64_t BinaryReader::take_varint() {
    std::uint64_t number = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
        const auto byte = take_fixed<std::uint8_t>();
        if (failed())
            return 0;
        const std::uint64_t part = byte & 0x7fU;
        if (shift == 63 && part > 1) {
            fail(DecodeError::varint_too_long);
            return 0;
        }
        number |= part << shift;
        if ((byte & 0x80U) == 0) {
            if (byte == 0 && shift > 0)
                fail(DecodeError::varint_not_minimal);
            return failed() ? 0 : number;
        }
    }
    fail(DecodeError::varint_too_long);
    return 0;
}

std::size_t BinaryReader::take_count(
    std::size_t max, std::size_t minimum_size, DecodeError over_max
) {
    const auto count = take_varint();
    if (count > max) {
        fail(over_max);
        return 0;
    }
    if (count > bytes_left() / minimum_size) {
        fail(DecodeError::truncated);
        return 0;
    }
    return static_cast<std::size_t>(count);
}

}  // namespace cairn::codec
