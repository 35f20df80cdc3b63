#include "src/rpc/page.hpp"

#include <utility>

namespace cairn::rpc {

namespace {

void write_place(codec::JsonWriter& reply, std::uint64_t place) {
    reply.write_number(place);
}

void write_place(codec::JsonWriter& reply, std::string_view place) {
    reply.write_text(place);
}

template <class Place>
void write_both(codec::JsonWriter& reply, const PageLinks<Place>& links) {
    if (links.next) {
        reply.write_name("next");
        write_place(reply, *links.next);
    }
    if (links.previous) {
        reply.write_name("previous");
        write_place(reply, *links.previous);
    }
}

}  // namespace

void Page::add(std::string element) {
    bytes_ += element.size();
    elements_.push_back(std::move(element));
}

void Page::write(codec::JsonWriter& reply, std::string_view name) const {
    reply.write_name(name);
    reply.begin_array();
    for (std::size_t i = 0; i < elements_.size(); ++i) {
        const bool is_reversed = direction_ == PageDirection::backwards;
        reply.write_raw(elements_[is_reversed ? elements_.size() - 1 - i : i]);
    }
    reply.end_array();
}

void write_links(codec::JsonWriter& reply, const PageLinks<std::uint64_t>& links) {
    write_both(reply, links);
}

void write_links(codec::JsonWriter& reply, const PageLinks<std::string>& links) {
    write_both(reply, links);
}

Error two_ends() {
    return bad_field("before", "either from or before", "both");
}

}  // namespace cairn::rpc
