#include "src/ledger/compact_hex.hpp"

#include "cairn/base/assert.hpp"
#include "cairn/codec/json.hpp"
#include "cairn/ledger/chain_spec.hpp"

namespace cairn::ledger {

namespace {

/// The JSON form of `EngineKind`: its name.
struct KindField {
    EngineKind& value;

    void save(codec::JsonWriter& archive) const { archive.write_text(to_string(value)); }

    void load(codec::JsonReader& archive) {
        constexpr std::size_t name_bytes_max = 32;
        const auto name = archive.take_text(name_bytes_max);
        if (archive.failed())
            return;
        for (const auto kind : {EngineKind::proof_of_work, EngineKind::instant_seal}) {
            if (name == to_string(kind)) {
                value = kind;
                return;
            }
        }
        archive.fail(
            codec::DecodeError::unknown_tag, "proof_of_work or instant_seal", "another word"
        );
    }
};

struct CompactField {
    std::uint32_t& value;

    void save(codec::JsonWriter& archive) const { archive.write_hex(compact_bytes(value)); }

    void load(codec::JsonReader& archive) {
        std::array<std::uint8_t, 4> bytes{};
        archive.take_hex_into(bytes);
        value = compact_of(bytes);
    }
};

/// Lists the fields once for both directions.
template <class Archive>
void serialize_engine(Archive& archive, EngineSpec& engine) {
    archive.begin_object();
    archive(
        codec::field("kind", KindField{engine.kind}),
        codec::field("block_interval_ms", engine.block_interval_ms),
        codec::field("retarget", engine.retarget),
        codec::field("target_limit", CompactField{engine.target_limit})
    );
    archive.end_object();
}

}  // namespace

void EngineSpec::save(codec::JsonWriter& archive) const {
    serialize_engine(archive, codec::writable(*this));
}

void EngineSpec::load(codec::JsonReader& archive) {
    serialize_engine(archive, *this);
}

Result<ChainSpec, SpecError> parse_chain_spec(std::string_view text) {
    auto spec = codec::from_json_text<ChainSpec>(text);
    if (!spec) {
        auto& error = spec.error();
        if (error.expected.empty())
            error.expected = std::string{"JSON without "} + std::string{to_string(error.code)};
        return tl::unexpected{SpecError{error.where, error.expected, error.actual}};
    }
    if (const auto checked = check_chain_spec(*spec); !checked)
        return tl::unexpected{checked.error()};
    return *std::move(spec);
}

std::string canonical_text(const ChainSpec& spec) {
    const auto document = codec::parse_json(codec::to_json(spec));
    CAIRN_ASSERT(document.has_value());
    return codec::canonical_text(*document);
}

}  // namespace cairn::ledger
