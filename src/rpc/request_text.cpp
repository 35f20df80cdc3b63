#include "cairn/rpc/request_text.hpp"

#include "cairn/codec/json_text.hpp"
#include "cairn/codec/text.hpp"
#include "cairn/rpc/limits.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>
#include <vector>

namespace cairn::rpc {

namespace {

bool is_space(char character) {
    return character == ' ' || character == '\t' || character == '\r' || character == '\n';
}

bool is_control(char character) {
    return (character >= 0 && character < ' ' && !is_space(character)) || character == '\x7f';
}

std::string to_lower(std::string_view text) {
    std::string lower{text};
    for (auto& character : lower)
        if (character >= 'A' && character <= 'Z')
            character = static_cast<char>(character - 'A' + 'a');
    return lower;
}

Error bad_line(std::string message, std::string actual) {
    return {
        .code = ErrorCode::bad_field,
        .message = std::move(message),
        .field = "line",
        .expected = "command name=value ...",
        .actual = std::move(actual),
        .hint = "Quote values with spaces: name=\"two words\".",
    };
}

/// One word of a line; a quoted part keeps its spaces.
struct Word {
    std::string text;
    /// Where the first `=` outside quotes stands.
    std::optional<std::size_t> equals;
    /// Quoted values are text, whatever they look like.
    bool is_quoted = false;
};

/// Cuts a line into words.
class LineCutter {
  public:
    explicit LineCutter(std::string_view line) : rest_{line} {}

    /// The next word; nothing at the end or after an error.
    [[nodiscard]] std::optional<Word> next() {
        while (!rest_.empty() && is_space(rest_.front()))
            rest_.remove_prefix(1);
        if (rest_.empty())
            return std::nullopt;
        Word word;
        while (!rest_.empty() && !is_space(rest_.front())) {
            const char character = take();
            if (character == '"') {
                word.is_quoted = true;
                take_quoted(word.text);
            } else {
                if (character == '=' && !word.equals)
                    word.equals = word.text.size();
                word.text.push_back(character);
            }
        }
        return word;
    }

    /// True when a quotation never ended.
    [[nodiscard]] bool is_open() const { return is_open_; }

  private:
    char take() {
        const char character = rest_.front();
        rest_.remove_prefix(1);
        return character;
    }

    void take_quoted(std::string& text) {
        while (!rest_.empty()) {
            char character = take();
            if (character == '"')
                return;
            if (character == '\\' && !rest_.empty())
                character = take();
            text.push_back(character);
        }
        is_open_ = true;
    }

    std::string_view rest_;
    bool is_open_ = false;
};

/// An integer that every JSON reader holds, a truth value, or text: a long row of digits is rather
/// a hash.
codec::Json value_of(std::string_view text, bool is_quoted) {
    if (is_quoted)
        return codec::Json{text};
    if (text == "true" || text == "false")
        return codec::Json{text == "true"};
    std::uint64_t number = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool is_plain = text.size() == 1 || !text.starts_with('0');
    if (problem == std::errc{} && end == text.data() + text.size() && is_plain &&
        number <= quantity_max)
        return codec::Json{number};
    return codec::Json{text};
}

Result<codec::Json, Error> parse_line(std::string_view line) {
    if (!codec::is_utf8(line) || std::any_of(line.begin(), line.end(), is_control))
        return tl::unexpected{
            bad_line("A command line is UTF-8 without control characters.", "other bytes")};
    std::string name;
    codec::Json::Object arguments;
    LineCutter cutter{line};
    for (auto word = cutter.next(); word; word = cutter.next()) {
        if (!word->equals) {
            if (!arguments.empty())
                return tl::unexpected{bad_line(
                    "After the first argument, each word is name=value.", printable(word->text)
                )};
            name += (name.empty() ? "" : "_") + to_lower(word->text);
            continue;
        }
        auto key = to_lower(std::string_view{word->text}.substr(0, *word->equals));
        const auto value = std::string_view{word->text}.substr(*word->equals + 1);
        const bool is_repeated =
            std::any_of(arguments.begin(), arguments.end(), [&](const auto& known) {
                return known.first == key;
            });
        if (is_repeated || key == "type")
            return tl::unexpected{bad_line("An argument is named twice.", printable(key))};
        if (arguments.size() == line_arguments_max)
            return tl::unexpected{bad_line(
                "A command line has too many arguments.",
                "more than " + std::to_string(line_arguments_max)
            )};
        arguments.emplace_back(std::move(key), value_of(value, word->is_quoted));
    }
    if (cutter.is_open())
        return tl::unexpected{bad_line("A quotation has no end.", "an open quotation")};
    if (name.empty())
        return tl::unexpected{bad_line("There is no command.", "no name")};
    codec::Json::Object request;
    request.emplace_back("type", codec::Json{std::move(name)});
    for (auto& argument : arguments)
        request.push_back(std::move(argument));
    return codec::Json{std::move(request)};
}

Error bad_json(std::string_view text, const codec::JsonError& error) {
    const bool is_ascii = std::all_of(text.begin(), text.end(), [](char character) {
        return static_cast<unsigned char>(character) < 0x80;
    });
    const bool is_text_fault = error.code == codec::DecodeError::bad_text;
    return {
        .code = is_text_fault ? ErrorCode::bad_field : ErrorCode::not_json,
        .message = is_text_fault ? "The text is not valid Unicode." : "This is not a JSON object.",
        .field = is_text_fault ? error.where : std::string{},
        .rule = "codec." + std::string{codec::to_string(error.code)},
        .expected = error.expected,
        .actual = is_text_fault ? error.actual : error.where,
        // spec 02 §1: the most common mistake of clients, and cut text is how it shows.
        .hint = is_ascii ? "A request is one JSON object, or a line such as: get_chain from=0."
                         : "A frame's length counts bytes of UTF-8, not characters.",
    };
}

/// `error` of the request's frame, before its command is known.
tl::unexpected<Error> bad_request(Error error) {
    error.hint = "help lists the commands and their arguments.";
    return tl::unexpected{std::move(error)};
}

Result<codec::Json, Error> parse_object(std::string_view text) {
    auto document = codec::parse_json(text);
    if (!document)
        return tl::unexpected{bad_json(text, document.error())};
    const auto* type = document->find("type");
    if (type == nullptr)
        return bad_request(bad_field(codec::JsonError{
            codec::DecodeError::missing_field, "type", "a command", ""}));
    const auto* name = type->if_text();
    if (name == nullptr)
        return bad_request(bad_field("type", "a command's name", type->kind()));
    auto lower = to_lower(*name);
    document->set("type", codec::Json{std::move(lower)});
    return std::move(*document);
}

}  // namespace

Result<codec::Json, Error> parse_request(std::string_view text) {
    if (text.starts_with('{'))
        return parse_object(text);
    return parse_line(text);
}

Result<std::string, Error> read_id(const codec::Json& request) {
    const auto* id = request.find("id");
    if (id == nullptr)
        return std::string{};
    auto text = codec::to_text(*id);
    if (text.size() > id_bytes_max)
        return bad_request(bad_field(
            "id",
            "at most " + std::to_string(id_bytes_max) + " bytes of JSON",
            std::to_string(text.size()) + " bytes"
        ));
    return text;
}

}  // namespace cairn::rpc
