#include "cairn/ledger/body.hpp"

#include <algorithm>

namespace cairn::ledger {

namespace {

constexpr codec::JsonLimits document_limits{.bytes = body_bytes_max, .depth = document_depth_max};

/// The JSON field of `body`; empty where no field is written.
std::string_view field_name(ByteView body, BodyForm form) {
    switch (form) {
        case BodyForm::document:
            return is_document(body) ? "body" : "body_hex";
        case BodyForm::optional_document:
            return body.empty() ? "" : field_name(body, BodyForm::document);
        case BodyForm::bytes:
            return "body_hex";
    }
    return "";
}

/// Reads the document that is the archive's current value.
void load_document(codec::JsonReader& archive, Bytes& body) {
    if (archive.failed())
        return;
    auto canonical = to_bytes(codec::canonical_text(archive.current()));
    if (canonical.size() > body_bytes_max)
        return archive.fail(codec::DecodeError::too_long, "a shorter document");
    // The canonical text is parsed once more, because only that tells whether it keeps the limits.
    if (const auto parsed = codec::parse_json(as_text(canonical), document_limits); !parsed)
        return archive.fail(parsed.error().code, "a document within the limits");
    body = std::move(canonical);
}

/// Reads the hexadecimal digits that are the archive's current value.
void load_hex(codec::JsonReader& archive, BodyForm form, Bytes& body) {
    body = archive.take_hex(body_bytes_max);
    if (!archive.failed() && field_name(body, form) != "body_hex")
        archive.fail(codec::DecodeError::not_canonical, "the field body, or none", "its bytes");
}

}  // namespace

bool is_document(ByteView body) {
    const auto parsed = codec::parse_json(as_text(body), document_limits);
    return parsed && codec::canonical_text(*parsed) == as_text(body);
}

std::string describe_no_document(ByteView body) {
    auto text = std::to_string(body.size()) + " bytes";
    const auto parsed = codec::parse_json(as_text(body), document_limits);
    if (!parsed) {
        const auto& error = parsed.error();
        text += error.where.empty() ? ": " : ", at " + error.where + ": ";
        return text + error.actual + " instead of " + error.expected;
    }
    const auto canonical = codec::canonical_text(*parsed);
    const auto place = std::mismatch(
        body.begin(),
        body.end(),
        canonical.begin(),
        canonical.end(),
        [](std::uint8_t byte, char wanted) { return byte == static_cast<std::uint8_t>(wanted); }
    );
    return text + " of JSON that differ from its canonical form at byte " +
           std::to_string(place.first - body.begin());
}

void BodyField::save(codec::BinaryWriter& archive) const {
    archive(codec::bounded<body_bytes_max>(value));
}

void BodyField::load(codec::BinaryReader& archive) {
    archive(codec::bounded<body_bytes_max>(value));
}

void BodyField::save(codec::JsonWriter& archive) const {
    const auto name = field_name(value, form);
    if (name.empty())
        return;
    archive.write_name(name);
    if (name == "body_hex")
        return archive.write_hex(value);
    // Escaped to ASCII, as all JSON that leaves the program.
    if (const auto document = codec::parse_json(as_text(value), document_limits))
        archive.write_raw(codec::to_text(*document));
}

void BodyField::load(codec::JsonReader& archive) {
    value.clear();
    if (form != BodyForm::bytes && archive.open_field("body")) {
        load_document(archive, value);
        archive.close_field();
    } else if (archive.open_field("body_hex")) {
        load_hex(archive, form, value);
        archive.close_field();
    } else if (form != BodyForm::optional_document) {
        archive.fail_missing(form == BodyForm::bytes ? "body_hex" : "body");
    }
}

}  // namespace cairn::ledger
