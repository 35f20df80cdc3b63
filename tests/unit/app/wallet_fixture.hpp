/// A wallet folder of a test's own, and answers to the questions that commands ask.
#pragma once

#include "src/app/wallet_commands.hpp"
#include "tests/support/temporary_directory.hpp"

#include <catch2/catch.hpp>

#include <deque>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

namespace cairn::app {

/// Answers each question with the next of some lines, and remembers what was asked.
class ScriptedAnswers {
  public:
    explicit ScriptedAnswers(std::deque<std::string> lines)
        : state_{std::make_shared<State>(State{std::move(lines), {}})} {}

    [[nodiscard]] SecretReader reader() const {
        return
            [state = state_](const std::string& prompt, Typing) -> Result<crypto::Secret, Failure> {
                state->asked.push_back(prompt);
                if (state->lines.empty())
                    return tl::unexpected{missing_value("no more answers", "a line")};
                auto line = crypto::Secret::copy_of(std::string_view{state->lines.front()});
                state->lines.pop_front();
                return line;
            };
    }

    [[nodiscard]] const std::vector<std::string>& asked() const { return state_->asked; }

  private:
    struct State {
        std::deque<std::string> lines;
        std::vector<std::string> asked;
    };

    std::shared_ptr<State> state_;
};

/// Runs actions of `cairn wallet` in a folder that goes when the test ends, at little cost.
struct WalletFixture {
    test::TemporaryDirectory directory;
    std::ostringstream out;
    std::ostringstream errors;

    /// Options for the wallet `name` whose questions are answered by `answers`.
    [[nodiscard]] WalletOptions options(
        const std::string& name, std::deque<std::string> answers = {}
    ) const {
        WalletOptions options{.account = name};
        options.access.directory = (directory.path() / "wallets").string();
        options.access.ask = ScriptedAnswers{std::move(answers)}.reader();
        options.access.is_typed = false;
        options.access.scrypt = {.n = 16, .r = 1, .p = 1};
        return options;
    }

    /// What the last action wrote; the next one starts anew.
    [[nodiscard]] std::string take_out() {
        auto text = out.str();
        out.str("");
        return text;
    }

    [[nodiscard]] std::string take_errors() {
        auto text = errors.str();
        errors.str("");
        return text;
    }
};

/// Where the fixture's wallets stand.
inline std::filesystem::path directory_of_wallets(const WalletFixture& fixture) {
    return fixture.directory.path() / "wallets";
}

inline std::string content_of(const std::filesystem::path& file) {
    std::ifstream stream{file, std::ios::binary};
    return {std::istreambuf_iterator<char>{stream}, {}};
}

inline const std::string sample_key(64, '7');

/// Imports `sample_key` as the wallet `a` with the passphrase `tea`.
inline void import_sample(WalletFixture& fixture) {
    const auto options = fixture.options("a", {sample_key, "tea"});
    REQUIRE(run_wallet_import(options, fixture.out, fixture.errors) == 0);
    static_cast<void>(fixture.take_out());
}

}  // namespace cairn::app
