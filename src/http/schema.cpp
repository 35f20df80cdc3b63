#include "src/http/schema.hpp"

#include "cairn/codec/json_text.hpp"

#include <vector>

namespace cairn::http {

namespace {

using codec::Json;

/// Reads the notation; once something does not fit, everything is null and `failed`.
class ShapeReader {
  public:
    explicit ShapeReader(std::string_view text) : text_{text} {}

    Json read_all() {
        auto schema = read();
        failed_ = failed_ || !text_.empty();
        return schema;
    }

    [[nodiscard]] bool failed() const { return failed_; }

  private:
    Json read() {
        Json::Array alternatives{read_one()};
        while (take("|"))
            alternatives.push_back(read_one());
        if (alternatives.size() == 1)
            return std::move(alternatives.front());
        return Json::object({{"anyOf", Json{std::move(alternatives)}}});
    }

    Json read_one() {
        if (take("{"))
            return read_object();
        if (take("["))
            return read_array();
        if (take("'")) {
            const auto word = take_word();
            failed_ = failed_ || !take("'");
            return Json::object({{"const", Json{word}}});
        }
        return named(take_word());
    }

    Json read_array() {
        auto items = read();
        failed_ = failed_ || !take("]");
        return Json::object({{"type", Json{"array"}}, {"items", std::move(items)}});
    }

    Json read_object() {
        auto properties = Json::object();
        auto required = Json::array();
        bool is_open = false;
        while (!failed_ && !take("}")) {
            if (take("...")) {
                is_open = true;
                continue;
            }
            const auto name = take_word();
            if (!take("?"))
                required.push_back(Json{name});
            failed_ = failed_ || !take(":");
            properties.set(name, read());
            static_cast<void>(take(","));
        }
        return Json::object(
            {{"type", Json{"object"}},
             {"properties", std::move(properties)},
             {"required", std::move(required)},
             {"additionalProperties", Json{is_open}}}
        );
    }

    Json named(std::string_view word) {
        const auto text = [](std::string_view pattern) {
            return Json::object({{"type", Json{"string"}}, {"pattern", Json{pattern}}});
        };
        if (word == "number")
            return Json::object({{"type", Json{"integer"}}, {"minimum", Json{0}}});
        if (word == "text")
            return Json::object({{"type", Json{"string"}}});
        if (word == "hash")
            return text("^[0-9a-f]{64}$");
        if (word == "hex")
            return text("^([0-9a-f]{2})*$");
        if (word == "boolean" || word == "null")
            return Json::object({{"type", Json{word}}});
        if (word == "json")
            return Json::object();
        failed_ = failed_ || word.empty() || word.front() < 'A' || word.front() > 'Z';
        return Json::object({{"$ref", Json{"#/components/schemas/" + std::string{word}}}});
    }

    bool take(std::string_view mark) {
        while (!text_.empty() && text_.front() == ' ')
            text_.remove_prefix(1);
        if (failed_ || !text_.starts_with(mark))
            return false;
        text_.remove_prefix(mark.size());
        return true;
    }

    std::string_view take_word() {
        static_cast<void>(take(""));
        std::size_t size = 0;
        const auto is_letter = [](char one) {
            return (one >= 'a' && one <= 'z') || (one >= 'A' && one <= 'Z') || one == '_';
        };
        while (size < text_.size() && is_letter(text_[size]))
            ++size;
        failed_ = failed_ || size == 0;
        const auto word = text_.substr(0, size);
        text_.remove_prefix(size);
        return word;
    }

    std::string_view text_;
    bool failed_ = false;
};

}  // namespace

std::optional<std::string> to_schema(std::string_view shape) {
    ShapeReader reader{shape};
    const auto schema = reader.read_all();
    return reader.failed() ? std::nullopt : std::optional{codec::to_text(schema)};
}

std::optional<std::string> reply_schema(std::string_view name, std::string_view shape) {
    if (!shape.starts_with('{'))
        return std::nullopt;
    return to_schema("{type: '" + std::string{name} + "', " + std::string{shape.substr(1)});
}

}  // namespace cairn::http
