#include "src/app/client_commands.hpp"
#include "src/app/file.hpp"
#include "src/app/index_pages.hpp"
#include "src/app/signing.hpp"

#include "cairn/codec/json_text.hpp"
#include "cairn/codec/text.hpp"
#include "cairn/ledger/body.hpp"

#include <ostream>

namespace cairn::app {

namespace {

using codec::Json;

/// Errors: `io`; `data` for a file that is longer than a body.
Result<Bytes, Failure> read_body(const std::string& name) {
    auto body = read_file(name, ledger::body_bytes_max);
    if (body && body->size() > ledger::body_bytes_max)
        return tl::unexpected{Failure{
            .code = ExitCode::data,
            .message = name + " is too long for a record",
            .rule = "codec." + std::string{to_string(codec::DecodeError::too_long)},
            .expected = "at most " + std::to_string(ledger::body_bytes_max) + " bytes",
            .actual = "more",
            .hint = "record its digest instead"}};
    return body;
}

/// The canonical text of the document that `text` is. Errors: a `Failure` naming `source`.
Result<Bytes, Failure> read_document(const std::string& source, std::string_view text) {
    const auto document = codec::parse_json(text, {.depth = ledger::document_depth_max});
    if (!document)
        return tl::unexpected{describe_json(document.error(), source)};
    auto body = to_bytes(codec::canonical_text(*document));
    if (body.size() > ledger::body_bytes_max)
        return tl::unexpected{describe_json(
            {codec::DecodeError::too_long,
             "its end",
             "at most " + std::to_string(ledger::body_bytes_max) + " bytes of canonical JSON",
             std::to_string(body.size()) + " bytes"},
            source
        )};
    return body;
}

/// The record that the options describe. Errors: `usage`, `io`, `refused`.
Result<ledger::Record, Failure> make_record(const RecordPutOptions& options) {
    if (options.stream.empty() || options.stream.size() > ledger::stream_bytes_max ||
        !codec::is_utf8(options.stream))
        return tl::unexpected{bad_value(
            "--stream takes 1 to 64 bytes of UTF-8 text", "1 to 64 bytes of UTF-8", options.stream
        )};
    if (options.key.size() > ledger::key_bytes_max || !codec::is_utf8(options.key))
        return tl::unexpected{bad_value(
            "--key takes up to 256 bytes of UTF-8 text", "up to 256 bytes of UTF-8", options.key
        )};
    if (options.file.empty() == options.text.empty())
        return tl::unexpected{bad_value(
            "give the body either as --file F or as --json TEXT",
            "one of --file and --json",
            options.file.empty() ? "neither" : "both"
        )};
    ledger::Record record{.stream = options.stream, .key = options.key, .format = {}, .body = {}};
    auto body =
        options.file.empty() ? read_document("--json", options.text) : read_body(options.file);
    if (body && options.file.ends_with(".json"))
        body = read_document(options.file, as_text(*body));
    else if (!options.file.empty())
        record.format = ledger::RecordFormat::bytes;
    if (!body)
        return tl::unexpected{body.error()};
    record.body = std::move(*body);
    return record;
}

/// What is shown of a record: `entry` holds its transaction and where that stands.
Json describe_record(const Json& entry) {
    auto record = Json::object();
    for (const auto* name : {"height", "time", "confirmations"})
        if (const auto* field = entry.find(name))
            record.set(name, *field);
    const auto* transaction = entry.find("transaction");
    if (transaction == nullptr)
        return record;
    for (const auto* name : {"transaction", "from", "stream", "key", "body", "body_hex"})
        if (const auto* field = transaction->find(name))
            record.set(name, *field);
    return record;
}

Result<Json, Failure> make_list_request(const RecordListOptions& options) {
    auto request = Json::object({{"type", Json{"records"}}, {"stream", Json{options.stream}}});
    if (!options.key.empty())
        request.set("key", Json{options.key});
    if (options.from_height.empty())
        return request;
    const auto from = parse_place(options.from_height, "--from-height");
    if (!from)
        return tl::unexpected{from.error()};
    return request.set("from", *from);
}

/// The body of `record` as it was recorded.
std::string body_of(const Json& record) {
    if (const auto* document = record.find("body"))
        return codec::canonical_text(*document);
    const auto bytes = from_hex(text_field(record, "body_hex").value_or(""));
    return bytes ? std::string{as_text(*bytes)} : std::string{};
}

}  // namespace

int run_record_put(const RecordPutOptions& options, std::ostream& out, std::ostream& errors) {
    auto record = make_record(options);
    if (!record)
        return report(record.error(), options.signing.json, out, errors);
    auto signer = open_signer(options.signing);
    if (!signer)
        return report(signer.error(), options.signing.json, out, errors);
    return submit(options.signing, *signer, std::move(*record), out, errors);
}

int run_record_list(const RecordListOptions& options, std::ostream& out, std::ostream& errors) {
    auto request = make_list_request(options);
    if (!request)
        return report(request.error(), options.json, out, errors);
    auto session = open_session(options.node, options.timeout_seconds);
    if (!session)
        return report(session.error(), options.json, out, errors);
    const auto list = read_entries(*session, std::move(*request), "records", options.limit);
    if (!list)
        return report(list.error(), options.json, out, errors);
    auto records = Json::array();
    for (const auto& entry : list->entries)
        records.push_back(describe_record(entry));
    if (options.json) {
        const auto next = list->next.empty() ? Json{} : Json{list->next};
        out << codec::to_text(Json::object({{"records", records}, {"next", next}})) << '\n';
        return status_of(ExitCode::ok);
    }
    for (const auto& record : *records.if_array())
        out << codec::to_text(record) << '\n';
    if (!list->next.empty())
        out << "more from here: --from-height " << list->next << '\n';
    return status_of(ExitCode::ok);
}

int run_record_get(const RecordGetOptions& options, std::ostream& out, std::ostream& errors) {
    if (const auto checked = check_transaction_id(options.transaction); !checked)
        return report(checked.error(), options.json, out, errors);
    auto session = open_session(options.node, options.timeout_seconds);
    if (!session)
        return report(session.error(), options.json, out, errors);
    const auto reply = session->ask(Json::object(
        {{"type", Json{"get_transaction"}}, {"transaction", Json{options.transaction}}}
    ));
    if (!reply)
        return report(reply.error(), options.json, out, errors);
    const auto* transaction = reply->find("transaction");
    if (transaction == nullptr || text_field(*transaction, "kind") != "record")
        return report(not_a_record(options.transaction), options.json, out, errors);
    const auto record = describe_record(*reply);
    if (options.is_body_only)
        out << body_of(record);
    else
        out << codec::to_text(record) << '\n';
    return status_of(ExitCode::ok);
}

}  // namespace cairn::app
