#include "cairn/codec/json_text.hpp"
#include "cairn/codec/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <utility>
#include <vector>

namespace cairn::codec {

namespace {

constexpr std::string_view hex_digits = "0123456789abcdef";

void append_escaped_unit(std::string& out, std::uint32_t unit) {
    out += "\\u";
    for (const unsigned shift : {12U, 8U, 4U, 0U})
        out += hex_digits[(unit >> shift) & 0xfU];
}

/// Appends the escape of a character that no JSON string may hold raw; false if it may.
bool append_required_escape(std::string& out, char character) {
    switch (character) {
        case '"':
            out += "\\\"";
            return true;
        case '\\':
            out += "\\\\";
            return true;
        case '\b':
            out += "\\b";
            return true;
        case '\f':
            out += "\\f";
            return true;
        case '\n':
            out += "\\n";
            return true;
        case '\r':
            out += "\\r";
            return true;
        case '\t':
            out += "\\t";
            return true;
        default:
            break;
    }
    const auto byte = static_cast<std::uint8_t>(character);
    if (byte >= 0x20)
        return false;
    append_escaped_unit(out, byte);
    return true;
}

struct Character {
    std::uint32_t code_point;
    std::size_t size;
};

constexpr Character replacement{0xfffd, 1};

/// The character that starts at `text[0]`, or U+FFFD for a byte that starts none.
Character first_character(std::string_view text) {
    const auto lead = static_cast<std::uint8_t>(text[0]);
    const std::size_t size = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    if (size == 1)
        return {lead, 1};
    if (!is_utf8(text.substr(0, size)))
        return replacement;
    std::uint32_t code_point = lead & (0x7fU >> size);
    for (std::size_t i = 1; i < size; ++i)
        code_point = (code_point << 6U) | (static_cast<std::uint8_t>(text[i]) & 0x3fU);
    return {code_point, size};
}

/// The shortest digits that read back as a positive number, which is 0.DIGITS * 10^point.
struct Decimal {
    std::string digits;
    int point;
};

Decimal shortest_decimal(double number) {
    std::array<char, 32> buffer{};
    const auto end =
        std::to_chars(
            buffer.data(), buffer.data() + buffer.size(), number, std::chars_format::scientific
        )
            .ptr;
    const std::string_view text{buffer.data(), static_cast<std::size_t>(end - buffer.data())};
    const auto mark = text.find('e');
    Decimal result;
    for (const char character : text.substr(0, mark)) {
        if (character != '.')
            result.digits += character;
    }
    const auto exponent = text.substr(mark + 1);
    std::from_chars(
        exponent.data() + (exponent[0] == '+' ? 1 : 0),
        exponent.data() + exponent.size(),
        result.point
    );
    ++result.point;
    return result;
}

/// Lays a positive number's digits out as ECMA-262 Number::toString does, which RFC 8785 §3.2.2.3
/// refers to.
void append_positive(std::string& out, const Decimal& decimal) {
    const auto& digits = decimal.digits;
    const int point = decimal.point;
    const auto count = static_cast<int>(digits.size());
    const auto append_zeros = [&out](int size) { out.append(static_cast<std::size_t>(size), '0'); };
    if (count <= point && point <= 21) {
        out += digits;
        append_zeros(point - count);
    } else if (0 < point && point <= 21) {
        out += digits;
        out.insert(out.end() - (count - point), '.');
    } else if (-6 < point && point <= 0) {
        out += "0.";
        append_zeros(-point);
        out += digits;
    } else {
        out += digits;
        if (count > 1)
            out.insert(out.end() - (count - 1), '.');
        const auto exponent = point - 1;
        out += exponent < 0 ? "e-" : "e+";
        out += std::to_string(std::abs(exponent));
    }
}

std::string ecmascript_number(double number) {
    if (number == 0)
        return "0";
    std::string out;
    if (number < 0)
        out += '-';
    append_positive(out, shortest_decimal(std::fabs(number)));
    return out;
}

/// A number that reads back as a double, never as an integer.
std::string double_text(double number) {
    if (number == 0)
        return std::signbit(number) ? "-0.0" : "0.0";
    auto text = ecmascript_number(number);
    if (text.find_first_of(".e") == std::string::npos)
        text += ".0";
    return text;
}

/// Compares UTF-8 as UTF-16 code units would compare (RFC 8785 §3.2.3). Both orders agree but for
/// characters above U+FFFF, whose surrogates sort below U+E000 to U+FFFF: the lead bytes F0 to F4
/// therefore rank below EE and EF.
bool utf16_less(std::string_view left, std::string_view right) {
    const auto rank = [](char character) -> unsigned {
        const unsigned byte = static_cast<std::uint8_t>(character);
        if (byte >= 0xf0)
            return byte - 2;
        return byte >= 0xee ? byte + 5 : byte;
    };
    return std::lexicographical_compare(
        left.begin(),
        left.end(),
        right.begin(),
        right.end(),
        [&](char a, char b) { return rank(a) < rank(b); }
    );
}

/// The two ways to write a document differ in strings, doubles and the order of keys.
class Printer {
  public:
    enum class Form { ascii, canonical };

    Printer(std::string& out, Form form) : out_{out}, form_{form} {}

    void print(const Json& value) {
        if (const auto* flag = value.if_bool())
            out_ += *flag ? "true" : "false";
        else if (const auto* number = value.if_unsigned())
            print_integer(*number);
        else if (const auto* negative = value.if_negative())
            print_integer(*negative);
        else if (const auto* fraction = value.if_double())
            out_ +=
                form_ == Form::canonical ? ecmascript_number(*fraction) : double_text(*fraction);
        else if (const auto* text = value.if_text())
            print_text(*text);
        else if (const auto* elements = value.if_array())
            print_array(*elements);
        else if (const auto* members = value.if_object())
            print_object(*members);
        else
            out_ += "null";
    }

  private:
    template <class Integer>
    void print_integer(Integer number) {
        // In RFC 8785 every number is a double; below 2^53 the digits are the same.
        const auto as_double = static_cast<double>(number);
        if (form_ == Form::canonical && std::fabs(as_double) > static_cast<double>(quantity_max))
            out_ += ecmascript_number(as_double);
        else
            out_ += std::to_string(number);
    }

    void print_text(std::string_view text) {
        if (form_ == Form::ascii)
            return append_quoted(out_, text);
        out_ += '"';
        for (const char character : text) {
            if (!append_required_escape(out_, character))
                out_ += character;
        }
        out_ += '"';
    }

    void print_array(const Json::Array& elements) {
        out_ += '[';
        bool first = true;
        for (const auto& element : elements) {
            if (!std::exchange(first, false))
                out_ += ',';
            print(element);
        }
        out_ += ']';
    }

    void print_object(const Json::Object& members) {
        std::vector<const Json::Member*> order;
        order.reserve(members.size());
        for (const auto& member : members)
            order.push_back(&member);
        if (form_ == Form::canonical) {
            std::sort(order.begin(), order.end(), [](const auto* left, const auto* right) {
                return utf16_less(left->first, right->first);
            });
        }
        out_ += '{';
        bool first = true;
        for (const auto* member : order) {
            if (!std::exchange(first, false))
                out_ += ',';
            print_text(member->first);
            out_ += ':';
            print(member->second);
        }
        out_ += '}';
    }

    std::string& out_;
    Form form_;
};

}  // namespace

void append_quoted(std::string& out, std::string_view text) {
    out += '"';
    while (!text.empty()) {
        const auto [code_point, size] = first_character(text);
        if (code_point >= 0x10000) {
            append_escaped_unit(out, 0xd800U + ((code_point - 0x10000U) >> 10U));
            append_escaped_unit(out, 0xdc00U + ((code_point - 0x10000U) & 0x3ffU));
        } else if (code_point >= 0x7f) {
            append_escaped_unit(out, code_point);
        } else if (!append_required_escape(out, text[0])) {
            out += text[0];
        }
        text.remove_prefix(size);
    }
    out += '"';
}

std::string to_text(const Json& value) {
    std::string out;
    Printer{out, Printer::Form::ascii}.print(value);
    return out;
}

std::string canonical_text(const Json& value) {
    std::string out;
    Printer{out, Printer::Form::canonical}.print(value);
    return out;
}

bool is_canonical_json(ByteView bytes) {
    const auto text = as_text(bytes);
    const auto value = parse_json(text);
    return value && canonical_text(*value) == text;
}

}  // namespace cairn::codec
