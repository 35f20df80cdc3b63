#include "src/app/wallet_access.hpp"

#include "src/app/data_directory.hpp"
#include "src/app/development_accounts.hpp"

#include <algorithm>

namespace cairn::app {

using crypto::Secret;
using wallet::FolderError;
using wallet::KeystoreError;
using wallet::MnemonicError;

namespace {

/// The rule's name as people may ask a node to explain it.
template <class Error>
std::string named(Error error) {
    return "wallet." + std::string{to_string(error)};
}

Failure describe_missing(const std::string& message) {
    return {
        .code = ExitCode::usage,
        .message = message,
        .rule = named(FolderError::missing),
        .expected = "a wallet's name",
        .actual = "a name that no wallet has",
        .hint = "cairn wallet list tells the names"};
}

/// The first thing in the way of `name` being a wallet's.
std::string fault_of_name(const std::string& name) {
    if (name.empty())
        return "no letter at all";
    const auto is_allowed = [](char letter) {
        return wallet::is_wallet_name(std::string{'a', letter});
    };
    const auto other = std::find_if_not(name.begin(), name.end(), is_allowed);
    if (other == name.end())
        return name.size() > wallet::name_letters_max
                   ? std::to_string(name.size()) + " letters"
                   : std::string{"'"} + name.front() + "' as the first";
    const auto place = "character " + std::to_string(other - name.begin() + 1);
    const bool is_printable = *other >= ' ' && *other <= '~';
    return is_printable ? std::string{"'"} + *other + "' as " + place
                        : place + ", which is no printable ASCII";
}

/// Without rule and place.
Failure describe_folder(const wallet::FolderFault& fault) {
    const auto& where = fault.where;
    switch (fault.error) {
        case FolderError::bad_name:
            return {
                .code = ExitCode::usage,
                .message = "this is no name of a wallet; it is not shown, as it may be a secret",
                .expected = "1 to 32 of a-z A-Z 0-9 - _, the first a letter or digit",
                .actual = fault_of_name(where),
                .hint = "choose another name"};
        case FolderError::missing:
            return describe_missing("there is no file " + where);
        case FolderError::exists:
            return {
                .code = ExitCode::usage,
                .message = where + " exists already and was left as it is",
                .expected = "a file that is not there yet",
                .actual = "one that is",
                .hint = "choose another name"};
        case FolderError::changed:
            return {
                .code = ExitCode::failure,
                .message = where + " was left as it is",
                .expected = "the file as it was read",
                .actual = "one that another program changed meanwhile",
                .hint = "try again"};
        case FolderError::unreadable:
            return {
                .code = ExitCode::io,
                .message = "cannot read " + where,
                .expected = "a file that may be read",
                .actual = fault.reason,
                .hint = "look at its owner, its permissions and the disk"};
        case FolderError::unwritable:
            return {
                .code = ExitCode::io,
                .message = "cannot write " + where,
                .expected = "a place that may be written",
                .actual = fault.reason,
                .hint = "look at the folder's owner, its permissions and the disk"};
        case FolderError::not_verified:
            return {
                .code = ExitCode::io,
                .message = where + " was not changed",
                .expected = "to read what was written",
                .actual = "other bytes",
                .hint = "check the disk"};
    }
    return {};
}

/// What was looked for in a wallet's file, what was found, and what to do.
Failure describe_keystore(KeystoreError error) {
    switch (error) {
        case KeystoreError::truncated:
            return {
                .expected = "a whole wallet file",
                .actual = "one that ends too early",
                .hint = "restore it from a backup or from its words"};
        case KeystoreError::damaged:
            return {
                .expected = "the bytes that were written",
                .actual = "others: the checksum does not fit",
                .hint = "restore it from a backup or from its words"};
        case KeystoreError::not_a_wallet:
            return {
                .expected = "a wallet file",
                .actual = "a file of another kind",
                .hint = "look at the file's name"};
        case KeystoreError::unsupported_version:
            return {
                .expected = "a version that this program knows",
                .actual = "a later one",
                .hint = "use the version of cairn that wrote it"};
        case KeystoreError::unsupported_sealing:
            return {
                .expected = "scrypt and ChaCha20-Poly1305 at a cost that is bearable",
                .actual = "another way of sealing, or a higher cost",
                .hint = "use the program that wrote it"};
        case KeystoreError::wrong_passphrase:
            return {
                .expected = "the wallet's passphrase",
                .actual = "another one",
                .hint = "try again; without it, only the recovery words open the wallet"};
        case KeystoreError::no_randomness:
            return {
                .expected = "random bytes of the system",
                .actual = "none",
                .hint = "nothing was written; try again"};
    }
    return {};
}

Failure describe_words(const wallet::MnemonicFault& fault) {
    switch (fault.error) {
        case MnemonicError::wrong_count:
            return {
                .message = "these are no recovery words",
                .expected = "12, 15, 18, 21 or 24 words",
                .actual =
                    std::to_string(fault.position) + (fault.position == 1 ? " word" : " words"),
                .hint =
                    "compare them with the paper; blanks and line feeds may stand between them"};
        case MnemonicError::unknown_word:
            return {
                .message = "a recovery word is misspelt",
                .expected = "words of the BIP39 list",
                .actual = "word " + std::to_string(fault.position) + " is not in it",
                .hint = "check the spelling of that word"};
        case MnemonicError::wrong_checksum:
            return {
                .message = "these words do not belong together",
                .expected = "words whose checksum fits",
                .actual = "one that is another, or two that have changed places",
                .hint = "compare each with the paper"};
        case MnemonicError::bad_passphrase:
            return {
                .message = "this is no passphrase of words",
                .expected = "printable ASCII",
                .actual = "other characters",
                .hint = "type it without accents"};
    }
    return {};
}

}  // namespace

Failure describe(const wallet::FolderFault& fault) {
    auto failure = describe_folder(fault);
    failure.rule = named(fault.error);
    return failure;
}

Failure describe(KeystoreError error, const std::string& file) {
    auto failure = describe_keystore(error);
    failure.code = error == KeystoreError::no_randomness ? ExitCode::io : ExitCode::data;
    failure.message = file + " " + std::string{explain(error)};
    failure.rule = named(error);
    return failure;
}

Failure describe(const wallet::MnemonicFault& fault) {
    auto failure = describe_words(fault);
    failure.code = ExitCode::data;
    failure.rule = named(fault.error);
    return failure;
}

Result<wallet::WalletFolder, Failure> open_folder(const WalletAccess& access) {
    if (!access.directory.empty())
        return wallet::WalletFolder{access.directory};
    try {
        return wallet::WalletFolder{default_wallet_directory()};
    } catch (const StartError& error) {
        return tl::unexpected{Failure{error.code(), error.what()}};
    }
}

bool is_development_account(std::string_view name) {
    return development_account(name).has_value();
}

Result<WalletFile, Failure> read_wallet(const WalletAccess& access, const std::string& name) {
    const auto folder = open_folder(access);
    if (!folder)
        return tl::unexpected{folder.error()};
    auto text = folder->read(name);
    if (!text && text.error().error == FolderError::missing)
        return tl::unexpected{describe_missing(
            "no wallet '" + name + "' in " + folder->path().string() +
            ", and no development account of that name"
        )};
    if (!text)
        return tl::unexpected{describe(text.error())};
    auto keystore = wallet::parse_keystore(*text);
    if (!keystore)
        return tl::unexpected{describe(keystore.error(), folder->file_of(name).string())};
    return WalletFile{std::move(*text), *keystore};
}

Result<crypto::PublicKey, Failure> find_account(
    const WalletAccess& access, const std::string& name
) {
    if (const auto key = development_account(name))
        return key->public_key();
    return read_wallet(access, name).map([](const WalletFile& file) {
        return file.keystore.public_key;
    });
}

Result<crypto::SecretKey, Failure> unlock_account(
    const WalletAccess& access, const std::string& name
) {
    if (auto key = development_account(name))
        return key;
    const auto file = read_wallet(access, name);
    if (!file)
        return tl::unexpected{file.error()};
    const auto passphrase = ask_passphrase(access, name);
    if (!passphrase)
        return tl::unexpected{passphrase.error()};
    auto key = wallet::open_keystore(file->keystore, *passphrase);
    if (!key)
        return tl::unexpected{describe(key.error(), "wallet '" + name + "'")};
    return std::move(*key);
}

Result<Secret, Failure> ask_passphrase(const WalletAccess& access, const std::string& name) {
    if (!access.password_file.empty())
        return read_secret_file(access.password_file);
    return access.ask("Passphrase of wallet " + name, Typing::once);
}

Result<Secret, Failure> ask_new_passphrase(
    const WalletAccess& access, const std::string& file, const std::string& name
) {
    auto passphrase = file.empty() ? access.ask("New passphrase of wallet " + name, Typing::twice)
                                   : read_secret_file(file);
    if (passphrase && passphrase->is_empty())
        return tl::unexpected{bad_value(
            "a wallet needs a passphrase of at least one letter", "one letter or more", ""
        )};
    return passphrase;
}

}  // namespace cairn::app
