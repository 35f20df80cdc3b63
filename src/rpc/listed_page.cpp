#include "src/rpc/listed_page.hpp"

#include "src/rpc/page.hpp"

#include <algorithm>

namespace cairn::rpc {

namespace {

using Elements = std::vector<ListedElement>;

/// The first of `elements` at `place` or behind it.
Elements::const_iterator find_place(const Elements& elements, std::uint64_t place) {
    return std::lower_bound(
        elements.begin(),
        elements.end(),
        place,
        [](const ListedElement& element, std::uint64_t wanted) { return element.place < wanted; }
    );
}

}  // namespace

Outcome write_listed(
    const Call& call,
    const NumberedPageRequest& request,
    std::string_view name,
    const std::vector<ListedElement>& elements
) {
    if (request.from && request.before)
        return two_ends();
    const bool is_back = request.before.has_value();
    Page page{is_back ? PageDirection::backwards : PageDirection::onwards, request.count.value};
    auto first = elements.begin();
    if (is_back)
        first = find_place(elements, request.before->value);
    else if (request.from)
        first = find_place(elements, request.from->value);
    auto end = first;
    while (is_back && first != elements.begin() && !page.is_full())
        page.add((--first)->json);
    while (!is_back && end != elements.end() && !page.is_full())
        page.add((end++)->json);
    page.write(call.reply, name);
    PageLinks<std::uint64_t> links;
    // A page of nothing, asked for as such, leads nowhere: who follows it would get it again.
    if (request.count.value > 0) {
        if (end != elements.end())
            links.next = end->place;
        if (first != elements.begin())
            links.previous = first != elements.end() ? first->place : request.from->value;
    }
    write_links(call.reply, links);
    return Done{};
}

}  // namespace cairn::rpc
