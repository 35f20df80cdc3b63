#include "src/app/wallet_access.hpp"

#include "src/app/data_directory.hpp"
#include "src/app/development_accounts.hpp"

namespace cairn::app {

using crypto::Secret;
using wallet::FolderError;
using wallet::KeystoreError;
using wallet::MnemonicError;

namespace {

/// The rule's name as people may ask a node to explain it.
template <class Error>
std::string named(Error error) {
    return " (wallet." + std::string{to_string(error)} + ")";
}

Failure describe_folder(const wallet::FolderFault& fault) {
    const auto& where = fault.where;
    const auto because = fault.reason.empty() ? std::string{} : ": " + fault.reason;
    switch (fault.error) {
        case FolderError::bad_name:
            return {
                ExitCode::usage,
                "'" + where +
                    "' is no name of a wallet: 1 to 32 of a-z A-Z 0-9 - _, the first a "
                    "letter or digit"};
        case FolderError::missing:
            return {ExitCode::usage, "there is no file " + where + " - see: cairn wallet list"};
        case FolderError::exists:
            return {
                ExitCode::usage,
                where + " exists already and was left as it is - choose another name"};
        case FolderError::changed:
            return {
                ExitCode::failure,
                where +
                    " was changed by another program meanwhile, so it was left as it is - try "
                    "again"};
        case FolderError::unreadable:
            return {ExitCode::io, "cannot read " + where + because};
        case FolderError::unwritable:
            return {ExitCode::io, "cannot write " + where + because};
        case FolderError::not_verified:
            return {
                ExitCode::io,
                where +
                    " was not changed: what was to be written does not read back - check the "
                    "disk"};
    }
    return {};
}

std::string describe_words(const wallet::MnemonicFault& fault) {
    switch (fault.error) {
        case MnemonicError::wrong_count:
            return "recovery words are 12, 15, 18, 21 or 24";
        case MnemonicError::unknown_word:
            return "word " + std::to_string(fault.position) +
                   " is not in the list of recovery words - check its spelling";
        case MnemonicError::wrong_checksum:
            return "these words do not belong together: one is another, or two have changed places";
        case MnemonicError::bad_passphrase:
            return "the passphrase of the words may hold printable ASCII alone";
    }
    return {};
}

}  // namespace

Failure describe(const wallet::FolderFault& fault) {
    auto failure = describe_folder(fault);
    failure.message += named(fault.error);
    return failure;
}

Failure describe(KeystoreError error, const std::string& file) {
    const auto code = error == KeystoreError::no_randomness ? ExitCode::io : ExitCode::data;
    return {code, file + " " + std::string{explain(error)} + named(error)};
}

Failure describe(const wallet::MnemonicFault& fault) {
    return {ExitCode::data, describe_words(fault) + named(fault.error)};
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
        return tl::unexpected{Failure{
            ExitCode::usage,
            "no wallet '" + name + "' in " + folder->path().string() +
                ", and no development account of that name - see: cairn wallet list" +
                named(FolderError::missing)}};
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
        return tl::unexpected{
            Failure{ExitCode::usage, "a wallet needs a passphrase of at least one letter"}};
    return passphrase;
}

}  // namespace cairn::app
