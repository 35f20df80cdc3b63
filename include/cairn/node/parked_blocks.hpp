/// Blocks whose time has not come: every other rule of their headers holds, so they are kept until
/// they are due rather than fetched again (spec 06 §1).
///
/// At most `parked_blocks_max`; when there are more, the one that is due last leaves. Each cost its
/// maker the same work as any block, so they cannot be had for nothing.
#pragma once

#include "cairn/base/bytes.hpp"
#include "cairn/base/time.hpp"
#include "cairn/ledger/header.hpp"
#include "cairn/node/events.hpp"

#include <cstddef>
#include <map>
#include <optional>
#include <vector>

namespace cairn::node {

struct ParkedBlock {
    ledger::SealedHeader head;
    BlockHash hash;
    /// The whole block, when it came and there was room.
    std::optional<Bytes> body;
    LinkId from;
};

class ParkedBlocks {
  public:
    /// Keeps `block`; a body is added to a header that is parked already.
    void park(ParkedBlock block);
    /// Takes out the blocks whose time is at most `latest`, earliest first.
    [[nodiscard]] std::vector<ParkedBlock> take_due(UnixMillis latest);

    /// The time of the block that is due first.
    [[nodiscard]] std::optional<UnixMillis> first_time() const;

    [[nodiscard]] std::size_t size() const { return blocks_.size(); }

    /// Of the bodies that are kept.
    [[nodiscard]] std::size_t bytes() const { return bytes_; }

  private:
    using Key = std::pair<UnixMillis, BlockHash>;

    std::map<Key, ParkedBlock> blocks_;
    std::size_t bytes_ = 0;
};

}  // namespace cairn::node
