/// Bodies of records and coinbases: documents, which are canonical JSON, or plain bytes.
///
/// In JSON a body that is a document stands as the value itself, `"body":{...}`; any other bytes
/// stand as `"body_hex":"..."`. Each body has one of the two forms and never both, so JSON to
/// binary to JSON is a fixed point even for bodies that a later check refuses.
#pragma once

#include "cairn/base/bytes.hpp"
#include "cairn/codec/binary.hpp"
#include "cairn/codec/json.hpp"
#include "cairn/ledger/limits.hpp"

#include <cstdint>
#include <string>

namespace cairn::ledger {

/// True when `body` is one JSON value in the form of RFC 8785, nested at most
/// `document_depth_max` deep.
[[nodiscard]] bool is_document(ByteView body);

/// What is in the way of `body` being a document, which it must not be, for people: its size, and
/// the first byte that differs from the canonical form or at which it is no JSON.
[[nodiscard]] std::string describe_no_document(ByteView body);

/// How a body appears in JSON.
enum class BodyForm : std::uint8_t {
    document,           ///< `body` for a document, else `body_hex`
    optional_document,  ///< the same, but no field at all for an empty body
    bytes,              ///< always `body_hex`
};

/// A body as a type's `serialize` names it. In binary a byte string like any other; in JSON a field
/// of its own in the object around it, so it is not wrapped in `codec::field`.
struct BodyField {
    Bytes& value;
    BodyForm form;

    void save(codec::BinaryWriter& archive) const;
    void load(codec::BinaryReader& archive);
    void save(codec::JsonWriter& archive) const;
    /// Errors: `missing_field`, `too_long`, `bad_hex`; `too_deep` for a document nested deeper than
    /// `document_depth_max`; `not_canonical` for a document given as `body_hex`; `unknown_field`
    /// when both fields are there.
    void load(codec::JsonReader& archive);
};

[[nodiscard]] inline BodyField body_field(Bytes& value, BodyForm form) {
    return {value, form};
}

}  // namespace cairn::ledger
