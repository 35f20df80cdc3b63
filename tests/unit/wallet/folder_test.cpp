#include "cairn/wallet/folder.hpp"

#include "tests/support/temporary_directory.hpp"

#include "cairn/wallet/keystore.hpp"

#include <catch2/catch.hpp>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>

namespace cairn::wallet {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t write_points = static_cast<std::size_t>(WritePoint::finished) + 1;

bool accept(std::string_view) {
    return true;
}

std::string content_of(const fs::path& file) {
    std::ifstream stream{file, std::ios::binary};
    return {std::istreambuf_iterator<char>{stream}, {}};
}

unsigned mode_of(const fs::path& path) {
    struct stat status {};

    REQUIRE(::stat(path.c_str(), &status) == 0);
    return status.st_mode & 07777U;
}

std::size_t files_in(const fs::path& folder) {
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator{folder}, fs::directory_iterator{})
    );
}

/// Runs `write` on a folder in a process of its own that kills itself at `point`.
template <class Write>
void kill_at(const fs::path& path, WritePoint point, const Write& write) {
    const auto child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        write(WalletFolder{path, [point](WritePoint reached) {
                               if (reached == point)
                                   ::kill(::getpid(), SIGKILL);
                           }});
        ::_exit(0);
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    REQUIRE(WIFSIGNALED(status));
}

}  // namespace

TEST_CASE("Folder: a wallet is a private file in a private folder", "[wallet][W2]") {
    const test::TemporaryDirectory directory;
    const WalletFolder folder{directory.path() / "a" / "wallets"};
    CHECK(folder.list().value().empty());
    REQUIRE(folder.create("savings", "text\n", accept).has_value());
    CHECK(mode_of(folder.path()) == 0700);
    CHECK(mode_of(folder.file_of("savings")) == 0600);
    CHECK(folder.read("savings").value() == "text\n");
    CHECK(files_in(folder.path()) == 1);
    REQUIRE(folder.replace("savings", "text\n", "other\n", accept).has_value());
    CHECK(mode_of(folder.file_of("savings")) == 0600);
    CHECK(content_of(folder.file_of("savings")) == "other\n");
    CHECK(files_in(folder.path()) == 1);
}

TEST_CASE("Folder: names are listed in order, and nothing else is", "[wallet]") {
    const test::TemporaryDirectory directory;
    const WalletFolder folder{directory.path()};
    for (const auto* name : {"b", "a", "C"})
        REQUIRE(folder.create(name, "x", accept).has_value());
    std::ofstream{directory.path() / "note.txt"} << "x";
    std::ofstream{directory.path() / ".hidden.json"} << "x";
    CHECK(folder.list().value() == std::vector<std::string>{"C", "a", "b"});
}

TEST_CASE("Folder: names stay within one folder and under the length of addresses", "[wallet]") {
    CHECK(is_wallet_name(std::string(name_letters_max, 'a')));
    CHECK_FALSE(is_wallet_name(std::string(name_letters_max + 1, 'a')));
    CHECK(is_wallet_name("Tea-2_b"));
    for (const auto* name : {"", "-a", "_a", "a/b", "..", ".a", "a.json", "a b", "caf\xc3\xa9"})
        CHECK_FALSE(is_wallet_name(name));
    const test::TemporaryDirectory directory;
    const WalletFolder folder{directory.path()};
    CHECK(folder.read("../a").error().error == FolderError::bad_name);
    CHECK(folder.create("../a", "x", accept).error().error == FolderError::bad_name);
    CHECK(folder.replace("../a", "x", "y", accept).error().error == FolderError::bad_name);
}

TEST_CASE("Folder: what is there is never overwritten by a new wallet", "[wallet][W2]") {
    const test::TemporaryDirectory directory;
    const WalletFolder folder{directory.path()};
    REQUIRE(folder.create("a", "first", accept).has_value());
    CHECK(folder.create("a", "second", accept).error().error == FolderError::exists);
    CHECK(folder.read("a").value() == "first");
    CHECK(files_in(directory.path()) == 1);
}

TEST_CASE("Folder: only the content that was read is replaced", "[wallet][W2]") {
    const test::TemporaryDirectory directory;
    const WalletFolder folder{directory.path()};
    CHECK(folder.replace("a", "", "x", accept).error().error == FolderError::missing);
    CHECK(
        WalletFolder{directory.path() / "none"}.replace("a", "", "x", accept).error().error ==
        FolderError::missing
    );
    REQUIRE(folder.create("a", "first", accept).has_value());
    CHECK(folder.replace("a", "other", "x", accept).error().error == FolderError::changed);
    CHECK(folder.read("a").value() == "first");
}

TEST_CASE("Folder: what does not read back as it should takes no name", "[wallet][W2]") {
    const test::TemporaryDirectory directory;
    const WalletFolder folder{directory.path()};
    const auto refuse = [](std::string_view) { return false; };
    CHECK(folder.create("a", "first", refuse).error().error == FolderError::not_verified);
    CHECK(files_in(directory.path()) == 0);
    REQUIRE(folder.create("a", "first", accept).has_value());
    CHECK(folder.replace("a", "first", "x", refuse).error().error == FolderError::not_verified);
    CHECK(folder.read("a").value() == "first");
    CHECK(files_in(directory.path()) == 1);
    const std::string too_long(keystore_bytes_max + 1, 'x');
    CHECK(
        folder.replace("a", "first", too_long + "y", accept).error().error ==
        FolderError::not_verified
    );
}

TEST_CASE("Folder: what the system refuses is said with its reason", "[wallet]") {
    const test::TemporaryDirectory directory;
    std::ofstream{directory.path() / "file"} << "x";
    const WalletFolder folder{directory.path() / "file"};
    const auto made = folder.create("a", "x", accept);
    REQUIRE_FALSE(made.has_value());
    CHECK(made.error().error == FolderError::unwritable);
    CHECK_FALSE(made.error().reason.empty());
    CHECK(folder.list().error().error == FolderError::unreadable);
    CHECK(folder.read("a").error().error == FolderError::unreadable);
    CHECK(WalletFolder{directory.path()}.read("a").error().error == FolderError::missing);
    CHECK(write_new_file(directory.path() / "file", "x").error().error == FolderError::exists);
    CHECK(
        write_new_file(directory.path() / "none" / "file", "x").error().error ==
        FolderError::unwritable
    );
}

TEST_CASE("Folder: reading is bounded", "[wallet]") {
    const test::TemporaryDirectory directory;
    std::ofstream{directory.path() / "a.json"} << std::string(2 * keystore_bytes_max, 'x');
    CHECK(WalletFolder{directory.path()}.read("a").value().size() == keystore_bytes_max + 1);
}

TEST_CASE("Folder: kill -9 at any point of a save leaves nothing or all", "[wallet][W2]") {
    for (std::size_t point = 0; point < write_points; ++point) {
        INFO("point " << point);
        const test::TemporaryDirectory directory;
        kill_at(directory.path(), static_cast<WritePoint>(point), [](const WalletFolder& folder) {
            static_cast<void>(folder.create("a", "whole\n", accept));
        });
        const WalletFolder folder{directory.path()};
        const bool is_there = point >= static_cast<std::size_t>(WritePoint::renamed);
        REQUIRE(folder.list().value().size() == (is_there ? 1 : 0));
        if (is_there) {
            CHECK(folder.read("a").value() == "whole\n");
            CHECK(mode_of(folder.file_of("a")) == 0600);
        }
        // What the dead process left behind hinders nobody, and goes.
        REQUIRE(folder.create("b", "next\n", accept).has_value());
        CHECK(files_in(directory.path()) == folder.list().value().size());
    }
}

TEST_CASE("Folder: kill -9 at any point of a change leaves the old or the new", "[wallet][W2]") {
    for (std::size_t point = 0; point < write_points; ++point) {
        INFO("point " << point);
        const test::TemporaryDirectory directory;
        const WalletFolder folder{directory.path()};
        REQUIRE(folder.create("a", "old\n", accept).has_value());
        kill_at(directory.path(), static_cast<WritePoint>(point), [](const WalletFolder& mine) {
            static_cast<void>(mine.replace("a", "old\n", "new\n", accept));
        });
        const bool is_new = point >= static_cast<std::size_t>(WritePoint::renamed);
        CHECK(folder.read("a").value() == (is_new ? "new\n" : "old\n"));
        REQUIRE(folder.replace("a", is_new ? "new\n" : "old\n", "next\n", accept).has_value());
        CHECK(files_in(directory.path()) == 1);
    }
}

TEST_CASE("Folder: every error has a name", "[wallet]") {
    for (unsigned i = 0; i <= static_cast<unsigned>(FolderError::not_verified); ++i)
        CHECK(to_string(static_cast<FolderError>(i)) != "unknown");
}

}  // namespace cairn::wallet
