#include "src/app/file.hpp"
#include "src/app/node_options.hpp"
#include "src/app/receipt_command.hpp"

#include "cairn/codec/timestamp.hpp"
#include "cairn/execution/execute.hpp"
#include "cairn/ledger/account.hpp"
#include "cairn/receipt/receipt.hpp"
#include "cairn/rpc/rules.hpp"

#include <algorithm>
#include <charconv>
#include <ostream>

namespace cairn::app {

namespace {

using codec::Json;

/// The chain that the receipt must be of.
Result<ChainId, Failure> expected_chain(
    const std::string& option, const receipt::Receipt& receipt
) {
    if (const auto id = fixed_from_hex<ChainId>(option))
        return *id;
    if (!option.empty())
        return execution::chain_id_of(read_chain(option));
    for (const auto name : ledger::built_in_chain_names())
        if (execution::chain_id_of(*ledger::built_in_chain(name)) == receipt.chain)
            return receipt.chain;
    return tl::unexpected{Failure{
        .code = ExitCode::data,
        .message = "the receipt is of no built-in chain",
        .rule = "receipt." + std::string{to_string(receipt::ReceiptError::wrong_chain)},
        .expected = "a receipt of a built-in chain",
        .actual = "chain " + to_hex(receipt.chain),
        .hint = "say which one you expect: --chain FILE or --chain ID"}};
}

Result<std::optional<receipt::Checkpoint>, Failure> read_checkpoint(const std::string& option) {
    if (option.empty())
        return std::optional<receipt::Checkpoint>{};
    const auto colon = std::min(option.find(':'), option.size());
    std::uint64_t height = 0;
    const auto [stop, error] = std::from_chars(option.data(), option.data() + colon, height);
    const auto hash =
        fixed_from_hex<BlockHash>(std::string_view{option}.substr(std::min(colon + 1, option.size())
        ));
    if (error != std::errc{} || stop != option.data() + colon || height > quantity_max || !hash)
        return tl::unexpected{bad_value(
            "--checkpoint takes HEIGHT:HASH of a block that you trust", "HEIGHT:HASH", option
        )};
    return std::optional{receipt::Checkpoint{.height = Height{height}, .hash = *hash}};
}

/// The rule and its meaning; what was expected and what came is the caller's.
Failure describe(receipt::ReceiptError error) {
    const auto name = "receipt." + std::string{receipt::to_string(error)};
    const std::string meaning{rpc::find_rules(name).front().meaning};
    const bool is_early = error == receipt::ReceiptError::unconfirmed;
    Failure failure{
        .code = is_early ? ExitCode::timeout : ExitCode::data,
        .message = (is_early ? "not confirmed yet: " : "the receipt proves nothing: ") + meaning,
        .rule = name};
    failure.expected = "the canonical JSON of a receipt";
    failure.actual = "other text";
    failure.hint = "ask for it again: cairn receipt get ID";
    return failure;
}

std::string confirmations_text(const receipt::Receipt& receipt, receipt::Expectation expected) {
    expected.confirmations = 0;
    const auto proven = receipt::verify(receipt, expected);
    return std::to_string(proven ? proven->confirmations : 0);
}

std::string checkpoint_text(const std::optional<receipt::Checkpoint>& checkpoint) {
    return checkpoint ? std::to_string(checkpoint->height.value) + ":" + to_hex(checkpoint->hash)
                      : "none";
}

Failure describe(
    receipt::ReceiptError error,
    const receipt::Receipt& receipt,
    const receipt::Expectation& expected
) {
    using receipt::ReceiptError;
    auto failure = describe(error);
    const auto tell = [&failure](std::string wanted, std::string came) {
        failure.expected = std::move(wanted);
        failure.actual = std::move(came);
    };
    switch (error) {
        case ReceiptError::malformed:
            break;
        case ReceiptError::wrong_chain:
            tell("chain " + to_hex(expected.chain), "chain " + to_hex(receipt.chain));
            failure.hint = "--chain says which chain you expect";
            break;
        case ReceiptError::wrong_genesis:
            tell(
                "a genesis block with the hash " + to_hex(receipt.chain), "another header or spec"
            );
            break;
        case ReceiptError::wrong_header:
            tell("headers that keep the rules, each on the one before", "one that does not");
            break;
        case ReceiptError::unknown_start:
            tell("headers from height 1, or a checkpoint", "later headers and no checkpoint");
            failure.hint = "give --checkpoint HEIGHT:HASH of a block that you trust";
            break;
        case ReceiptError::wrong_checkpoint:
            tell(
                "the block " + checkpoint_text(expected.checkpoint),
                "another there, or none so high"
            );
            failure.hint = "ask for a receipt that begins there: cairn receipt get --checkpoint";
            break;
        case ReceiptError::wrong_transaction:
            tell("a record with the id " + to_hex(receipt.transaction), "other bytes");
            break;
        case ReceiptError::bad_signature:
            tell("the sender's BIP340 signature", "one that does not verify");
            break;
        case ReceiptError::wrong_path:
            tell(
                "a path to the root in the header at height " +
                    std::to_string(receipt.height.value),
                "one that leads elsewhere"
            );
            break;
        case ReceiptError::wrong_digest:
            tell("the digest of the record's body", to_hex(receipt.digest));
            break;
        case ReceiptError::wrong_document:
            tell("the document with the digest " + to_hex(receipt.digest), "another document");
            failure.hint = "one changed letter makes another document";
            break;
        case ReceiptError::unconfirmed:
            tell(
                "at least " + std::to_string(expected.confirmations) + " confirmations",
                confirmations_text(receipt, expected)
            );
            failure.hint = "ask for it again when more blocks rest on the record";
            break;
    }
    return failure;
}

void write_proven(
    const receipt::Proven& proven, const ReceiptVerifyOptions& options, std::ostream& out
) {
    if (options.json) {
        out << codec::to_text(Json::object(
                   {{"valid", Json{true}},
                    {"transaction", Json{to_hex(proven.transaction)}},
                    {"from", Json{to_hex(proven.from)}},
                    {"stream", Json{proven.record.stream}},
                    {"key", Json{proven.record.key}},
                    {"height", Json{proven.height}},
                    {"block", Json{to_hex(proven.block)}},
                    {"time", Json{proven.time}},
                    {"confirmations", Json{proven.confirmations}},
                    {"tip", Json{to_hex(proven.tip)}},
                    {"work", Json{consensus::to_decimal(proven.work)}}}
               ))
            << '\n';
        return;
    }
    // Names are a stranger's words: as JSON they hold no control characters.
    out << "valid\n"
        << "record         " << to_hex(proven.transaction) << '\n'
        << "from           " << to_hex(proven.from) << '\n'
        << "stream         " << codec::to_text(Json{proven.record.stream}) << '\n'
        << "key            " << codec::to_text(Json{proven.record.key}) << '\n'
        << "time           " << codec::to_timestamp(proven.time) << " UTC\n"
        << "height         " << proven.height.value << '\n'
        << "block          " << to_hex(proven.block) << '\n'
        << "confirmations  " << proven.confirmations << '\n'
        << "tip            " << to_hex(proven.tip) << '\n'
        << "work           " << consensus::to_decimal(proven.work) << " hashes\n";
}

/// What the options hold the receipt against; the document is read by the caller.
Result<receipt::Expectation, Failure> make_expectation(
    const ReceiptVerifyOptions& options, const receipt::Receipt& receipt
) {
    const auto chain = expected_chain(options.chain, receipt);
    if (!chain)
        return tl::unexpected{chain.error()};
    const auto checkpoint = read_checkpoint(options.checkpoint);
    if (!checkpoint)
        return tl::unexpected{checkpoint.error()};
    return receipt::Expectation{
        .chain = *chain,
        .checkpoint = *checkpoint,
        .confirmations = options.confirmations,
        .document = {}};
}

}  // namespace

int run_receipt_verify(
    const ReceiptVerifyOptions& options, std::ostream& out, std::ostream& errors
) {
    const auto text = read_file(options.file, receipt::receipt_bytes_max);
    if (!text)
        return report(text.error(), options.json, out, errors);
    const auto read = receipt::parse_receipt(as_text(*text));
    if (!read)
        return report(describe(read.error()), options.json, out, errors);
    auto expected = make_expectation(options, *read);
    if (!expected)
        return report(expected.error(), options.json, out, errors);
    Bytes document;
    if (!options.document.empty()) {
        auto content = read_file(options.document, codec::json_bytes_max);
        if (!content)
            return report(content.error(), options.json, out, errors);
        document = std::move(*content);
        expected->document = as_text(document);
    }
    const auto proven = receipt::verify(*read, *expected);
    if (!proven)
        return report(describe(proven.error(), *read, *expected), options.json, out, errors);
    write_proven(*proven, options, out);
    return status_of(ExitCode::ok);
}

}  // namespace cairn::app
