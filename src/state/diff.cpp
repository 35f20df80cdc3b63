#include "cairn/state/diff.hpp"

namespace cairn::state {

namespace {

/// The least bytes of one entry: a key's length and the flag that says whether it had a value.
constexpr std::size_t undo_entry_bytes_min = 2;

StateChange read_entry(codec::BinaryReader& reader) {
    StateChange change;
    bool had_value = false;
    reader(codec::bounded<state_key_bytes_max>(change.key), had_value);
    if (had_value)
        reader(codec::bounded<state_value_bytes_max>(change.after.emplace()));
    return change;
}

}  // namespace

Bytes encode_undo(const StateDiff& diff) {
    codec::BinaryWriter writer;
    writer.write_varint(diff.changes.size());
    for (const auto& change : diff.changes) {
        writer(codec::bounded<state_key_bytes_max>(codec::writable(change.key)));
        writer(change.before.has_value());
        if (change.before)
            writer(codec::bounded<state_value_bytes_max>(codec::writable(*change.before)));
    }
    return writer.take();
}

Result<StateDiff, codec::DecodeError> decode_undo(ByteView bytes) {
    codec::BinaryReader reader{bytes};
    StateDiff diff;
    const auto count =
        reader.take_count(state_changes_max, undo_entry_bytes_min, codec::DecodeError::too_many);
    for (std::size_t i = 0; i < count && !reader.failed(); ++i) {
        auto change = read_entry(reader);
        if (!diff.changes.empty() && change.key <= diff.changes.back().key)
            reader.fail(codec::DecodeError::not_canonical);
        diff.changes.push_back(std::move(change));
    }
    if (!reader.failed() && reader.bytes_left() > 0)
        reader.fail(codec::DecodeError::trailing_bytes);
    if (const auto error = reader.error())
        return tl::unexpected{*error};
    return diff;
}

}  // namespace cairn::state
