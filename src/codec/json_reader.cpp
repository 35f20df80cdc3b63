#include "cairn/codec/json_reader.hpp"

#include "cairn/base/assert.hpp"

#include <algorithm>

namespace cairn::codec {

namespace {

/// What `current()` is after an error.
const Json null_json;

/// The longest piece of a stranger's key that an error repeats, in characters of the input.
constexpr std::size_t key_echo_max = 32;

/// A stranger's key, harmless in a log or a page: escaped as in JSON, and cut.
std::string printable_key(std::string_view key) {
    std::string quoted;
    append_quoted(quoted, key.substr(0, key_echo_max));
    return quoted.substr(1, quoted.size() - 2);
}

/// The value of a lowercase hexadecimal digit, or 16.
unsigned digit_value(char digit) {
    if (digit >= '0' && digit <= '9')
        return static_cast<unsigned>(digit - '0');
    if (digit >= 'a' && digit <= 'f')
        return static_cast<unsigned>(digit - 'a') + 10;
    return 16;
}

/// Reads twice as many digits as `target` has bytes; false on any other character.
bool read_hex(std::string_view digits, std::span<std::uint8_t> target) {
    for (std::size_t i = 0; i < target.size(); ++i) {
        const auto high = digit_value(digits[2 * i]);
        const auto low = digit_value(digits[2 * i + 1]);
        if (high > 15 || low > 15)
            return false;
        target[i] = static_cast<std::uint8_t>(high * 16 + low);
    }
    return true;
}

std::string characters(std::size_t count) {
    return std::to_string(count) + " bytes of text";
}

}  // namespace

void JsonReader::fail(DecodeError code, std::string_view expected, std::string_view actual) {
    if (error_)
        return;
    error_ = JsonError{code, path(), std::string{expected}, std::string{actual}};
    current_ = &null_json;
}

void JsonReader::begin_object() {
    if (failed())
        return;
    const auto* members = current_->if_object();
    if (members == nullptr)
        return fail_type("object");
    objects_.push_back({members, std::vector<bool>(members->size())});
}

void JsonReader::end_object() {
    if (failed())
        return;
    const auto object = std::move(objects_.back());
    objects_.pop_back();
    const bool is_tolerant = unknown_ == UnknownFields::ignored ||
                             (unknown_ == UnknownFields::ignored_at_top && objects_.empty());
    const auto unasked = std::find(object.asked.begin(), object.asked.end(), false);
    if (is_tolerant || unasked == object.asked.end())
        return;
    const auto index = static_cast<std::size_t>(unasked - object.asked.begin());
    const auto name = printable_key((*object.members)[index].first);
    enter({name.c_str(), 0, current_}, *current_);
    fail(DecodeError::unknown_field, "no such field", "a field");
}

bool JsonReader::open_field(const char* name) {
    if (failed())
        return false;
    CAIRN_ASSERT(!objects_.empty());
    auto& object = objects_.back();
    const std::string_view wanted{name};
    const auto size = object.members->size();
    for (std::size_t i = 0; i < size; ++i) {
        const auto index = (object.next + i) % size;
        const auto& [key, value] = (*object.members)[index];
        if (key != wanted)
            continue;
        object.asked[index] = true;
        object.next = index + 1;
        enter({name, 0, current_}, value);
        return true;
    }
    return false;
}

void JsonReader::close_field() {
    leave();
}

void JsonReader::fail_missing(const char* name) {
    if (failed())
        return;
    enter({name, 0, current_}, *current_);
    fail(DecodeError::missing_field, "a field", "nothing");
}

std::size_t JsonReader::take_array(std::size_t max) {
    if (failed())
        return 0;
    const auto* elements = current_->if_array();
    if (elements == nullptr) {
        fail_type("array");
        return 0;
    }
    if (elements->size() > max) {
        fail(
            DecodeError::too_many,
            "at most " + std::to_string(max) + " elements",
            std::to_string(elements->size()) + " elements"
        );
        return 0;
    }
    return elements->size();
}

void JsonReader::open_element(std::size_t index) {
    if (failed())
        return;
    const auto* elements = current_->if_array();
    CAIRN_ASSERT(elements != nullptr && index < elements->size());
    enter({nullptr, index, current_}, (*elements)[index]);
}

void JsonReader::close_element() {
    leave();
}

bool JsonReader::take_bool() {
    if (failed())
        return false;
    const auto* flag = current_->if_bool();
    if (flag == nullptr)
        fail_type("boolean");
    return flag != nullptr && *flag;
}

std::uint64_t JsonReader::take_number(std::uint64_t max) {
    if (failed())
        return 0;
    const auto bound = std::min(max, quantity_max);
    const auto* number = current_->if_unsigned();
    const auto expected = [&] { return "integer from 0 to " + std::to_string(bound); };
    if (number == nullptr) {
        fail_type(expected());
        return 0;
    }
    if (*number > bound) {
        fail(DecodeError::number_too_large, expected(), actual());
        return 0;
    }
    return *number;
}

std::string_view JsonReader::take_text(std::size_t max) {
    if (failed())
        return {};
    const auto* text = current_->if_text();
    if (text == nullptr) {
        fail_type("text");
        return {};
    }
    if (text->size() > max) {
        fail(DecodeError::too_long, "at most " + characters(max), characters(text->size()));
        return {};
    }
    return *text;
}

Bytes JsonReader::take_hex(std::size_t max) {
    const auto digits = take_text(2 * max);
    Bytes bytes(digits.size() / 2);
    if (digits.size() % 2 != 0 || !read_hex(digits, bytes)) {
        fail(DecodeError::bad_hex, "lowercase hexadecimal, two digits a byte", "other text");
        return {};
    }
    return bytes;
}

void JsonReader::take_hex_into(std::span<std::uint8_t> target) {
    const auto* text = current_->if_text();
    if (failed())
        return;
    const auto size = 2 * target.size();
    const auto expected = std::to_string(size) + " lowercase hexadecimal digits";
    if (text == nullptr)
        return fail_type(expected);
    if (text->size() != size)
        return fail(DecodeError::bad_hex, expected, characters(text->size()));
    if (!read_hex(*text, target))
        fail(DecodeError::bad_hex, expected, "other characters");
}

void JsonReader::enter(Step step, const Json& value) {
    path_.push_back(step);
    current_ = &value;
}

void JsonReader::leave() {
    if (failed())
        return;
    current_ = path_.back().outer;
    path_.pop_back();
}

std::string JsonReader::actual() const {
    const bool is_integer =
        current_->if_unsigned() != nullptr || current_->if_negative() != nullptr;
    return is_integer ? to_text(*current_) : std::string{current_->kind()};
}

std::string JsonReader::path() const {
    std::string text;
    for (const auto& step : path_) {
        if (step.name == nullptr) {
            text += '[' + std::to_string(step.index) + ']';
        } else {
            text += text.empty() ? "" : ".";
            text += step.name;
        }
    }
    return text;
}

}  // namespace cairn::codec
