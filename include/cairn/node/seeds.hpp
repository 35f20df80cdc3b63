/// Names that lead to nodes, for a node that nobody else leads to any.
///
/// Rules (spec 10 R10.28, R10.29), each with its reason:
/// 1. A name is asked only when for `seed_patience` fewer than `seed_peers_min` full links of the
///    node's own have stood: who answers for a name could choose all our peers, and learns of us.
/// 2. One name at a time, in random order, and then others are given time: where the first helps,
///    the rest need not know. A name is not asked again before `seed_rest` has passed.
/// 3. Of an answer `seed_addresses_max` addresses count, and they count as told by one source.
#pragma once

#include "cairn/node/address_list.hpp"
#include "cairn/node/context.hpp"

#include <optional>
#include <utility>
#include <vector>

namespace cairn::node {

class Seeds {
  public:
    /// The first `seeds_max` of `names` count: a name, and the port of the nodes that it leads to.
    explicit Seeds(const std::vector<Endpoint>& names);

    /// @name Events
    /// @{
    /// The first input has come, or a peer has come or gone.
    void on_peers_changed(const Context& context);
    void on_resolved(const Context& context, const NameResolved& input);
    void on_time(Context& context);

    [[nodiscard]] std::optional<Instant> next_wakeup() const { return next_; }

    /// @}

    [[nodiscard]] std::vector<AddressList> take_lists() { return std::exchange(lists_, {}); }

  private:
    struct Seed {
        Endpoint name;
        Instant rests_until;
    };

    std::vector<Seed> seeds_;
    /// When a name is asked next; nothing while there are peers enough.
    std::optional<Instant> next_;
    std::vector<AddressList> lists_;
};

}  // namespace cairn::node
