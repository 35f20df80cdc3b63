/// The book of addresses: where nodes may be, sorted so that nobody can fill it alone.
///
/// Rules (spec 10 §6), each with its reason. After the tables of Bitcoin's address manager, which
/// answer Heilman et al., "Eclipse Attacks on Bitcoin's Peer-to-Peer Network" (2015):
/// 1. Addresses that we were told of stand in `new`, 1024 buckets of 64 places; those that we were
///    linked to in `tried`, 256 buckets of 64. Gossip never touches `tried`.
/// 2. Bucket and place are hashes under a secret key, so nobody can aim. What one source group
/// tells
///    reaches 64 of the 1024 buckets, and one group of addresses 8 of the 256.
/// 3. An address told by several sources may stand in up to 8 buckets of `new`; each further one
///    is half as likely as the one before, so that repeating it helps little.
/// 4. A taken place of `new` is given away when its holder is of no use (rule 6), or stands
///    elsewhere too while the newcomer stands nowhere.
/// 5. A taken place of `tried` is not given away before its holder was tested: who was linked to
///    waits in `new` until the holder has failed to answer (test before evict).
/// 6. An address is of no use when it failed three times and never worked, failed ten times in a
///    week since it last worked, or was told of by nobody for thirty days.
/// 7. A draw picks a bucket first and then a place, so that filling one bucket counts once.
///
/// A *group* is what one operator is likely to own: the addresses of an autonomous system where a
/// map of them is given, else the /16 of an IPv4 address or the /32 of an IPv6 address; on a local
/// network each address and port is a group of its own.
#pragma once

#include "cairn/base/random.hpp"
#include "cairn/base/time.hpp"
#include "cairn/node/as_map.hpp"
#include "cairn/node/saved_peers.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace cairn::node {

/// The group of `endpoint`; on a local network its address and port. `systems` may be null.
[[nodiscard]] std::string group_of(
    const Endpoint& endpoint, bool local_network, const AsMap* systems = nullptr
);

class AddressBook {
  public:
    static constexpr std::size_t new_buckets = 1024;
    static constexpr std::size_t tried_buckets = 256;
    static constexpr std::size_t bucket_places = 64;
    static constexpr std::size_t new_buckets_per_source = 64;
    static constexpr std::size_t tried_buckets_per_group = 8;
    static constexpr std::size_t references_max = 8;
    /// Newcomers that wait for a test.
    static constexpr std::size_t contests_max = 10;

    struct Entry {
        Endpoint endpoint;
        std::string source;
        UnixMillis told;
        UnixMillis worked;
        UnixMillis attempted;
        std::uint32_t failures = 0;
        bool is_tried = false;
        /// Places in `new`.
        std::size_t references = 0;
    };

    /// A place: in which table, bucket and position.
    struct Place {
        bool is_tried = false;
        std::size_t bucket = 0;
        std::size_t position = 0;

        friend auto operator<=>(const Place&, const Place&) = default;
    };

    AddressBook(
        bool local_network, std::uint64_t key, std::shared_ptr<const AsMap> systems = nullptr
    );

    /// @name Events
    /// @{
    /// Somebody of the group `source` told of `endpoint`. True when it was not known.
    bool add(const Endpoint& endpoint, const std::string& source, UnixMillis now, Random& random);
    /// A dial begins.
    void on_attempt(const Endpoint& endpoint, UnixMillis now);
    /// A link to `endpoint` worked: it moves to `tried`, or waits for a test of who is there.
    void on_worked(const Endpoint& endpoint, UnixMillis now);
    /// Decides contests: a holder that worked meanwhile stays, one that was dialled in vain, or
    /// that nobody could test in 40 minutes, goes back to `new`.
    void settle_contests(UnixMillis now);
    /// Forgets `endpoint`, in both tables.
    void remove(const Endpoint& endpoint);
    /// @}

    /// @name Questions
    /// @{
    /// An address at random: of `tried` or of `new`, with equal chances for both when `is_new` is
    /// not given. Null when there is none.
    [[nodiscard]] const Entry* draw(Random& random, std::optional<bool> is_new = {}) const;
    /// The holder of a contested place, to be dialled as a test.
    [[nodiscard]] std::optional<Endpoint> contested() const;
    [[nodiscard]] const Entry* find(const Endpoint& endpoint) const;

    /// All entries in order of their endpoints.
    [[nodiscard]] const std::map<Endpoint, Entry>& entries() const { return entries_; }

    [[nodiscard]] std::size_t size() const { return entries_.size(); }

    [[nodiscard]] std::size_t tried() const { return tried_count_; }

    /// Where `endpoint` would stand in `new` as told by `source`, and in `tried`.
    [[nodiscard]] Place place_in_new(const Endpoint& endpoint, const std::string& source) const;
    [[nodiscard]] Place place_in_tried(const Endpoint& endpoint) const;
    /// Who stands there; null when nobody does.
    [[nodiscard]] const Entry* at(const Place& place) const;
    [[nodiscard]] static bool is_useless(const Entry& entry, UnixMillis now);
    /// @}

    /// Takes in what was saved by a book with the same key; what does not fit is left out.
    void restore(const std::vector<SavedAddress>& saved, UnixMillis now);
    [[nodiscard]] std::vector<SavedAddress> save() const;

    [[nodiscard]] std::uint64_t key() const { return key_; }

    /// See the free function.
    [[nodiscard]] std::string group_of(const Endpoint& endpoint) const;

  private:
    [[nodiscard]] std::uint64_t hash(
        std::string_view purpose, std::string_view text, std::uint64_t number
    ) const;
    [[nodiscard]] std::size_t position(bool is_tried, std::size_t bucket, const Endpoint& endpoint)
        const;
    [[nodiscard]] Entry*& slot(const Place& place);
    /// Takes `entry` out of all its places in `new`.
    void leave_new(Entry& entry);
    /// Empties a place of `new`; its holder is forgotten when it stands nowhere else.
    void clear_new(Entry*& slot);
    /// Moves `entry` to its place in `tried`, whose holder goes back to `new`.
    void move_to_tried(Entry& entry);
    void put_in_new(Entry& entry);
    [[nodiscard]] static const Entry* draw_from(const std::vector<Entry*>& table, Random& random);

    bool local_network_;
    std::shared_ptr<const AsMap> systems_;
    std::uint64_t key_;
    std::map<Endpoint, Entry> entries_;
    std::vector<Entry*> new_;
    std::vector<Entry*> tried_;
    std::size_t tried_count_ = 0;
    /// Who waits for a place in `tried`, and since when.
    std::map<Endpoint, UnixMillis> contests_;
};

}  // namespace cairn::node
