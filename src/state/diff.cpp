#include "cairn/state/diff.hpp"

namespace cairn::state {

namespace {

/// The least bytes of one entry: a key's length and the flag that says whether it had a value.
constexpr std::size_t undo_entry_bytes_min = 2;

/// Bytes behind their length, at most `bytes_max`.
ByteView take_bytes(codec::BinaryReader& reader, std::size_t bytes_max) {
    return reader.take(reader.take_count(bytes_max, 1, codec::DecodeError::too_long));
}

void write_bytes(codec::BinaryWriter& writer, ByteView bytes) {
    writer.write_varint(bytes.size());
    writer.write(bytes);
}

StateChange read_entry(codec::BinaryReader& reader) {
    StateChange change;
    bool had_value = false;
    change.key = to_key(take_bytes(reader, state_key_bytes_max));
    reader(had_value);
    if (had_value)
        change.after = to_value(take_bytes(reader, state_value_bytes_max));
    return change;
}

}  // namespace

Bytes encode_undo(const StateDiff& diff) {
    codec::BinaryWriter writer;
    writer.write_varint(diff.changes.size());
    for (const auto& change : diff.changes) {
        write_bytes(writer, change.key);
        writer(change.before.has_value());
        if (change.before)
            write_bytes(writer, *change.before);
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
