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
    std::copy(right.view().begin(), right.view().end(), out.subspan(left.size() + 1).begin());
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

/// Whether `words` with the line behind them may be the set that is meant: whole with that line, or
/// whole without it where the line's words are of the list and would complete the next size.
bool may_be_one_set(const Secret& words, const Secret& with_next) {
    const auto entropy = wallet::entropy_of(with_next.text());
    return entropy || (entropy.error().error == wallet::MnemonicError::wrong_checksum &&
                       wallet::entropy_of(words.text()));
}

/// Refuses lines behind `words` that may be more words: as passphrases they would make another
/// wallet, and nobody would know. Errors: `usage`.
Result<void, Failure> check_no_words_follow(const Secret& words, const std::deque<Secret>& lines) {
    auto all = Secret::copy_of(words.view());
    for (const auto& line : lines) {
        all = joined(all, line);
        if (count_words(line) > 0 && may_be_one_set(words, all))
            return tl::unexpected{bad_value(
                "the words go on where a passphrase is expected - no wallet was made",
                "all words, then each passphrase in a line of its own",
                std::to_string(count_words(words)) + " words, and " +
                    std::to_string(count_words(all) - count_words(words)) + " more",
                "write all words in one line and the passphrase in the next, or give the "
                "passphrase by --password-file; where words are the passphrase, give those before "
                "them by --words-file"
            )};
    }
    return {};
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
    if (const auto checked = check_no_words_follow(words, *lines); !checked)
        return tl::unexpected{checked.error()};
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
