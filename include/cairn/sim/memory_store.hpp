/// A `chain::BlockStore` in memory for tests: the same promises as the one on disk, and a copy of
/// it is what a disk would hold after a crash.
#pragma once

#include "cairn/chain/block_store.hpp"
#include "cairn/codec/binary.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace cairn::sim {

class MemoryStore : public chain::BlockStore {
  public:
    [[nodiscard]] Result<void, chain::StoreError> commit(const chain::StoreBatch& batch) override {
        if (fail_next_commit)
            return tl::unexpected{chain::StoreError::full};
        ++commits;
        for (const auto& body : batch.bodies) {
            bodies[body.hash] = *body.block;
            codec::BinaryReader reader{*body.block};
            ledger::SealedHeader head;
            reader(head);
            side[{head.header.height, body.hash}] = head;
        }
        for (const auto& undo : batch.undos)
            undos[undo.hash] = undo.undo;
        for (const auto& block : batch.disconnected) {
            side[{block.height, block.hash}] = active.at(block.height).first;
            active.erase(block.height);
            for (const auto& id : block.index->ids)
                places.erase(id);
            indexes.erase(block.height);
        }
        for (const auto& block : batch.connected) {
            active[block.height] = {block.head, block.hash};
            side.erase({block.height, block.hash});
            const auto& ids = block.index->ids;
            for (std::uint32_t i = 0; i < ids.size(); ++i)
                places[ids[i]] = {.height = block.height, .index = i};
            indexes[block.height] = *block.index;
        }
        if (batch.state) {
            state_block = batch.state->block;
            for (const auto& [key, value] : batch.state->entries) {
                if (value)
                    state[key] = *value;
                else
                    state.erase(key);
            }
        }
        invalid.insert(batch.invalid.begin(), batch.invalid.end());
        return {};
    }

    [[nodiscard]] Result<std::optional<Bytes>, chain::StoreError> read_body(const BlockHash& hash
    ) override {
        return find(bodies, hash);
    }

    [[nodiscard]] Result<std::optional<Bytes>, chain::StoreError> read_undo(const BlockHash& hash
    ) override {
        return find(undos, hash);
    }

    [[nodiscard]] Result<std::optional<chain::TransactionPlace>, chain::StoreError>
    find_transaction(const TxId& id) override {
        return find(places, id);
    }

    [[nodiscard]] Result<std::vector<chain::TransactionPlace>, chain::StoreError> find_places(
        const chain::Subject& subject, const chain::PlaceRange& range
    ) override {
        std::vector<chain::TransactionPlace> found;
        const auto look = [&](const auto& entry) {
            chain::append_places(entry.second, entry.first, subject, range, found);
        };
        if (range.order == chain::PlaceOrder::oldest_first)
            std::for_each(indexes.begin(), indexes.end(), look);
        else
            std::for_each(indexes.rbegin(), indexes.rend(), look);
        return found;
    }

    [[nodiscard]] Result<void, chain::StoreError> load_headers(
        const std::function<void(const ledger::SealedHeader&, const BlockHash&)>& visit
    ) override {
        for (const auto& [height, block] : active)
            visit(block.first, block.second);
        return {};
    }

    [[nodiscard]] Result<void, chain::StoreError> load_side_headers(
        const std::function<void(const ledger::SealedHeader&, const BlockHash&)>& visit
    ) override {
        for (const auto& [place, head] : side)
            visit(head, place.second);
        return {};
    }

    [[nodiscard]] Result<std::vector<BlockHash>, chain::StoreError> load_invalid() override {
        return std::vector<BlockHash>{invalid.begin(), invalid.end()};
    }

    [[nodiscard]] Result<std::optional<BlockHash>, chain::StoreError> load_state(
        const std::function<void(ByteView key, ByteView value)>& visit
    ) override {
        for (const auto& [key, value] : state)
            visit(key, value);
        return state_block;
    }

    std::map<BlockHash, Bytes> bodies;
    std::map<BlockHash, Bytes> undos;
    std::map<Height, std::pair<ledger::SealedHeader, BlockHash>> active;
    std::map<std::pair<Height, BlockHash>, ledger::SealedHeader> side;
    std::map<TxId, chain::TransactionPlace> places;
    std::map<Height, chain::BlockIndex> indexes;
    std::map<state::StateKey, state::StateValue> state;
    std::optional<BlockHash> state_block;
    std::set<BlockHash> invalid;
    std::size_t commits = 0;
    bool fail_next_commit = false;

  private:
    template <class Map, class Key>
    [[nodiscard]] static Result<std::optional<typename Map::mapped_type>, chain::StoreError> find(
        const Map& map, const Key& key
    ) {
        const auto place = map.find(key);
        return place == map.end() ? std::optional<typename Map::mapped_type>{}
                                  : std::optional{place->second};
    }
};

}  // namespace cairn::sim
