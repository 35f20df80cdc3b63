#include "src/app/peers_file.hpp"

#include "src/app/file.hpp"

#include "cairn/codec/json.hpp"
#include "cairn/codec/json_text.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <iterator>
#include <system_error>

namespace cairn::app {

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t format_version = 1;
/// More than both tables of the book hold.
constexpr std::size_t addresses_max = 100'000;
constexpr std::size_t text_bytes_max = 300;
constexpr std::size_t file_bytes_max = 64U * 1024 * 1024;
constexpr std::size_t values_max = 1'000'000;
constexpr std::size_t anchors_max = 16;

/// `host:port` in JSON.
struct EndpointText {
    node::Endpoint endpoint;

    void save(codec::JsonWriter& archive) const { archive.write_text(to_string(endpoint)); }

    void load(codec::JsonReader& archive) {
        auto parsed = node::parse_endpoint(archive.take_text(text_bytes_max));
        if (parsed)
            endpoint = std::move(*parsed);
        else
            archive.fail(codec::DecodeError::bad_text, "host:port");
    }
};

struct AddressRow {
    EndpointText address;
    std::string source;
    UnixMillis told;
    UnixMillis worked;
    std::uint32_t failures = 0;
    bool tried = false;

    template <class Archive>
    void serialize(Archive& archive) {
        archive(
            codec::field("address", address),
            codec::field("source", codec::bounded<text_bytes_max>(source)),
            codec::field("told", told),
            codec::field("worked", worked),
            codec::field("failures", failures),
            codec::field("tried", tried)
        );
    }
};

struct PeersDocument {
    std::uint64_t version = format_version;
    std::uint64_t key = 0;
    std::vector<EndpointText> anchors;
    std::vector<AddressRow> addresses;

    template <class Archive>
    void serialize(Archive& archive) {
        archive(
            codec::field("version", version),
            codec::field("key", codec::hex64(key)),
            codec::field("anchors", codec::bounded<anchors_max>(anchors)),
            codec::field("addresses", codec::bounded<addresses_max>(addresses))
        );
    }
};

/// Writes all of `text` and lets the disk have it.
bool write_through(const fs::path& path, const std::string& text) {
    constexpr mode_t private_file = 0600;
    const int file =
        ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, private_file);
    if (file < 0)
        return false;
    std::size_t done = 0;
    while (done < text.size()) {
        const auto count = ::write(file, text.data() + done, text.size() - done);
        if (count <= 0)
            break;
        done += static_cast<std::size_t>(count);
    }
    const bool is_good = done == text.size() && ::fsync(file) == 0;
    const int reason = errno;
    ::close(file);
    errno = reason;
    return is_good;
}

}  // namespace

Result<node::SavedPeers, std::string> read_peers(const fs::path& file) {
    std::ifstream stream{file, std::ios::binary};
    if (!stream)
        return node::SavedPeers{};
    const std::string text{std::istreambuf_iterator<char>{stream}, {}};
    auto document =
        codec::from_json_text<PeersDocument>(text, {.bytes = file_bytes_max, .values = values_max});
    if (!document)
        return tl::unexpected{
            std::string{codec::to_string(document.error().code)} + " at " + document.error().where};
    if (document->version != format_version)
        return tl::unexpected{"unknown version " + std::to_string(document->version)};
    node::SavedPeers peers;
    peers.key = document->key;
    for (auto& anchor : document->anchors)
        peers.anchors.push_back(std::move(anchor.endpoint));
    for (auto& row : document->addresses)
        peers.addresses.push_back(
            {.endpoint = std::move(row.address.endpoint),
             .source = std::move(row.source),
             .told = row.told,
             .worked = row.worked,
             .failures = row.failures,
             .is_tried = row.tried}
        );
    return peers;
}

Result<void, std::string> write_peers(const fs::path& file, const node::SavedPeers& peers) {
    PeersDocument document;
    document.key = peers.key;
    for (const auto& anchor : peers.anchors)
        document.anchors.push_back({anchor});
    for (const auto& address : peers.addresses)
        document.addresses.push_back(
            {{address.endpoint},
             address.source,
             address.told,
             address.worked,
             address.failures,
             address.is_tried}
        );
    const fs::path temporary = file.string() + ".new";
    if (!write_through(temporary, codec::to_json(document) + "\n"))
        return tl::unexpected{last_error()};
    if (::rename(temporary.c_str(), file.c_str()) != 0)
        return tl::unexpected{last_error()};
    return {};
}

node::SavedPeers read_or_set_aside(const fs::path& file, std::string& warning) {
    auto peers = read_peers(file);
    if (peers)
        return std::move(*peers);
    const fs::path aside = file.string() + ".bad";
    std::error_code error;
    fs::rename(file, aside, error);
    warning = file.string() + " cannot be understood (" + peers.error() + "); it is now " +
              aside.string();
    return {};
}

}  // namespace cairn::app
