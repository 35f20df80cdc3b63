#include "src/app/pool_file.hpp"

#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>

namespace cairn::app {

namespace {

namespace fs = std::filesystem;

fs::path with_suffix(fs::path path, std::string_view suffix) {
    path += suffix;
    return path;
}

}  // namespace

fs::path pool_file(const fs::path& chain_folder) {
    return chain_folder / "mempool.dat";
}

Result<mempool::SavedPool, std::string> read_pool_file(const fs::path& path, const ChainId& chain) {
    std::error_code ignored;
    if (!fs::exists(path, ignored))
        return mempool::SavedPool{};
    std::ifstream stream{path, std::ios::binary};
    const Bytes bytes{std::istreambuf_iterator<char>{stream}, std::istreambuf_iterator<char>{}};
    if (!stream)
        return tl::unexpected{path.string() + " cannot be read"};
    auto saved = mempool::decode_saved_pool(chain, bytes);
    if (saved)
        return std::move(*saved);
    const auto aside = with_suffix(path, ".corrupt");
    std::error_code error;
    fs::rename(path, aside, error);
    return tl::unexpected{
        path.string() + " is no saved mempool of this chain (" +
        std::string{to_string(saved.error())} + ")" +
        (error ? "" : "; it was set aside as " + aside.filename().string())};
}

Result<void, std::string> write_pool_file(const fs::path& path, ByteView bytes) {
    const auto fresh = with_suffix(path, ".new");
    std::ofstream stream{fresh, std::ios::binary | std::ios::trunc};
    const auto text = as_text(bytes);
    stream.write(text.data(), static_cast<std::streamsize>(text.size()));
    stream.close();
    std::error_code error;
    if (stream)
        fs::rename(fresh, path, error);
    if (stream && !error)
        return {};
    const auto reason = "cannot write " + path.string() + (error ? ": " + error.message() : "");
    fs::remove(fresh, error);
    return tl::unexpected{reason};
}

}  // namespace cairn::app
