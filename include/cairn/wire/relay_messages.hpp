/// Messages that spread transactions, announcements and addresses (spec 04 §4.2, §4.3).
#pragma once

#include "cairn/base/time.hpp"
#include "cairn/wire/envelope.hpp"
#include "cairn/wire/fields.hpp"
#include "cairn/wire/limits.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace cairn::wire {

/// The first 16 bytes of the SHA-256 of a transaction's full bytes, signature included: two
/// signatures of one transaction differ in it, though their `TxId` is one.
using RelayId = FixedBytes<16, struct RelayIdTag>;

/// The relay id of the transaction whose canonical bytes are `transaction_bytes`.
[[nodiscard]] RelayId relay_id(ByteView transaction_bytes);

/// A transaction that can be had from the sender.
struct TransactionNotice {
    RelayId id;
    /// Its bytes.
    std::uint32_t size = 0;

    friend bool operator==(const TransactionNotice&, const TransactionNotice&) = default;

    template <class Archive>
    void serialize(Archive& archive) {
        archive(codec::field("id", id), codec::field("size", size));
    }
};

/// Announces what the sender has.
struct Inventory {
    static constexpr MessageType type = MessageType::inv;

    std::vector<TransactionNotice> transactions;
    std::vector<BlockHash> blocks;

    friend bool operator==(const Inventory&, const Inventory&) = default;

    template <class Archive>
    void serialize(Archive& archive) {
        archive(
            codec::field(
                "transactions",
                codec::bounded<inv_transactions_max, RelayId::size + 4>(transactions)
            ),
            codec::field("blocks", codec::bounded<inv_blocks_max, BlockHash::size>(blocks))
        );
    }
};

/// Asks for transactions that the other side announced.
struct GetTransactions {
    static constexpr MessageType type = MessageType::get_tx;

    std::vector<RelayId> ids;

    friend bool operator==(const GetTransactions&, const GetTransactions&) = default;

    template <class Archive>
    void serialize(Archive& archive) {
        archive(codec::field("ids", codec::bounded<get_tx_ids_max, RelayId::size>(ids)));
    }
};

/// A transaction's canonical bytes, not looked into. JSON: their hexadecimal digits.
struct RawTransaction {
    Bytes bytes;

    friend bool operator==(const RawTransaction&, const RawTransaction&) = default;

    template <class Archive>
    void save(Archive& archive) const {
        archive(codec::bounded<ledger::transaction_bytes_max>(codec::writable(bytes)));
    }

    template <class Archive>
    void load(Archive& archive) {
        archive(codec::bounded<ledger::transaction_bytes_max>(bytes));
    }
};

/// The transactions that were asked for, in any order.
/// Rule of its own (`bad_field`): at most `txs_bytes_max` bytes together.
struct Transactions {
    static constexpr MessageType type = MessageType::txs;

    std::vector<RawTransaction> transactions;

    friend bool operator==(const Transactions&, const Transactions&) = default;

    template <class Archive>
    void serialize(Archive& archive) {
        archive(codec::field("transactions", codec::bounded<get_tx_ids_max>(transactions)));
    }
};

/// What was asked for and cannot be had from the sender.
struct NotFound {
    static constexpr MessageType type = MessageType::not_found;

    std::vector<RelayId> transactions;
    std::vector<BlockHash> blocks;

    friend bool operator==(const NotFound&, const NotFound&) = default;

    template <class Archive>
    void serialize(Archive& archive) {
        archive(
            codec::field(
                "transactions", codec::bounded<get_tx_ids_max, RelayId::size>(transactions)
            ),
            codec::field("blocks", codec::bounded<not_found_blocks_max, BlockHash::size>(blocks))
        );
    }
};

/// Tells what the sender's pool takes: nothing that pays less is to be announced to it. The last
/// one counts.
struct FeeFilter {
    static constexpr MessageType type = MessageType::fee_filter;

    /// Pebbles per 1000 bytes.
    Amount rate;

    friend bool operator==(const FeeFilter&, const FeeFilter&) = default;

    template <class Archive>
    void serialize(Archive& archive) {
        archive(codec::field("rate", rate));
    }
};

/// Asks for addresses of nodes.
struct GetAddresses {
    static constexpr MessageType type = MessageType::get_addr;

    friend bool operator==(const GetAddresses&, const GetAddresses&) = default;

    template <class Archive>
    void serialize(Archive&) {}
};

/// Where a node can be reached.
struct NodeAddress {
    /// When somebody last had a link to it.
    UnixMillis time;
    std::uint64_t services = 0;
    /// An IP address literal; who reads it checks that.
    std::string host;
    std::uint16_t port = 0;

    friend bool operator==(const NodeAddress&, const NodeAddress&) = default;

    template <class Archive>
    void serialize(Archive& archive) {
        archive(
            codec::field("time", time),
            codec::field("services", codec::hex64(services)),
            codec::field("host", printable<host_bytes_max>(host)),
            codec::field("port", port)
        );
    }
};

/// Bytes of the shortest `NodeAddress`, and of the longest.
inline constexpr std::size_t node_address_bytes_min = 8 + 8 + 1 + 2;
inline constexpr std::size_t node_address_bytes_max = 8 + 8 + 2 + host_bytes_max + 2;

/// Addresses of nodes, as an answer or unasked.
/// Rule of its own (`bad_field`): no host is empty and no port is 0.
struct Addresses {
    static constexpr MessageType type = MessageType::addr;

    std::vector<NodeAddress> addresses;

    friend bool operator==(const Addresses&, const Addresses&) = default;

    template <class Archive>
    void serialize(Archive& archive) {
        archive(codec::field(
            "addresses", codec::bounded<addresses_max, node_address_bytes_min>(addresses)
        ));
    }
};

}  // namespace cairn::wire
