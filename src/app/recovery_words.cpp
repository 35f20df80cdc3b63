#include "src/app/recovery_words.hpp"

#include "cairn/wallet/mnemonic.hpp"

#include <algorithm>
#include <deque>
#include <memory>
#include <string_view>
#include <utility>

namespace cairn::app {

namespace {

using crypto::Secret;

constexpr std::size_t words_max = 24;

std::size_t count_words(const Secret& text) {
    constexpr std::string_view blanks = " \t\r";
    std::size_t count = 0;
    bool is_inside = false;
    for (const char letter : text.text()) {
        const bool is_blank = blanks.find(letter) != std::string_view::npos;
        count += !is_blank && !is_inside ? 1U : 0U;
        is_inside = !is_blank;
    }
    return count;
}

/// `left`, a blank and `right`.
Secret joined(const Secret& left, const Secret& right) {
    Secret both{left.size() + 1 + right.size()};
    const auto out = both.writable();
    std::copy(left.view().begin(), left.view().end(), out.begin());
    out[left.size()] = ' ';
    std::copy(right.view().begin(), right.view().end(), out.begin() + left.size() + 1);
    return both;
}

/// Whether more words may follow: nothing in `words` is wrong for good.
bool may_go_on(const Secret& words) {
    if (words.size() > wallet::words_bytes_max || count_words(words) >= words_max)
        return false;
    const auto entropy = wallet::entropy_of(words.text());
    return entropy || entropy.error().error != wallet::MnemonicError::unknown_word;
}

Result<WordsInput, Failure> ask_person(const WalletAccess& access) {
    auto words = access.ask("Recovery words", Typing::once);
    if (!words)
        return tl::unexpected{words.error()};
    while (!words->is_empty() && may_go_on(*words)) {
        const auto line = access.ask(
            "Recovery words, next line (" + std::to_string(count_words(*words)) +
                " so far; Enter alone ends)",
            Typing::once
        );
        if (!line)
            return tl::unexpected{line.error()};
        if (count_words(*line) == 0)
            break;
        words = joined(*words, *line);
    }
    return WordsInput{std::move(*words), access.ask};
}

}  // namespace

Result<WordsInput, Failure> ask_recovery_words(
    const WalletAccess& access, std::size_t secrets_after
) {
    if (access.is_typed)
        return ask_person(access);
    auto lines = std::make_shared<std::deque<Secret>>();
    std::size_t size = 0;
    auto line = access.ask("Recovery words", Typing::once);
    for (; line; line = access.ask("Recovery words", Typing::once)) {
        size += line->size() + 1;
        if (size > words_input_bytes_max)
            return tl::unexpected{bad_value(
                "standard input is too long for recovery words and what follows them",
                "at most " + std::to_string(words_input_bytes_max) + " bytes",
                "more"
            )};
        lines->push_back(std::move(*line));
    }
    if (!is_end_of_input(line.error()) || lines->size() <= secrets_after)
        return tl::unexpected{line.error()};
    Secret words = std::move(lines->front());
    lines->pop_front();
    for (; lines->size() > secrets_after; lines->pop_front())
        words = joined(words, lines->front());
    const auto next =
        [lines, ended = line.error()](const std::string&, Typing) -> Result<Secret, Failure> {
        if (lines->empty())
            return tl::unexpected{ended};
        auto secret = std::move(lines->front());
        lines->pop_front();
        return secret;
    };
    return WordsInput{std::move(words), next};
}

}  // namespace cairn::app
