// What makes, opens or changes a wallet: new, import, restore, export, passphrase, backup, sign.
#include "src/app/client_commands.hpp"
#include "src/app/development_accounts.hpp"
#include "src/app/recovery_words.hpp"
#include "src/app/wallet_commands.hpp"
#include "src/app/wallet_report.hpp"

#include "cairn/wallet/derivation.hpp"
#include "cairn/wallet/message.hpp"

#include <algorithm>
#include <ostream>

namespace cairn::app {

using codec::Json;
using crypto::Secret;

namespace {

/// The folder, where a wallet of that name may be made. Errors: `usage`, `io`, `config`.
Result<wallet::WalletFolder, Failure> folder_for_new(const WalletOptions& options) {
    if (is_development_account(options.account))
        return tl::unexpected{bad_value(
            options.account + " is a development account, so no wallet can have that name",
            "another name than dev0 to dev9",
            options.account
        )};
    auto folder = open_folder(options.access);
    if (!folder)
        return folder;
    const auto present = folder->read(options.account);
    if (present) {
        const auto file = folder->file_of(options.account).string();
        return tl::unexpected{describe({wallet::FolderError::exists, file, {}})};
    }
    if (present.error().error != wallet::FolderError::missing)
        return tl::unexpected{describe(present.error())};
    return folder;
}

/// Writes the line `text` as the member of an object, without a copy of it.
void write_secret_json(const Secret& text, std::ostream& out) {
    const auto digits = text.text();
    out << R"({"private_key":")" << digits.substr(0, digits.size() - 1) << "\"}\n";
}

/// True where `text` is a wallet file with that public key which opens with `passphrase`.
wallet::Verify opens_with(const Secret& passphrase, const crypto::PublicKey& key) {
    return [&passphrase, key](std::string_view text) {
        const auto keystore = wallet::parse_keystore(text);
        return keystore && keystore->public_key == key &&
               wallet::open_keystore(*keystore, passphrase).has_value();
    };
}

/// Seals `key` with a passphrase that is asked for and makes the file. Errors: a `Failure`.
Result<void, Failure> save_new(
    const WalletOptions& options, const wallet::WalletFolder& folder, const crypto::SecretKey& key
) {
    const auto passphrase =
        ask_new_passphrase(options.access, options.access.password_file, options.account);
    if (!passphrase)
        return tl::unexpected{passphrase.error()};
    const auto& access = options.access;
    const auto text = wallet::seal_key(key, *passphrase, access.random, access.scrypt);
    if (!text)
        return tl::unexpected{describe(text.error(), folder.file_of(options.account).string())};
    const auto verify = opens_with(*passphrase, key.public_key());
    return folder.create(options.account, *text, verify)
        .map_error([](const wallet::FolderFault& fault) { return describe(fault); });
}

/// The key of the account that the options choose, from words. Errors: a `Failure`.
Result<crypto::SecretKey, Failure> key_from_words(
    const WalletOptions& options, const Secret& words, Typing typing
) {
    if (options.index >= wallet::hardened)
        return tl::unexpected{bad_value(
            "--account takes 0 to 2147483647", "0 to 2147483647", std::to_string(options.index)
        )};
    Secret passphrase;
    if (options.has_word_passphrase) {
        auto typed = options.access.ask("Passphrase of the words", typing);
        if (!typed)
            return tl::unexpected{typed.error()};
        passphrase = std::move(*typed);
    }
    const auto seed = wallet::seed_of(words.text(), passphrase.text());
    if (!seed)
        return tl::unexpected{describe(seed.error())};
    auto key = wallet::derive_account(*seed, static_cast<std::uint32_t>(options.index));
    if (!key)
        return tl::unexpected{data_failure(
            rpc::UsageRule::bad_key,
            "these words make no key for this account",
            "a number that is not zero and below the order of the curve",
            "another number",
            "take another --account"
        )};
    return std::move(*key);
}

/// Saves `key` and shows its account, with `words` where they are new. Returns the exit status.
int finish_new(
    const WalletOptions& options,
    const wallet::WalletFolder& folder,
    const crypto::SecretKey& key,
    const Secret& words,
    std::ostream& out,
    std::ostream& errors
) {
    const auto chain = find_chain(options.chain);
    if (!chain)
        return report(chain.error(), options.json, out, errors);
    if (const auto saved = save_new(options, folder, key); !saved)
        return report(saved.error(), options.json, out, errors);
    if (words.is_empty()) {
        write_account(options, *chain, key.public_key(), out);
        return status_of(ExitCode::ok);
    }
    if (options.json) {
        // Written by hand, so that the words stand in no other text on their way.
        auto account =
            codec::to_text(describe_account(options.account, key.public_key(), chain->prefix));
        account.pop_back();
        out << account << ",\"words\":\"" << words.text() << "\"}\n";
        return status_of(ExitCode::ok);
    }
    write_account(options, *chain, key.public_key(), out);
    out << "words       " << words.text() << '\n'
        << "Write the words down on paper. They restore this wallet anywhere, and are not shown "
           "again.\n";
    return status_of(ExitCode::ok);
}

}  // namespace

int run_wallet_new(const WalletOptions& options, std::ostream& out, std::ostream& errors) {
    const auto size = wallet::entropy_bytes_of(options.words);
    if (!size || (options.words != 12 && options.words != 24))
        return report(
            bad_value("--words takes 12 or 24", "12 or 24", std::to_string(options.words)),
            options.json,
            out,
            errors
        );
    const auto folder = folder_for_new(options);
    if (!folder)
        return report(folder.error(), options.json, out, errors);
    Secret entropy{*size};
    if (!options.access.random(entropy.writable()))
        return report(
            describe(wallet::KeystoreError::no_randomness, "wallet '" + options.account + "'"),
            options.json,
            out,
            errors
        );
    const auto words = wallet::words_of(entropy);
    const auto key = key_from_words(options, words, Typing::twice);
    if (!key)
        return report(key.error(), options.json, out, errors);
    return finish_new(options, *folder, *key, words, out, errors);
}

int run_wallet_import(const WalletOptions& options, std::ostream& out, std::ostream& errors) {
    const auto folder = folder_for_new(options);
    if (!folder)
        return report(folder.error(), options.json, out, errors);
    const auto text = options.key_file.empty() ? options.access.ask("Private key", Typing::once)
                                               : read_secret_file(options.key_file);
    if (!text)
        return report(text.error(), options.json, out, errors);
    const auto key = parse_secret_key(*text);
    if (!key)
        return report(
            data_failure(
                rpc::UsageRule::bad_key,
                "this is no private key",
                "64 hexadecimal digits, not zero and below the order of the curve",
                "something else, which is not shown",
                "copy the whole key again, as cairn wallet export wrote it"
            ),
            options.json,
            out,
            errors
        );
    return finish_new(options, *folder, *key, {}, out, errors);
}

namespace {

/// The wallet in the file that the options name, opened once to know that it can be.
int restore_backup(
    const WalletOptions& options,
    const wallet::WalletFolder& folder,
    std::ostream& out,
    std::ostream& errors
) {
    const auto chain = find_chain(options.chain);
    if (!chain)
        return report(chain.error(), options.json, out, errors);
    const auto text = wallet::read_file(options.backup, wallet::keystore_bytes_max);
    if (!text)
        return report(describe(text.error()), options.json, out, errors);
    const auto keystore = wallet::parse_keystore(*text);
    if (!keystore)
        return report(describe(keystore.error(), options.backup), options.json, out, errors);
    const auto passphrase = ask_passphrase(options.access, options.account);
    if (!passphrase)
        return report(passphrase.error(), options.json, out, errors);
    if (const auto key = wallet::open_keystore(*keystore, *passphrase); !key)
        return report(describe(key.error(), options.backup), options.json, out, errors);
    const auto verify = opens_with(*passphrase, keystore->public_key);
    if (const auto made = folder.create(options.account, *text, verify); !made)
        return report(describe(made.error()), options.json, out, errors);
    write_account(options, *chain, keystore->public_key, out);
    return status_of(ExitCode::ok);
}

/// The words in their file, or as they are asked for. Errors: a `Failure`.
Result<WordsInput, Failure> read_words(const WalletOptions& options) {
    if (options.words_file.empty())
        return ask_recovery_words(
            options.access,
            (options.has_word_passphrase ? 1U : 0U) +
                (options.access.password_file.empty() ? 1U : 0U)
        );
    auto words = read_secret_lines(options.words_file);
    if (!words)
        return tl::unexpected{words.error()};
    return WordsInput{std::move(*words), options.access.ask};
}

}  // namespace

int run_wallet_restore(const WalletOptions& options, std::ostream& out, std::ostream& errors) {
    const auto folder = folder_for_new(options);
    if (!folder)
        return report(folder.error(), options.json, out, errors);
    if (!options.backup.empty() && !options.words_file.empty())
        return report(
            bad_value(
                "--backup and --words-file both say what to restore from",
                "one of --backup and --words-file",
                "both"
            ),
            options.json,
            out,
            errors
        );
    if (!options.backup.empty())
        return restore_backup(options, *folder, out, errors);
    const auto input = read_words(options);
    if (!input)
        return report(input.error(), options.json, out, errors);
    auto rest = options;
    rest.access.ask = input->ask;
    const auto key = key_from_words(rest, input->words, Typing::once);
    if (!key)
        return report(key.error(), options.json, out, errors);
    return finish_new(rest, *folder, *key, {}, out, errors);
}

int run_wallet_export(const WalletOptions& options, std::ostream& out, std::ostream& errors) {
    const auto key = unlock_account(options.access, options.account);
    if (!key)
        return report(key.error(), options.json, out, errors);
    const auto text = print_secret_key(*key);
    if (options.out.empty()) {
        if (options.json)
            write_secret_json(text, out);
        else
            out << text.text();
        return status_of(ExitCode::ok);
    }
    if (const auto written = wallet::write_new_file(options.out, text.text()); !written)
        return report(describe(written.error()), options.json, out, errors);
    return status_of(ExitCode::ok);
}

int run_wallet_passphrase(const WalletOptions& options, std::ostream& out, std::ostream& errors) {
    const auto& access = options.access;
    const auto file = read_wallet(access, options.account);
    if (!file)
        return report(file.error(), options.json, out, errors);
    const auto old = ask_passphrase(access, options.account);
    if (!old)
        return report(old.error(), options.json, out, errors);
    const auto key = wallet::open_keystore(file->keystore, *old);
    if (!key)
        return report(
            describe(key.error(), "wallet '" + options.account + "'"), options.json, out, errors
        );
    const auto passphrase = ask_new_passphrase(access, options.new_password_file, options.account);
    if (!passphrase)
        return report(passphrase.error(), options.json, out, errors);
    const auto folder = open_folder(access);
    if (!folder)
        return report(folder.error(), options.json, out, errors);
    const auto text = wallet::seal_key(*key, *passphrase, access.random, access.scrypt);
    if (!text)
        return report(
            describe(text.error(), folder->file_of(options.account).string()),
            options.json,
            out,
            errors
        );
    const auto verify = opens_with(*passphrase, key->public_key());
    if (const auto made = folder->replace(options.account, file->text, *text, verify); !made)
        return report(describe(made.error()), options.json, out, errors);
    if (!options.json)
        out << "wallet '" << options.account
            << "' has a new passphrase; older backups still open with the one before\n";
    return status_of(ExitCode::ok);
}

int run_wallet_backup(const WalletOptions& options, std::ostream& out, std::ostream& errors) {
    if (options.out.empty())
        return report(
            missing_value("backup needs --out FILE", "--out FILE"), options.json, out, errors
        );
    const auto file = read_wallet(options.access, options.account);
    if (!file)
        return report(file.error(), options.json, out, errors);
    if (const auto written = wallet::write_new_file(options.out, file->text); !written)
        return report(describe(written.error()), options.json, out, errors);
    const auto back = wallet::read_file(options.out, wallet::keystore_bytes_max);
    if (!back || *back != file->text) {
        auto failure =
            describe(wallet::FolderFault{wallet::FolderError::not_verified, options.out, {}});
        failure.message = options.out + " does not read back; the wallet is as it was";
        return report(failure, options.json, out, errors);
    }
    if (!options.json)
        out << options.out << '\n';
    return status_of(ExitCode::ok);
}

int run_wallet_sign(const WalletOptions& options, std::ostream& out, std::ostream& errors) {
    const auto chain = find_chain(options.chain);
    if (!chain)
        return report(chain.error(), options.json, out, errors);
    const auto message = read_message(options);
    if (!message)
        return report(message.error(), options.json, out, errors);
    const auto key = unlock_account(options.access, options.account);
    if (!key)
        return report(key.error(), options.json, out, errors);
    const auto signature = to_hex(wallet::sign_message(*key, *message));
    if (!options.json) {
        out << signature << '\n';
        return status_of(ExitCode::ok);
    }
    auto account = describe_account(options.account, key->public_key(), chain->prefix);
    out << codec::to_text(account.set("signature", Json{signature})) << '\n';
    return status_of(ExitCode::ok);
}

}  // namespace cairn::app
