#include "cairn/http/event_ring.hpp"

#include "cairn/http/limits.hpp"

namespace cairn::http {

std::uint64_t EventRing::push(const rpc::Event& event) {
    const auto id = next_++;
    // The data is one line of ASCII, so that it needs no cutting.
    texts_.push_back(
        "id: " + std::to_string(id) + "\nevent: " + std::string{event.type} +
        "\ndata: " + event.data + "\n\n"
    );
    bytes_ += texts_.back().size();
    while (texts_.size() > events_kept_max || (bytes_ > events_bytes_max && texts_.size() > 1)) {
        bytes_ -= texts_.front().size();
        texts_.pop_front();
    }
    return id;
}

EventRing::Portion EventRing::after(std::uint64_t id) const {
    Portion portion{.text = {}, .last_id = id};
    const auto first = next_ - texts_.size();
    auto place = id + 1;
    if (id > last_id() || place < first) {
        place = id > last_id() ? next_ : first;
        portion.last_id = place - 1;
        portion.text = "id: " + std::to_string(place - 1) +
                       "\nevent: reset\ndata: {\"first\":" + std::to_string(place) + "}\n\n";
    }
    while (place < next_ && portion.text.size() < events_write_bytes_max) {
        portion.text += texts_[static_cast<std::size_t>(place - first)];
        portion.last_id = place++;
    }
    return portion;
}

}  // namespace cairn::http
