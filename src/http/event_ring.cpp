#include "cairn/http/event_ring.hpp"

#include "cairn/http/limits.hpp"

#include <array>
#include <charconv>

namespace cairn::http {

EventRing::EventRing(std::uint32_t process) {
    constexpr std::size_t digits_of_process = 8;
    std::array<char, digits_of_process> digits{};
    const auto written = std::to_chars(digits.data(), digits.data() + digits.size(), process, 16);
    const auto size = static_cast<std::size_t>(written.ptr - digits.data());
    prefix_.assign(digits_of_process - size, '0');
    prefix_.append(digits.data(), size);
    prefix_ += '-';
}

std::string EventRing::id_of(std::uint64_t number) const {
    return prefix_ + std::to_string(number);
}

std::uint64_t EventRing::number_of(std::string_view id) const {
    constexpr auto unknown = ~std::uint64_t{0};
    if (!id.starts_with(prefix_))
        return unknown;
    id.remove_prefix(prefix_.size());
    std::uint64_t number = 0;
    const auto* end = id.data() + id.size();
    const auto [stop, error] = std::from_chars(id.data(), end, number);
    return error == std::errc{} && stop == end ? number : unknown;
}

std::uint64_t EventRing::push(const rpc::Event& event) {
    const auto number = next_++;
    // The data is one line of ASCII, so that it needs no cutting.
    texts_.push_back(
        "id: " + id_of(number) + "\nevent: " + std::string{event.type} + "\ndata: " + event.data +
        "\n\n"
    );
    bytes_ += texts_.back().size();
    while (texts_.size() > events_kept_max || (bytes_ > events_bytes_max && texts_.size() > 1)) {
        bytes_ -= texts_.front().size();
        texts_.pop_front();
    }
    return number;
}

EventRing::Portion EventRing::after(std::uint64_t number) const {
    Portion portion{.text = {}, .last = number};
    const auto first = next_ - texts_.size();
    auto place = number + 1;
    if (number > last() || place < first) {
        place = number > last() ? next_ : first;
        portion.last = place - 1;
        portion.text = "id: " + id_of(place - 1) +
                       "\nevent: reset\ndata: {\"first\":" + std::to_string(place) + "}\n\n";
    }
    while (place < next_ && portion.text.size() < events_write_bytes_max) {
        portion.text += texts_[static_cast<std::size_t>(place - first)];
        portion.last = place++;
    }
    return portion;
}

}  // namespace cairn::http
