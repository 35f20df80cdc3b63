// The rules of spec 09 §3, one function each.
#include "cairn/codec/binary.hpp"
#include "cairn/consensus/header_rules.hpp"
#include "cairn/crypto/merkle.hpp"
#include "cairn/crypto/sha256.hpp"
#include "cairn/ledger/block.hpp"
#include "cairn/receipt/receipt.hpp"

#include <charconv>
#include <memory>
#include <utility>

namespace cairn::receipt {

namespace {

tl::unexpected<ReceiptError> refused(ReceiptError error) {
    return tl::unexpected{error};
}

/// A header that was read, with its hash.
struct Head {
    ledger::SealedHeader sealed;
    BlockHash hash;
};

std::optional<Head> read_head(const RawHeader& raw) {
    if (raw.bytes.size() < ledger::header_bytes)
        return std::nullopt;
    const ByteView bytes{raw.bytes};
    const auto header = codec::decode<ledger::Header>(bytes.first(ledger::header_bytes));
    if (!header)
        return std::nullopt;
    const auto seal = bytes.subspan(ledger::header_bytes);
    return Head{{*header, to_bytes(seal)}, crypto::sha256d(bytes).as<BlockHash>()};
}

/// R3: the genesis header is the chain's, and its one transaction carries the spec.
Result<ledger::ChainSpec, ReceiptError> check_genesis(const Receipt& receipt) {
    const auto genesis = read_head(receipt.genesis);
    if (!genesis || genesis->hash != receipt.chain.as<BlockHash>())
        return refused(ReceiptError::wrong_genesis);
    const auto text = codec::canonical_text(receipt.spec.value);
    ledger::Transaction coinbase;
    coinbase.payload =
        ledger::Coinbase{.height = {}, .to = {}, .amount = {}, .body = to_bytes(text)};
    if (ledger::tx_root({coinbase}) != genesis->sealed.header.tx_root)
        return refused(ReceiptError::wrong_genesis);
    auto spec = ledger::parse_chain_spec(text);
    if (!spec)
        return refused(ReceiptError::wrong_genesis);
    return std::move(*spec);
}

/// The number that `text` writes in its one form, within what the clock can show.
std::optional<std::int64_t> read_clock(std::string_view text) {
    std::int64_t number = 0;
    const auto* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc{} || stop != end || std::to_string(number) != text)
        return std::nullopt;
    if (number < -consensus::clock_max || number > consensus::clock_max)
        return std::nullopt;
    return number;
}

/// R4 to R6: walks over the headers of a receipt.
class HeaderWalk {
  public:
    HeaderWalk(const Receipt& receipt, const ledger::ChainSpec& spec, const Expectation& expected)
        : receipt_{receipt},
          spec_{spec},
          expected_{expected},
          engine_{consensus::make_engine(spec.engine)} {}

    [[nodiscard]] Result<void, ReceiptError> run() {
        for (const auto& raw : receipt_.headers) {
            auto head = read_head(raw);
            if (!head)
                return refused(ReceiptError::wrong_header);
            heads_.push_back(std::move(*head));
        }
        const auto begun = begin();
        if (!begun)
            return begun;
        for (std::size_t i = first_; i < heads_.size(); ++i)
            if (!follows(i))
                return refused(ReceiptError::wrong_header);
        return check_checkpoint();
    }

    [[nodiscard]] const std::vector<Head>& heads() const { return heads_; }

    [[nodiscard]] const consensus::Work& work() const { return work_; }

  private:
    /// What the first header rests on: genesis, or a checkpoint's word.
    [[nodiscard]] Result<void, ReceiptError> begin() {
        const auto& start = heads_.front().sealed.header;
        if (start.height == Height{1}) {
            const auto genesis = read_head(receipt_.genesis);
            if (receipt_.clock)
                return refused(ReceiptError::wrong_header);
            point_ = {.height = Height{0}, .time = genesis->sealed.header.time, .clock = 0};
            previous_ = genesis->hash;
            times_ = {point_.time};
            return {};
        }
        if (!expected_.checkpoint)
            return refused(ReceiptError::unknown_start);
        const auto trusted = checkpoint_headers - 1;
        if (heads_.size() <= trusted || heads_[trusted].hash != expected_.checkpoint->hash)
            return refused(ReceiptError::wrong_checkpoint);
        const bool needs_clock =
            spec_.engine.kind == ledger::EngineKind::proof_of_work && spec_.engine.retarget;
        const auto clock = receipt_.clock ? read_clock(*receipt_.clock) : std::nullopt;
        if (needs_clock != receipt_.clock.has_value() || (needs_clock && !clock))
            return refused(ReceiptError::wrong_header);
        point_ = {.height = start.height, .time = start.time, .clock = clock.value_or(0)};
        previous_ = heads_.front().hash;
        times_ = {start.time};
        first_ = 1;
        return {};
    }

    /// Whether header `i` may follow what came before.
    [[nodiscard]] bool follows(std::size_t i) {
        const auto& [sealed, hash] = heads_[i];
        // Up to a checkpoint not all of the times that the rule looks at are here.
        const bool has_times = first_ == 0 || i >= checkpoint_headers;
        const consensus::HeaderContext context{
            .chain = ledger::chain_tag(receipt_.chain),
            .parent = point_,
            .parent_median_time = has_times ? consensus::median_time(times_) : UnixMillis{},
            .now = UnixMillis{quantity_max},
        };
        if (sealed.header.previous != previous_ ||
            !consensus::check_header(*engine_, context, sealed, hash))
            return false;
        point_ = engine_->advance(point_, sealed.header.time);
        previous_ = hash;
        work_ = saturating_add(work_, engine_->work_of(sealed.header));
        if (times_.size() == consensus::median_time_span)
            times_.erase(times_.begin());
        times_.push_back(sealed.header.time);
        return true;
    }

    [[nodiscard]] Result<void, ReceiptError> check_checkpoint() const {
        if (!expected_.checkpoint)
            return {};
        for (const auto& head : heads_)
            if (head.sealed.header.height == expected_.checkpoint->height &&
                head.hash == expected_.checkpoint->hash)
                return {};
        return refused(ReceiptError::wrong_checkpoint);
    }

    const Receipt& receipt_;
    const ledger::ChainSpec& spec_;
    const Expectation& expected_;
    std::unique_ptr<consensus::Engine> engine_;
    std::vector<Head> heads_;
    /// The first header that is checked by the rules.
    std::size_t first_ = 0;
    consensus::ChainPoint point_;
    BlockHash previous_;
    std::vector<UnixMillis> times_;
    consensus::Work work_;
};

/// R7 and R9: the bytes are a signed record with this id and digest.
Result<ledger::Transaction, ReceiptError> check_transaction(const Receipt& receipt) {
    auto transaction = codec::decode<ledger::Transaction>(receipt.bytes);
    const auto* record = transaction ? std::get_if<ledger::Record>(&transaction->payload) : nullptr;
    if (record == nullptr ||
        ledger::transaction_id(receipt.chain, *transaction) != receipt.transaction)
        return refused(ReceiptError::wrong_transaction);
    const auto key = transaction->from.as<crypto::PublicKey>();
    if (!crypto::verify(key, receipt.transaction.as<Hash256>(), transaction->signature))
        return refused(ReceiptError::bad_signature);
    if (crypto::sha256(record->body) != receipt.digest)
        return refused(ReceiptError::wrong_digest);
    return std::move(*transaction);
}

/// R10: `document` is what the record holds.
bool is_recorded(const ledger::Record& record, std::string_view document) {
    if (record.format == ledger::RecordFormat::bytes)
        return as_text(record.body) == document;
    const auto parsed = codec::parse_json(document);
    return parsed && codec::canonical_text(*parsed) == as_text(record.body);
}

}  // namespace

Result<Proven, ReceiptError> verify(const Receipt& receipt, const Expectation& expected) {
    if (receipt.chain != expected.chain)
        return refused(ReceiptError::wrong_chain);
    const auto spec = check_genesis(receipt);
    if (!spec)
        return refused(spec.error());
    HeaderWalk walk{receipt, *spec, expected};
    if (const auto walked = walk.run(); !walked)
        return refused(walked.error());
    auto transaction = check_transaction(receipt);
    if (!transaction)
        return refused(transaction.error());

    const auto& heads = walk.heads();
    const auto lowest = heads.front().sealed.header.height;
    const auto highest = heads.back().sealed.header.height;
    if (receipt.height < lowest || receipt.height > highest)
        return refused(ReceiptError::wrong_path);
    const auto& [sealed, hash] = heads[receipt.height.value - lowest.value];
    const auto leaf = crypto::leaf_hash(receipt.bytes);
    const auto root = sealed.header.tx_root.as<Hash256>();
    if (!crypto::verify_merkle_path(leaf, receipt.index, receipt.count, receipt.path, root))
        return refused(ReceiptError::wrong_path);
    auto& record = std::get<ledger::Record>(transaction->payload);
    if (expected.document && !is_recorded(record, *expected.document))
        return refused(ReceiptError::wrong_document);
    const auto confirmations = highest.value - receipt.height.value + 1;
    if (confirmations < expected.confirmations)
        return refused(ReceiptError::unconfirmed);
    return Proven{
        .transaction = receipt.transaction,
        .from = transaction->from,
        .record = std::move(record),
        .height = receipt.height,
        .block = hash,
        .time = sealed.header.time,
        .confirmations = confirmations,
        .tip = heads.back().hash,
        .work = walk.work(),
    };
}

}  // namespace cairn::receipt
