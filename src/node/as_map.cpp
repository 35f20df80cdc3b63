#include "cairn/node/as_map.hpp"

#include "src/node/address_text.hpp"

#include "cairn/base/assert.hpp"

#include <array>
#include <bit>
#include <span>
#include <utility>
#include <vector>

namespace cairn::node {
namespace {

constexpr unsigned address_bits = 128;

/// Mapped addresses stand below ::ffff:0:0/96 (RFC 4291 §2.5.5.2).
std::optional<V6> lookup_address(std::string_view host) {
    if (const auto v4 = parse_v4(host)) {
        const auto [a, b, c, d] = *v4;
        const auto pair = [](std::uint8_t high, std::uint8_t low) {
            return static_cast<std::uint16_t>(high << 8U | low);
        };
        return V6{0, 0, 0, 0, 0, 0xffff, pair(a, b), pair(c, d)};
    }
    return parse_v6(host);
}

bool bit_of(const V6& address, unsigned place) {
    const unsigned shift = v6_group_bits - 1 - place % v6_group_bits;
    return (address[place / v6_group_bits] >> shift & 1U) != 0;
}

/// A place in the program, and what can be read there. Readers give nothing at the end.
class Cursor {
  public:
    explicit Cursor(ByteView bytes) : bytes_{bytes} {}

    [[nodiscard]] std::size_t at() const { return at_; }

    [[nodiscard]] std::size_t left() const { return bytes_.size() * 8 - at_; }

    void skip(std::size_t bits) { at_ += bits; }

    std::optional<unsigned> read_bit() {
        if (left() == 0)
            return std::nullopt;
        const unsigned bit = bytes_[at_ / 8] >> at_ % 8 & 1U;
        ++at_;
        return bit;
    }

    /// A number of at least `least`. Each 1 in front adds the size of a class of numbers, the 0
    /// after them picks the class, whose width in bits is the next of `widths`; its place in the
    /// class follows, the highest bit first. The last class needs no 0.
    std::optional<std::uint32_t> read_number(
        std::uint32_t least, std::span<const std::uint8_t> widths
    ) {
        std::uint32_t value = least;
        for (const auto width : widths.first(widths.size() - 1)) {
            const auto is_larger = read_bit();
            if (!is_larger)
                return std::nullopt;
            if (*is_larger == 0)
                return read_place(value, width);
            value += std::uint32_t{1} << width;
        }
        return read_place(value, widths.back());
    }

  private:
    std::optional<std::uint32_t> read_place(std::uint32_t first, std::uint8_t width) {
        std::uint32_t place = 0;
        for (unsigned i = 0; i < width; ++i) {
            const auto bit = read_bit();
            if (!bit)
                return std::nullopt;
            place = place << 1U | *bit;
        }
        return first + place;
    }

    ByteView bytes_;
    std::size_t at_ = 0;
};

enum class Kind : std::uint8_t { answer, branch, match, otherwise };

struct Instruction {
    Kind kind = Kind::answer;
    /// A system, a distance in bits, or the bits to match below a leading 1.
    std::uint32_t value = 0;

    [[nodiscard]] unsigned match_length() const {
        return static_cast<unsigned>(std::bit_width(value)) - 1;
    }
};

std::optional<Instruction> read_instruction(Cursor& cursor) {
    constexpr std::array<std::uint8_t, 3> kinds{0, 0, 1};
    constexpr std::array<std::uint8_t, 10> systems{15, 16, 17, 18, 19, 20, 21, 22, 23, 24};
    constexpr std::array<std::uint8_t, 8> matches{1, 2, 3, 4, 5, 6, 7, 8};
    constexpr std::array<std::uint8_t, 26> distances{5,  6,  7,  8,  9,  10, 11, 12, 13,
                                                     14, 15, 16, 17, 18, 19, 20, 21, 22,
                                                     23, 24, 25, 26, 27, 28, 29, 30};
    const auto number = cursor.read_number(0, kinds);
    if (!number)
        return std::nullopt;
    const auto kind = static_cast<Kind>(*number);
    std::optional<std::uint32_t> value;
    switch (kind) {
        case Kind::answer:
        case Kind::otherwise:
            value = cursor.read_number(1, systems);
            break;
        case Kind::branch:
            value = cursor.read_number(17, distances);
            break;
        case Kind::match:
            value = cursor.read_number(2, matches);
            break;
    }
    if (!value)
        return std::nullopt;
    return Instruction{kind, *value};
}

/// What is left of the program must be less than a byte of zeros.
bool is_padding(Cursor cursor) {
    if (cursor.left() >= 8)
        return false;
    while (const auto bit = cursor.read_bit()) {
        if (*bit != 0)
            return false;
    }
    return true;
}

/// Walks over all of the program once: every instruction is reached, no way through it leads
/// beyond its end or asks for more bits than an address has.
bool is_sound(ByteView bytes) {
    struct Branch {
        std::size_t target = 0;
        unsigned bits_left = 0;
    };

    Cursor cursor{bytes};
    // Those not yet come to, the nearest last.
    std::vector<Branch> branches;
    unsigned bits_left = address_bits;
    while (true) {
        if (!branches.empty() && cursor.at() >= branches.back().target)
            return false;
        const auto instruction = read_instruction(cursor);
        if (!instruction)
            return false;
        switch (instruction->kind) {
            case Kind::answer:
                if (branches.empty())
                    return is_padding(cursor);
                if (cursor.at() != branches.back().target)
                    return false;
                bits_left = branches.back().bits_left;
                branches.pop_back();
                break;
            case Kind::branch: {
                const auto target = cursor.at() + instruction->value;
                const bool is_beyond = instruction->value >= cursor.left() ||
                                       (!branches.empty() && target >= branches.back().target);
                if (bits_left == 0 || is_beyond)
                    return false;
                branches.push_back({target, --bits_left});
                break;
            }
            case Kind::match:
                if (bits_left < instruction->match_length())
                    return false;
                bits_left -= instruction->match_length();
                break;
            case Kind::otherwise:
                break;
        }
    }
}

}  // namespace

AsMap::AsMap(Bytes bytes) : bytes_{std::move(bytes)} {}

std::optional<AsMap> AsMap::parse(Bytes bytes) {
    if (bytes.size() > bytes_max || !is_sound(bytes))
        return std::nullopt;
    return AsMap{std::move(bytes)};
}

std::uint32_t AsMap::system_of(std::string_view host) const {
    const auto address = lookup_address(host);
    if (!address)
        return 0;
    Cursor cursor{bytes_};
    std::uint32_t otherwise = 0;
    unsigned place = 0;
    while (true) {
        const auto instruction = read_instruction(cursor);
        CAIRN_ASSERT(instruction.has_value());
        switch (instruction->kind) {
            case Kind::answer:
                return instruction->value;
            case Kind::branch:
                if (bit_of(*address, place++))
                    cursor.skip(instruction->value);
                break;
            case Kind::match:
                for (auto bit = std::bit_floor(instruction->value) >> 1U; bit != 0; bit >>= 1U) {
                    if (bit_of(*address, place++) != ((instruction->value & bit) != 0))
                        return otherwise;
                }
                break;
            case Kind::otherwise:
                otherwise = instruction->value;
                break;
        }
    }
}

}  // namespace cairn::node
