#include "src/app/secret_input.hpp"

#include "tests/unit/app/scratch_directory.hpp"

#include <catch2/catch.hpp>

namespace cairn::app {

using app_test::ScratchDirectory;
using crypto::Secret;

TEST_CASE("Secrets: a file's first line is the secret, without its line feed", "[app]") {
    const ScratchDirectory directory;
    const auto file = directory.write("passphrase", " correct horse \nsecond\n");
    CHECK(read_secret_file(file)->text() == " correct horse ");
    CHECK(read_secret_file(directory.write("bare", "tea"))->text() == "tea");
    CHECK(read_secret_file(directory.write("blank", "\n"))->is_empty());
    CHECK(read_secret_file(directory.write("empty", "")).error().code == ExitCode::usage);
    CHECK(read_secret_file(directory.write("x", "") + "y").error().code == ExitCode::io);
}

TEST_CASE("Secrets: a file that cannot be read is not named", "[app][W5]") {
    const ScratchDirectory directory;
    const auto missing = directory.write("hunter2", "tea\n") + "x";
    // The folder opens, but does not read.
    for (const auto& path : {missing, missing.substr(0, missing.rfind('/'))}) {
        const auto failure = read_secret_file(path).error();
        CHECK(failure.code == ExitCode::io);
        CHECK(failure.rule == "wallet.unreadable");
        CHECK(to_text(failure).find(path) == std::string::npos);
        CHECK_FALSE(failure.expected.empty());
        CHECK_FALSE(failure.actual.empty());
        CHECK_FALSE(failure.hint.empty());
    }
}

TEST_CASE("Secrets: a line is bounded", "[app]") {
    const ScratchDirectory directory;
    const std::string longest(secret_bytes_max, 'x');
    CHECK(read_secret_file(directory.write("most", longest + "\n"))->text() == longest);
    const auto longer = read_secret_file(directory.write("more", longest + "x\n"));
    REQUIRE_FALSE(longer.has_value());
    CHECK(longer.error().code == ExitCode::usage);
    CHECK(longer.error().message.find("xxx") == std::string::npos);
}

TEST_CASE("Secrets: keys are 64 digits of either case, with blanks around them", "[app]") {
    const std::string digits = "00112233445566778899aAbBcCdDeEfF00112233445566778899aabbccddeeff";
    const auto key = parse_secret_key(Secret::copy_of(" " + digits + "\r\n"));
    REQUIRE(key.has_value());
    CHECK(
        print_secret_key(*key).text() ==
        "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\n"
    );
    for (const auto& text :
         {std::string{},
          std::string{" \n"},
          digits.substr(1),
          digits + "0",
          digits.substr(0, 32) + " " + digits.substr(32),
          std::string(64, '0')})
        CHECK_FALSE(parse_secret_key(Secret::copy_of(text)).has_value());
}

}  // namespace cairn::app
