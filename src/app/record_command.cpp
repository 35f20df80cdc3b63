#include "src/app/client_commands.hpp"
#include "src/app/signing.hpp"

#include "cairn/codec/json_text.hpp"
#include "cairn/codec/text.hpp"
#include "cairn/ledger/body.hpp"

#include <fstream>
#include <optional>
#include <ostream>

namespace cairn::app {

namespace {

using codec::Json;
using std::chrono::seconds;

/// Blocks of one page, which is what `get_chain` gives at most.
constexpr std::uint64_t page_blocks = 500;

tl::unexpected<Failure> failed(ExitCode code, std::string message) {
    return tl::unexpected{Failure{code, std::move(message)}};
}

/// Errors: `io`; `refused` for a file that is longer than a body.
Result<Bytes, Failure> read_body(const std::string& name) {
    std::ifstream file{name, std::ios::binary};
    Bytes body(ledger::body_bytes_max + 1);
    // Characters and bytes may alias; streams know characters alone.
    file.read(
        reinterpret_cast<char*>(body.data()
        ),  // NOLINT(cppcoreguidelines-pro-type-reinterpret-cast)
        static_cast<std::streamsize>(body.size())
    );
    if (file.bad() || !(file || file.eof()))
        return failed(ExitCode::io, "cannot read the file " + name);
    body.resize(static_cast<std::size_t>(file.gcount()));
    if (body.size() > ledger::body_bytes_max)
        return failed(
            ExitCode::data,
            name + " is longer than the 65536 bytes of a record - record its digest instead"
        );
    return body;
}

/// The canonical text of the document that `text` is. Errors: a `Failure` naming `source`.
Result<Bytes, Failure> read_document(const std::string& source, std::string_view text) {
    const auto document = codec::parse_json(text);
    if (!document)
        return failed(
            ExitCode::data,
            source + " is not JSON: " + std::string{to_string(document.error().code)} + " at " +
                document.error().where
        );
    auto body = to_bytes(codec::canonical_text(*document));
    if (body.size() > ledger::body_bytes_max || !ledger::is_document(body))
        return failed(
            ExitCode::data, source + " is longer than 65536 bytes or nested deeper than 24"
        );
    return body;
}

/// The record that the options describe. Errors: `usage`, `io`, `refused`.
Result<ledger::Record, Failure> make_record(const RecordPutOptions& options) {
    if (options.stream.empty() || options.stream.size() > ledger::stream_bytes_max ||
        !codec::is_utf8(options.stream))
        return failed(ExitCode::usage, "--stream takes 1 to 64 bytes of UTF-8 text");
    if (options.key.size() > ledger::key_bytes_max || !codec::is_utf8(options.key))
        return failed(ExitCode::usage, "--key takes up to 256 bytes of UTF-8 text");
    if (options.file.empty() == options.text.empty())
        return failed(ExitCode::usage, "give the body either as --file F or as --json TEXT");
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

/// Appends the records of `block` that are asked for, each with its height and time.
void collect(const RecordListOptions& options, const Json& block, Json& found) {
    const auto* transactions = block.find("data");
    if (transactions == nullptr || transactions->if_array() == nullptr)
        return;
    for (const auto& transaction : *transactions->if_array()) {
        if (text_field(transaction, "kind") != "record" ||
            text_field(transaction, "stream") != options.stream)
            continue;
        if (!options.key.empty() && text_field(transaction, "key") != options.key)
            continue;
        auto record = Json::object(
            {{"height", Json{number_field(block, "index").value_or(0)}},
             {"time", Json{number_field(block, "time").value_or(0)}}}
        );
        for (const auto* name : {"transaction", "from", "stream", "key", "body", "body_hex"})
            if (const auto* field = transaction.find(name))
                record.set(name, *field);
        found.push_back(std::move(record));
    }
}

struct RecordPage {
    Json records = Json::array();
    /// Where the next page starts; nothing at the end of the chain.
    std::optional<std::uint64_t> next;
};

Result<RecordPage, Failure> scan(const RecordListOptions& options, NodeSession& session) {
    RecordPage result;
    std::uint64_t height = options.from_height;
    std::uint64_t length = height + 1;
    while (height < length) {
        const auto page = session.ask(Json::object(
            {{"type", Json{"get_chain"}}, {"from", Json{height}}, {"count", Json{page_blocks}}}
        ));
        if (!page)
            return tl::unexpected{page.error()};
        length = number_field(*page, "length").value_or(0);
        const auto* chain = page->find("chain");
        if (chain == nullptr || chain->if_array() == nullptr || chain->if_array()->empty())
            break;
        for (const auto& block : *chain->if_array()) {
            collect(options, block, result.records);
            ++height;
            if (result.records.if_array()->size() >= options.limit && height < length) {
                result.next = height;
                return result;
            }
        }
    }
    return result;
}

}  // namespace

int run_record_put(const RecordPutOptions& options, std::ostream& out, std::ostream& errors) {
    auto record = make_record(options);
    if (!record)
        return report(record.error(), errors);
    auto signer = open_signer(options.signing);
    if (!signer)
        return report(signer.error(), errors);
    return submit(options.signing, *signer, std::move(*record), out, errors);
}

int run_record_list(const RecordListOptions& options, std::ostream& out, std::ostream& errors) {
    const auto endpoint = parse_endpoint(options.node);
    if (!endpoint)
        return report(endpoint.error(), errors);
    auto session = NodeSession::open(*endpoint, seconds{options.timeout_seconds});
    if (!session)
        return report(session.error(), errors);
    const auto page = scan(options, *session);
    if (!page)
        return report(page.error(), errors);
    if (options.json) {
        out << codec::to_text(Json::object(
                   {{"records", page->records}, {"next", page->next ? Json{*page->next} : Json{}}}
               ))
            << '\n';
        return status_of(ExitCode::ok);
    }
    for (const auto& record : *page->records.if_array())
        out << codec::to_text(record) << '\n';
    if (page->next)
        out << "more from here: --from-height " << *page->next << '\n';
    return status_of(ExitCode::ok);
}

}  // namespace cairn::app
