#include "src/rpc/listed_page.hpp"

#include "src/rpc/page.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace cairn::rpc {

namespace {

/// The index of the first element at `place` or behind it.
std::size_t find_place(const List& list, std::uint64_t place) {
    const auto& places = list.places;
    const auto found = std::lower_bound(places.begin(), places.end(), place);
    return static_cast<std::size_t>(found - places.begin());
}

}  // namespace

List counted_list(std::size_t size, std::function<std::string(std::size_t)> json_of) {
    List list{.places = std::vector<std::uint64_t>(size), .json_of = std::move(json_of)};
    std::iota(list.places.begin(), list.places.end(), std::uint64_t{0});
    return list;
}

Outcome write_listed(
    const Call& call, const NumberedPageRequest& request, std::string_view name, const List& list
) {
    if (request.from && request.before)
        return two_ends();
    const bool is_back = request.before.has_value();
    Page page{is_back ? PageDirection::backwards : PageDirection::onwards, request.count.value};
    const auto size = list.places.size();
    std::size_t first = 0;
    if (is_back)
        first = find_place(list, request.before->value);
    else if (request.from)
        first = find_place(list, request.from->value);
    auto end = first;
    while (is_back && first > 0 && !page.is_full())
        page.add(list.json_of(--first));
    while (!is_back && end < size && !page.is_full())
        page.add(list.json_of(end++));
    page.write(call.reply, name);
    PageLinks<std::uint64_t> links;
    // A page of nothing, asked for as such, leads nowhere: who follows it would get it again.
    if (request.count.value > 0) {
        if (end < size)
            links.next = list.places[end];
        if (first > 0)
            links.previous = first < size ? list.places[first] : request.from->value;
    }
    write_links(call.reply, links);
    return Done{};
}

}  // namespace cairn::rpc
