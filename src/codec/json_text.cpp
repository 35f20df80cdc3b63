#include "cairn/codec/json_text.hpp"

#include "cairn/codec/text.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <optional>
#include <utility>

namespace cairn::codec {

namespace {

/// Counts what the parser has read, so that an error can tell the place.
class CountingIterator {
  public:
    using iterator_category = std::input_iterator_tag;
    using value_type = char;
    using difference_type = std::ptrdiff_t;
    using pointer = const char*;
    using reference = const char&;

    CountingIterator(const char* position, std::size_t* count)
        : position_{position}, count_{count} {}

    reference operator*() const { return *position_; }

    CountingIterator& operator++() {
        ++position_;
        ++*count_;
        return *this;
    }

    friend bool operator==(const CountingIterator& left, const CountingIterator& right) {
        return left.position_ == right.position_;
    }

  private:
    const char* position_;
    std::size_t* count_;
};

/// Builds a `Json` from nlohmann's events. Each handler returns false to stop the parser;
/// containers that are still open stand in a vector, not on the call stack.
class Builder {
  public:
    Builder(JsonLimits limits, const std::size_t& bytes_read)
        : limits_{limits}, bytes_read_{bytes_read} {}

    [[nodiscard]] Result<Json, JsonError> take() {
        if (error_)
            return tl::unexpected{std::move(*error_)};
        return std::move(root_);
    }

    bool null() { return add(Json{}); }

    bool boolean(bool flag) { return add(Json{flag}); }

    bool number_integer(std::int64_t number) {
        // The lexer calls this for a leading minus only: a zero here is `-0`, which in ECMAScript
        // is not the integer 0.
        if (number == 0)
            return add(Json{-0.0});
        if (number < -static_cast<std::int64_t>(quantity_max))
            return refuse_number();
        return add(Json{number});
    }

    bool number_unsigned(std::uint64_t number) {
        return number > quantity_max ? refuse_number() : add(Json{number});
    }

    bool number_float(double number, const std::string& token) {
        // An integer beyond 64 bits arrives here too. RFC 8785 prints numbers below 1e21 without
        // exponent; see rule 2 of the header.
        const auto magnitude = std::fabs(number);
        const bool prints_as_integer =
            magnitude > static_cast<double>(quantity_max) && magnitude < 1e21;
        if (prints_as_integer || token.find_first_of(".eE") == std::string::npos)
            return refuse_number();
        return add(Json{number});
    }

    bool string(std::string& text) { return add(Json{std::move(text)}); }

    bool binary(nlohmann::json::binary_t&) { return fail(DecodeError::bad_json, "text", "binary"); }

    bool start_object(std::size_t) { return open(Json::object()); }

    bool key(std::string& text) {
        open_.back().key = std::move(text);
        return true;
    }

    bool end_object() {
        const auto& members = *open_.back().container.if_object();
        std::vector<std::string_view> keys;
        keys.reserve(members.size());
        for (const auto& member : members)
            keys.emplace_back(member.first);
        std::sort(keys.begin(), keys.end());
        if (std::adjacent_find(keys.begin(), keys.end()) != keys.end())
            return fail(DecodeError::duplicate_key, "each key once", "a key twice");
        return close();
    }

    bool start_array(std::size_t) { return open(Json::array()); }

    bool end_array() { return close(); }

    bool parse_error(std::size_t, const std::string&, const nlohmann::json::exception& problem) {
        // The library has one error id for all that is wrong in a string; its sentence tells.
        const std::string_view sentence{problem.what()};
        if (sentence.find("surrogate") != std::string_view::npos)
            return fail(DecodeError::bad_text, "surrogates in pairs", "a lone surrogate");
        if (problem.id == 406)
            return fail(DecodeError::bad_json, "a number in the range of doubles", "a larger one");
        return fail(DecodeError::bad_json, "JSON", "something else");
    }

    bool fail(DecodeError code, std::string_view expected, std::string_view actual) {
        error_ = JsonError{
            code,
            "byte " + std::to_string(bytes_read_),
            std::string{expected},
            std::string{actual}};
        return false;
    }

  private:
    struct Open {
        Json container;
        /// The key of the member that comes next, in an object.
        std::string key;
    };

    bool refuse_number() {
        return fail(
            DecodeError::number_too_large, "an integer within 2^53-1 of zero", "a larger one"
        );
    }

    bool count_value() {
        if (++values_ <= limits_.values)
            return true;
        const auto max = std::to_string(limits_.values);
        return fail(DecodeError::too_many_values, "at most " + max + " values", "more");
    }

    bool open(Json container) {
        if (open_.size() == limits_.depth) {
            const auto max = std::to_string(limits_.depth);
            return fail(DecodeError::too_deep, "at most " + max + " levels", "more");
        }
        open_.push_back({std::move(container), {}});
        return count_value();
    }

    bool close() {
        auto container = std::move(open_.back().container);
        open_.pop_back();
        place(std::move(container));
        return true;
    }

    bool add(Json value) {
        if (!count_value())
            return false;
        place(std::move(value));
        return true;
    }

    /// Puts a finished value into the innermost open container.
    void place(Json value) {
        if (open_.empty())
            root_ = std::move(value);
        else if (auto& parent = open_.back(); parent.container.if_array() != nullptr)
            parent.container.push_back(std::move(value));
        else
            parent.container.append_member(std::move(parent.key), std::move(value));
    }

    JsonLimits limits_;
    const std::size_t& bytes_read_;
    std::vector<Open> open_;
    std::size_t values_ = 0;
    Json root_;
    std::optional<JsonError> error_;
};

/// What the library would let pass or call by another name. Empty when there is nothing.
std::optional<JsonError> check_bytes(std::string_view text, std::size_t bytes_max) {
    if (text.size() > bytes_max) {
        return JsonError{
            DecodeError::too_long,
            "byte " + std::to_string(bytes_max),
            "at most " + std::to_string(bytes_max) + " bytes",
            std::to_string(text.size()) + " bytes"};
    }
    if (!is_utf8(text))
        return JsonError{DecodeError::bad_text, "byte 0", "UTF-8", "other bytes"};
    // nlohmann skips a byte-order mark, and takes NUL for the end of the text.
    if (text.substr(0, 3) == "\xef\xbb\xbf")
        return JsonError{DecodeError::bad_json, "byte 0", "JSON", "a byte-order mark"};
    if (const auto nul = text.find('\0'); nul != std::string_view::npos)
        return JsonError{DecodeError::bad_json, "byte " + std::to_string(nul), "JSON", "NUL"};
    return std::nullopt;
}

}  // namespace

Result<Json, JsonError> parse_json(std::string_view text, JsonLimits limits) {
    if (auto error = check_bytes(text, limits.bytes))
        return tl::unexpected{std::move(*error)};
    std::size_t bytes_read = 0;
    Builder builder{limits, bytes_read};
    const CountingIterator first{text.data(), &bytes_read};
    const CountingIterator last{text.data() + text.size(), &bytes_read};
    nlohmann::json::sax_parse(first, last, &builder);
    return builder.take();
}

}  // namespace cairn::codec
