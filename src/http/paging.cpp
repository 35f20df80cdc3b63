#include "src/http/paging.hpp"

#include "src/http/members.hpp"
#include "src/http/rest.hpp"
#include "src/http/single_question.hpp"

#include "cairn/base/assert.hpp"
#include "cairn/codec/json.hpp"

#include <algorithm>
#include <charconv>

namespace cairn::http {

namespace {

std::optional<std::uint64_t> to_number(std::string_view text) {
    std::uint64_t number = 0;
    const auto* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    return error == std::errc{} && stop == end ? std::optional{number} : std::nullopt;
}

std::string_view parameter(const Target& target, std::string_view name) {
    const auto place =
        std::find_if(target.query.begin(), target.query.end(), [name](const auto& pair) {
            return pair.first == name;
        });
    return place == target.query.end() ? std::string_view{} : std::string_view{place->second};
}

const rpc::Argument* argument_named(const rpc::Command& command, std::string_view name) {
    for (const auto& argument : command.arguments)
        if (argument.name == name)
            return &argument;
    return nullptr;
}

/// Whether a page of the chain has nothing: it begins behind the end. Only short texts are read.
bool is_empty_page(std::string_view answer) {
    constexpr std::size_t empty_page_bytes_max = 256;
    return answer.size() <= empty_page_bytes_max &&
           (member(answer, "chain") == "[]" || member(answer, "headers") == "[]");
}

/// The chain's blocks in the form in which lists of other services come.
HttpReply block_list(const std::string& answer, const PageLinks& links) {
    const auto next = member(answer, "next");
    std::string body = R"({"count":)";
    body += member(answer, "length");
    body += R"(,"next":)" + (next.empty() ? "null" : links.link_to(next));
    body += R"(,"previous":)" + links.previous(answer);
    body += R"(,"results":)";
    body += member(answer, "chain");
    body += '}';
    return HttpReply{.body = std::move(body)};
}

}  // namespace

PageLinks::PageLinks(std::string start, std::optional<std::uint64_t> from, std::string count)
    : start_{std::move(start)}, from_{from}, count_{std::move(count)} {}

std::string PageLinks::link_to(std::string_view place) const {
    std::string quoted;
    codec::append_quoted(
        quoted, start_ + "from=" + escape(place) + (count_.empty() ? "" : "&count=" + count_)
    );
    return quoted;
}

std::string PageLinks::previous(std::string_view answer) const {
    const auto count = to_number(count_);
    if (!from_ || *from_ == 0 || !count || *count == 0)
        return "null";
    auto end = *from_;
    if (is_empty_page(answer)) {
        const auto length = to_number(member(answer, "length"));
        if (!length)
            return "null";
        end = std::min(end, *length);
    }
    const auto step = std::min(end, *count);
    const PageLinks before{start_, std::nullopt, std::to_string(step)};
    return before.link_to(std::to_string(end - step));
}

std::string PageLinks::with_links(std::string answer) const {
    // Only a last member of the answer itself stands before its last brace: what records hold is
    // inside a list.
    constexpr std::string_view mark = R"(,"next":)";
    constexpr std::size_t place_bytes_max = 40;
    const auto before = previous(answer);
    std::string next = "null";
    const auto begin = answer.size() > place_bytes_max ? answer.size() - place_bytes_max : 0;
    const auto place = answer.find(mark, begin);
    if (place != std::string::npos && answer.find_first_of("]}", place) + 1 == answer.size()) {
        auto value = std::string_view{answer}.substr(place + mark.size());
        value.remove_suffix(1);
        next = link_to(plain_text(value).empty() ? value : plain_text(value));
        answer.resize(place);
    } else if (!answer.empty()) {
        answer.pop_back();
    }
    answer += std::string{mark} + next + R"(,"previous":)" + before + '}';
    return answer;
}

std::optional<PageLinks> make_links(
    const rpc::Command& command, const Target& target, const std::string& base
) {
    const auto* from = argument_named(command, "from");
    const auto* count = argument_named(command, "count");
    if (from == nullptr || count == nullptr)
        return std::nullopt;
    std::string start = base + target.path + '?';
    for (const auto& [name, value] : target.query)
        if (name != "from" && name != "count")
            start += escape(name) + '=' + escape(value) + '&';
    const auto given = parameter(target, "count");
    const auto first = parameter(target, "from");
    return PageLinks{
        std::move(start),
        from->type == "number" ? to_number(first.empty() ? "0" : first) : std::nullopt,
        std::string{given.empty() ? std::string_view{count->preset} : given}};
}

std::unique_ptr<Exchange> make_block_list(const std::string& base, const Target& target) {
    const auto& command = *rpc::find_command("get_chain");
    codec::JsonWriter writer;
    writer.begin_object();
    writer.write_name("type");
    writer.write_text(command.name);
    for (const std::string_view name : {"from", "count"}) {
        const auto value = parameter(target, name);
        if (value.empty())
            continue;
        writer.write_name(name);
        writer.write_raw(word_as_json(argument_named(command, name), value));
    }
    writer.end_object();
    auto links = make_links(command, target, base);
    CAIRN_ASSERT(links);
    return ask_once(writer.take(), [links = std::move(*links)](const std::string& answer) {
        return block_list(answer, links);
    });
}

}  // namespace cairn::http
