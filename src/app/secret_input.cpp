#include "src/app/secret_input.hpp"

#include "src/app/file.hpp"

#include "cairn/wallet/folder.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <string_view>
#include <system_error>
#include <utility>

namespace cairn::app {

using crypto::Secret;

namespace {

/// The terminal as it was before echoing was switched off.
termios terminal_before;  // NOLINT: a signal handler reaches nothing else

extern "C" void restore_terminal(int signal) {
    ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &terminal_before);
    ::signal(signal, SIG_DFL);
    ::raise(signal);
}

/// No echo on the terminal of standard input while this lives, and echo again if it is killed.
class SilentTerminal {
  public:
    SilentTerminal() {
        if (::tcgetattr(STDIN_FILENO, &terminal_before) != 0)
            return;
        for (const int signal : {SIGINT, SIGTERM, SIGHUP})
            ::signal(signal, restore_terminal);
        auto silent = terminal_before;
        silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        silent.c_lflag |= ECHONL;
        is_silent_ = ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent) == 0;
    }

    ~SilentTerminal() {
        if (is_silent_)
            ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &terminal_before);
        for (const int signal : {SIGINT, SIGTERM, SIGHUP})
            ::signal(signal, SIG_DFL);
    }

    SilentTerminal(const SilentTerminal&) = delete;
    SilentTerminal& operator=(const SilentTerminal&) = delete;

    [[nodiscard]] bool is_silent() const { return is_silent_; }

  private:
    bool is_silent_ = false;
};

/// Where a secret ends besides at the end of its file.
enum class Ending : std::uint8_t { line_feed, none };

/// Why what `source` names gives no secret; the system has just told. The name of a secret's file
/// is not shown: people put the secret itself there.
Failure unreadable(const std::string& source) {
    return {
        .code = ExitCode::io,
        .message = "cannot read " + source,
        .rule = "wallet." + std::string{to_string(wallet::FolderError::unreadable)},
        .expected = "a file that may be read",
        .actual = last_error(),
        .hint = "the option of a secret takes the path of its file, not the secret itself"};
}

/// The bytes of `file` up to its ending. One at a time where more lines may follow, so that none of
/// them is read into a buffer. Errors: as of `read_secret_line`.
Result<Secret, Failure> read_bytes(int file, const std::string& source, Ending ending) {
    Secret line{secret_bytes_max};
    std::size_t size = 0;
    while (true) {
        std::uint8_t byte = 0;
        const auto got = ::read(file, &byte, 1);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return tl::unexpected{unreadable(source)};
        if (got == 0 && size == 0)
            return tl::unexpected{
                missing_value(source + " ended where a secret was expected", "a secret")};
        if (got == 0 || (byte == '\n' && ending == Ending::line_feed))
            break;
        if (size == secret_bytes_max)
            return tl::unexpected{bad_value(
                source + " has more than " + std::to_string(secret_bytes_max) +
                    (ending == Ending::line_feed ? " bytes in a line" : " bytes"),
                "at most " + std::to_string(secret_bytes_max) + " bytes",
                "more"
            )};
        line.writable()[size++] = byte;
    }
    line.shorten(size);
    return line;
}

Result<Secret, Failure> type_secret(const std::string& prompt) {
    const SilentTerminal terminal;
    if (!terminal.is_silent())
        return failed(ExitCode::io, "cannot switch off the terminal's echo: " + last_error());
    const auto text = prompt + ": ";
    if (::write(STDERR_FILENO, text.data(), text.size()) < 0)
        return failed(ExitCode::io, "cannot write to the terminal: " + last_error());
    return read_bytes(STDIN_FILENO, "the terminal", Ending::line_feed);
}

Result<Secret, Failure> read_file_until(const std::string& file, Ending ending) {
    const std::string source = "the file of the secret";
    const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return tl::unexpected{unreadable(source)};
    auto content = read_bytes(descriptor, source, ending);
    ::close(descriptor);
    return content;
}

/// 0 to 15 for a hexadecimal digit, else nothing.
std::optional<std::uint8_t> digit_of(char letter) {
    if (letter >= '0' && letter <= '9')
        return static_cast<std::uint8_t>(letter - '0');
    if (letter >= 'a' && letter <= 'f')
        return static_cast<std::uint8_t>(letter - 'a' + 10);
    if (letter >= 'A' && letter <= 'F')
        return static_cast<std::uint8_t>(letter - 'A' + 10);
    return std::nullopt;
}

}  // namespace

bool is_terminal() {
    return ::isatty(STDIN_FILENO) != 0;
}

bool is_end_of_input(const Failure& failure) {
    return failure.rule == missing_value({}, {}).rule;
}

Result<Secret, Failure> read_secret_line(const std::string& prompt, Typing typing) {
    if (!is_terminal())
        return read_bytes(STDIN_FILENO, "standard input", Ending::line_feed);
    auto first = type_secret(prompt);
    if (!first || typing == Typing::once)
        return first;
    const auto second = type_secret(prompt + " again");
    if (!second)
        return tl::unexpected{second.error()};
    if (!is_same(*first, *second))
        return tl::unexpected{bad_value(
            "the two lines differ - nothing was changed", "the same line twice", "another line"
        )};
    return first;
}

Result<Secret, Failure> read_secret_file(const std::string& file) {
    return read_file_until(file, Ending::line_feed);
}

Result<Secret, Failure> read_secret_lines(const std::string& file) {
    return read_file_until(file, Ending::none);
}

std::optional<crypto::SecretKey> parse_secret_key(const Secret& text) {
    constexpr std::string_view blanks = " \t\r\n";
    auto digits = text.text();
    digits.remove_prefix(std::min(digits.find_first_not_of(blanks), digits.size()));
    digits = digits.substr(0, digits.find_last_not_of(blanks) + 1);
    if (digits.size() != 2 * crypto::SecretKey::size)
        return std::nullopt;
    Secret bytes{crypto::SecretKey::size};
    for (std::size_t i = 0; i < digits.size(); ++i) {
        const auto digit = digit_of(digits[i]);
        if (!digit)
            return std::nullopt;
        auto& byte = bytes.writable()[i / 2];
        byte = static_cast<std::uint8_t>(byte << 4U | *digit);
    }
    return crypto::SecretKey::from_bytes(bytes.view());
}

Secret print_secret_key(const crypto::SecretKey& key) {
    constexpr std::string_view digits = "0123456789abcdef";
    const auto bytes = key.to_bytes();
    Secret text{2 * bytes.size() + 1};
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        text.writable()[2 * i] = static_cast<std::uint8_t>(digits[bytes.view()[i] >> 4U]);
        text.writable()[2 * i + 1] = static_cast<std::uint8_t>(digits[bytes.view()[i] & 0x0fU]);
    }
    text.writable().back() = '\n';
    return text;
}

void forbid_core_dumps() {
    // Either is enough against dumps; the second also keeps debuggers of the same user away.
    const rlimit none{0, 0};
    ::setrlimit(RLIMIT_CORE, &none);
    ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

}  // namespace cairn::app
