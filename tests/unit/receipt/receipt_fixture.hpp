/// Small chains with a record each, and the receipts that a node of theirs would give.
#pragma once

#include "tests/support/random_branches.hpp"

#include "cairn/crypto/merkle.hpp"
#include "cairn/receipt/receipt.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace cairn::test {

/// A document as it is recorded.
inline constexpr std::string_view prescription = R"({"dose":2,"drug":"ibuprofen"})";

/// The engines under which receipts are made.
enum class ReceiptChain : std::uint8_t { instant, work, retargeting };

inline ledger::ChainSpec receipt_spec(ReceiptChain kind) {
    auto spec = kind == ReceiptChain::instant ? instant_spec() : easy_work_spec();
    spec.balances.resize(2);
    spec.engine.retarget = kind == ReceiptChain::retargeting;
    return spec;
}

inline receipt::RawHeader raw_header(const ledger::SealedHeader& head) {
    const auto header = ledger::encode_header(head.header);
    receipt::RawHeader raw{{header.begin(), header.end()}};
    raw.bytes.insert(raw.bytes.end(), head.seal.begin(), head.seal.end());
    return raw;
}

/// The receipt of the record `id` with the headers of `chain` from `start`, at least 1, to the tip.
inline receipt::Receipt make_receipt(
    const chain::Blockchain& chain, const TxId& id, Height start = Height{1}
) {
    const auto place = chain.find_transaction(id).value().value();
    const auto body = chain.read_body(chain.at(place.height)->hash).value().value();
    const auto block = ledger::decode_block(chain.id(), body).value().block;
    const auto& transaction = block.transactions.at(place.index);
    std::vector<Hash256> leaves;
    for (const auto& each : block.transactions)
        leaves.push_back(crypto::leaf_hash(codec::encode(each)));
    receipt::Receipt receipt{
        .chain = chain.id(),
        .spec = {codec::parse_json(ledger::canonical_text(chain.spec())).value()},
        .genesis = raw_header(chain.at(Height{0})->head),
        .headers = {},
        .clock = {},
        .height = place.height,
        .index = place.index,
        .count = leaves.size(),
        .path = crypto::merkle_path(leaves, place.index),
        .transaction = id,
        .bytes = codec::encode(transaction),
        .digest = crypto::sha256(std::get<ledger::Record>(transaction.payload).body),
    };
    for (auto height = start; chain.at(height) != nullptr; height = height.next())
        receipt.headers.push_back(raw_header(chain.at(height)->head));
    if (start > Height{1} && chain.spec().engine.retarget)
        receipt.clock = std::to_string(chain.at(start)->point.clock);
    return receipt;
}

/// A chain in which account 0 has recorded `body` under "rx", "patient-17".
struct ReceiptFixture : ChainFixture {
    explicit ReceiptFixture(ReceiptChain kind = ReceiptChain::work)
        : ChainFixture{receipt_spec(kind)} {}

    void add_record(std::string_view body, ledger::RecordFormat format, std::size_t others = 0) {
        ledger::Transaction transaction;
        transaction.nonce = Nonce{0};
        transaction.fee = Amount{1};
        transaction.payload = ledger::Record{
            .stream = "rx", .key = "patient-17", .format = format, .body = to_bytes(body)};
        ledger::sign_transaction(key_number(0), chain().id(), transaction);
        id = ledger::transaction_id(chain().id(), transaction);
        BlockOptions options{.transactions = {transaction}};
        for (std::uint64_t i = 0; i < others; ++i)
            options.transactions.push_back(
                make_transfer(chain().id(), {.from = 1, .to = 0, .nonce = i})
            );
        const auto block = build(chain().tip().hash, options);
        REQUIRE(chain().submit(block, now()).has_value());
    }

    [[nodiscard]] receipt::Checkpoint checkpoint(Height height) const {
        return {.height = height, .hash = blockchain->at(height)->hash};
    }

    TxId id;
};

}  // namespace cairn::test
