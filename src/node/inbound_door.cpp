#include "cairn/node/inbound_door.hpp"

#include "src/node/address_text.hpp"

namespace cairn::node {
namespace {

std::size_t count_of(const std::map<std::string, std::size_t>& counts, const std::string& key) {
    const auto found = counts.find(key);
    return found == counts.end() ? 0 : found->second;
}

void count_down(std::map<std::string, std::size_t>& counts, const std::string& key) {
    const auto found = counts.find(key);
    if (found != counts.end() && --found->second == 0)
        counts.erase(found);
}

/// The first `groups` groups of an IPv6 address, and their length in bits.
std::string prefix_of(const V6& address, std::size_t groups) {
    std::string text;
    for (std::size_t i = 0; i < groups; ++i)
        text.append(std::to_string(address[i])).append(":");
    return text.append("/").append(std::to_string(groups * v6_group_bits));
}

}  // namespace

std::string_view to_string(DoorRefusal refusal) {
    switch (refusal) {
        case DoorRefusal::too_frequent:
            return "too_frequent";
        case DoorRefusal::address_full:
            return "address_full";
        case DoorRefusal::subnet_full:
            return "subnet_full";
    }
    return "unknown";
}

std::string source_of(std::string_view host, bool local_network) {
    constexpr std::size_t host_groups = 4;
    const auto v6 = parse_v6(host);
    return v6 && !local_network ? prefix_of(*v6, host_groups) : std::string{host};
}

std::string subnet_of(std::string_view host) {
    constexpr std::size_t site_groups = 3;
    if (parse_v4(host))
        return std::string{host.substr(0, host.rfind('.'))};
    const auto v6 = parse_v6(host);
    return v6 ? prefix_of(*v6, site_groups) : std::string{host};
}

InboundDoor::InboundDoor(const Allowances& allowances, bool local_network)
    : allowances_{allowances},
      local_network_{local_network},
      rate_{
          {.events_max = allowances.links_per_second,
           .window = seconds{1},
           .keys_max = throttled_addresses_max}} {}

InboundDoor::Origin InboundDoor::origin_of(const std::string& host) const {
    return {
        .source = source_of(host, local_network_),
        .subnet = local_network_ ? std::string{} : subnet_of(host)};
}

std::optional<DoorRefusal> InboundDoor::knock(const std::string& host, Instant now) {
    const auto origin = origin_of(host);
    if (count_of(of_source_, origin.source) >= allowances_.links_per_address)
        return DoorRefusal::address_full;
    if (!local_network_ && count_of(of_subnet_, origin.subnet) >= allowances_.links_per_subnet)
        return DoorRefusal::subnet_full;
    if (rate_.count(origin.source, now) != Duration{})
        return DoorRefusal::too_frequent;
    return std::nullopt;
}

void InboundDoor::on_entered(LinkId link, const std::string& host) {
    auto origin = origin_of(host);
    ++of_source_[origin.source];
    if (!local_network_)
        ++of_subnet_[origin.subnet];
    entered_.insert_or_assign(link, std::move(origin));
}

void InboundDoor::on_gone(LinkId link) {
    const auto found = entered_.find(link);
    if (found == entered_.end())
        return;
    count_down(of_source_, found->second.source);
    count_down(of_subnet_, found->second.subnet);
    entered_.erase(found);
}

}  // namespace cairn::node
