#include "src/app/file.hpp"

#include "cairn/wallet/folder.hpp"

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <system_error>

namespace cairn::app {

namespace {

tl::unexpected<Failure> io_failure(std::string message) {
    return tl::unexpected{Failure{ExitCode::io, std::move(message)}};
}

}  // namespace

Result<Bytes, Failure> read_file(const std::string& name, std::size_t bytes_max) {
    std::ifstream file{name, std::ios::binary};
    Bytes content;
    Bytes chunk(std::size_t{1} << 16U);
    while (file && content.size() <= bytes_max) {
        // Characters and bytes may alias; streams know characters alone.
        file.read(
            reinterpret_cast<char*>(chunk.data()
            ),  // NOLINT(cppcoreguidelines-pro-type-reinterpret-cast)
            static_cast<std::streamsize>(chunk.size())
        );
        content.insert(content.end(), chunk.begin(), chunk.begin() + file.gcount());
    }
    if (file.bad() || !(file || file.eof()))
        return io_failure("cannot read the file " + name);
    if (content.size() > bytes_max)
        content.resize(bytes_max + 1);
    return content;
}

Result<void, Failure> check_new_file(const std::string& name) {
    std::error_code ignored;
    if (name == "-" || !std::filesystem::exists(std::filesystem::symlink_status(name, ignored)))
        return {};
    return tl::unexpected{Failure{
        .code = ExitCode::usage,
        .message = name + " exists already and was left as it is",
        .rule = "wallet." + std::string{to_string(wallet::FolderError::exists)},
        .expected = "a file that is not there yet",
        .actual = "one that is",
        .hint = "choose another name"}};
}

Result<void, Failure> write_new_file(const std::string& name, std::string_view content) {
    if (name == "-") {
        std::cout << content << std::flush;
        return std::cout ? Result<void, Failure>{} : io_failure("cannot write the output");
    }
    if (auto is_new = check_new_file(name); !is_new)
        return is_new;
    const auto partial = name + ".partial";
    std::ofstream file{partial, std::ios::binary | std::ios::trunc};
    file << content << std::flush;
    file.close();
    std::error_code error;
    if (file)
        std::filesystem::rename(partial, name, error);
    if (!file || error) {
        std::filesystem::remove(partial, error);
        return io_failure("cannot write the file " + name);
    }
    return {};
}

std::string last_error() {
    return std::error_code{errno, std::generic_category()}.message();
}

}  // namespace cairn::app
