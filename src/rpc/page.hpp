/// Pages of lists: from a place onwards, or the last elements in front of a place (spec 02 §4 11).
#pragma once

#include "cairn/codec/json.hpp"
#include "cairn/rpc/error.hpp"
#include "cairn/rpc/limits.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::rpc {

/// The way in which a page's elements are read. Whichever it is, they are told in the list's order.
enum class PageDirection : std::uint8_t {
    onwards,    ///< from `from`, or the list's beginning
    backwards,  ///< from `before`
};

/// The elements of one page.
class Page {
  public:
    Page(PageDirection direction, std::uint64_t count) : direction_{direction}, count_{count} {}

    /// Whether `count` elements are here, or more than `list_bytes_max` bytes of them.
    [[nodiscard]] bool is_full() const {
        return elements_.size() >= count_ || bytes_ > list_bytes_max;
    }

    /// Whether `element` may follow: a frame must hold the page, if it can hold its first element.
    [[nodiscard]] bool has_room_for(std::string_view element) const {
        return elements_.empty() || bytes_ + element.size() <= list_bytes_end;
    }

    [[nodiscard]] std::size_t size() const { return elements_.size(); }

    [[nodiscard]] PageDirection direction() const { return direction_; }

    /// Adds the JSON of the next element in the direction of reading.
    void add(std::string element);
    /// Writes all of them as the array `name`.
    void write(codec::JsonWriter& reply, std::string_view name) const;

  private:
    PageDirection direction_;
    std::uint64_t count_;
    std::size_t bytes_ = 0;
    std::vector<std::string> elements_;
};

/// Where the neighbours of a page begin or end; nothing where there is none.
template <class Place>
struct PageLinks {
    /// The `from` of the next page.
    std::optional<Place> next;
    /// The `before` of the page before.
    std::optional<Place> previous;
};

void write_links(codec::JsonWriter& reply, const PageLinks<std::uint64_t>& links);
void write_links(codec::JsonWriter& reply, const PageLinks<std::string>& links);

/// Of a request with `from` and `before`.
[[nodiscard]] Error two_ends();

}  // namespace cairn::rpc
