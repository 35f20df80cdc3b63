#include "cairn/wallet/keystore.hpp"

#include "cairn/base/assert.hpp"
#include "cairn/codec/json.hpp"
#include "cairn/crypto/sha256.hpp"

#include <utility>

namespace cairn::wallet {

using codec::Json;
using crypto::Secret;

namespace {

constexpr std::string_view format_name = "cairn wallet";
constexpr std::string_view derivation_name = "scrypt";
constexpr std::string_view cipher_name = "chacha20-poly1305";
constexpr std::size_t name_bytes_max = 64;

/// `kdf` of the file.
struct DerivationFields {
    std::string name;
    std::uint64_t n = 0;
    std::uint64_t r = 0;
    std::uint64_t p = 0;
    Salt salt;

    template <class Archive>
    void serialize(Archive& archive) {
        archive(
            codec::field("name", codec::bounded<name_bytes_max>(name)),
            codec::field("n", n),
            codec::field("r", r),
            codec::field("p", p),
            codec::field("salt", salt)
        );
    }
};

/// `cipher` of the file.
struct CipherFields {
    std::string name;
    crypto::SealNonce nonce;

    template <class Archive>
    void serialize(Archive& archive) {
        archive(
            codec::field("name", codec::bounded<name_bytes_max>(name)), codec::field("nonce", nonce)
        );
    }
};

/// The file's object without `sealed` and `checksum`: what the seal takes as associated data.
struct PublicFields {
    std::string format{format_name};
    std::uint64_t version = keystore_version;
    crypto::PublicKey public_key;
    DerivationFields kdf;
    CipherFields cipher;

    template <class Archive>
    void serialize(Archive& archive) {
        archive(
            codec::field("format", codec::bounded<name_bytes_max>(format)),
            codec::field("version", version),
            codec::field("public_key", public_key),
            codec::field("kdf", kdf),
            codec::field("cipher", cipher)
        );
    }
};

/// The whole object.
struct FileFields {
    PublicFields open;
    decltype(Keystore::sealed) sealed;
    Hash256 checksum;

    template <class Archive>
    void serialize(Archive& archive) {
        archive(
            codec::flat(open), codec::field("sealed", sealed), codec::field("checksum", checksum)
        );
    }
};

PublicFields public_fields(const Keystore& keystore) {
    const auto& scrypt = keystore.scrypt;
    return {
        .public_key = keystore.public_key,
        .kdf =
            {.name = std::string{derivation_name},
             .n = scrypt.n,
             .r = scrypt.r,
             .p = scrypt.p,
             .salt = keystore.salt},
        .cipher = {.name = std::string{cipher_name}, .nonce = keystore.nonce}};
}

Json to_document(std::string_view text) {
    auto document = codec::parse_json(text);
    CAIRN_ASSERT(document.has_value());
    return std::move(*document);
}

Bytes associated_data(const Keystore& keystore) {
    const auto text = codec::to_json(public_fields(keystore));
    return to_bytes(codec::canonical_text(to_document(text)));
}

/// SHA-256 of the canonical text of `document` without its field `checksum`.
Hash256 checksum_of(const Json& document) {
    auto covered = Json::object();
    for (const auto& [name, value] : *document.if_object())
        if (name != "checksum")
            covered.append_member(name, value);
    return crypto::sha256(as_bytes(codec::canonical_text(covered)));
}

std::string to_file(const Keystore& keystore) {
    FileFields fields{.open = public_fields(keystore), .sealed = keystore.sealed, .checksum = {}};
    fields.checksum = checksum_of(to_document(codec::to_json(fields)));
    return codec::to_json(fields) + '\n';
}

/// Whether `document` means to be a wallet. Either sign is enough: the other may be damaged.
bool looks_like_wallet(const Json& document) {
    const auto* format = document.find("format");
    const bool is_named =
        format != nullptr && format->if_text() != nullptr && *format->if_text() == format_name;
    return is_named || document.find("checksum") != nullptr;
}

bool is_intact(const Json& document) {
    const auto* checksum = document.find("checksum");
    return checksum != nullptr && checksum->if_text() != nullptr &&
           *checksum->if_text() == to_hex(checksum_of(document));
}

}  // namespace

std::string_view to_string(KeystoreError error) {
    switch (error) {
        case KeystoreError::truncated:
            return "truncated";
        case KeystoreError::damaged:
            return "damaged";
        case KeystoreError::not_a_wallet:
            return "not_a_wallet";
        case KeystoreError::unsupported_version:
            return "unsupported_version";
        case KeystoreError::unsupported_sealing:
            return "unsupported_sealing";
        case KeystoreError::wrong_passphrase:
            return "wrong_passphrase";
        case KeystoreError::no_randomness:
            return "no_randomness";
    }
    return "unknown";
}

std::string_view explain(KeystoreError error) {
    switch (error) {
        case KeystoreError::truncated:
            return "ends too early";
        case KeystoreError::damaged:
            return "is damaged";
        case KeystoreError::not_a_wallet:
            return "is not a wallet";
        case KeystoreError::unsupported_version:
            return "was written by a later version of cairn";
        case KeystoreError::unsupported_sealing:
            return "is sealed in a way that this version of cairn does not open";
        case KeystoreError::wrong_passphrase:
            return "does not open with this passphrase";
        case KeystoreError::no_randomness:
            return "cannot be sealed: the system gives no random bytes";
    }
    return "cannot be used";
}

Result<std::string, KeystoreError> seal_key(
    const crypto::SecretKey& key,
    const Secret& passphrase,
    const RandomSource& random,
    const crypto::ScryptParameters& parameters
) {
    Keystore keystore{.public_key = key.public_key(), .scrypt = parameters};
    if (!random(keystore.salt.bytes) || !random(keystore.nonce.bytes))
        return tl::unexpected{KeystoreError::no_randomness};
    const auto sealed = crypto::seal(
        crypto::derive_sealing_key(passphrase, keystore.salt.view(), parameters),
        keystore.nonce,
        associated_data(keystore),
        key.to_bytes()
    );
    keystore.sealed = *decltype(keystore.sealed)::from_view(sealed);
    return to_file(keystore);
}

Result<Keystore, KeystoreError> parse_keystore(std::string_view text) {
    if (text.size() > keystore_bytes_max)
        return tl::unexpected{KeystoreError::not_a_wallet};
    const auto document = codec::parse_json(text);
    // A file ends with its only line feed, so one that is cut has none.
    if (!document)
        return tl::unexpected{
            text.ends_with('\n') ? KeystoreError::damaged : KeystoreError::truncated};
    if (document->if_object() == nullptr || !looks_like_wallet(*document))
        return tl::unexpected{KeystoreError::not_a_wallet};
    if (!is_intact(*document))
        return tl::unexpected{KeystoreError::damaged};
    const auto* version = document->find("version");
    if (version != nullptr && version->if_unsigned() != nullptr &&
        *version->if_unsigned() > keystore_version)
        return tl::unexpected{KeystoreError::unsupported_version};
    const auto fields = codec::from_json<FileFields>(*document);
    if (!fields || fields->open.format != format_name || fields->open.version != keystore_version)
        return tl::unexpected{KeystoreError::not_a_wallet};
    const auto& [format, number, public_key, kdf, cipher] = fields->open;
    const crypto::ScryptParameters scrypt{.n = kdf.n, .r = kdf.r, .p = kdf.p};
    if (kdf.name != derivation_name || cipher.name != cipher_name || !is_acceptable(scrypt))
        return tl::unexpected{KeystoreError::unsupported_sealing};
    return Keystore{
        .public_key = public_key,
        .scrypt = scrypt,
        .salt = kdf.salt,
        .nonce = cipher.nonce,
        .sealed = fields->sealed};
}

Result<crypto::SecretKey, KeystoreError> open_keystore(
    const Keystore& keystore, const Secret& passphrase
) {
    const auto plain = crypto::open_sealed(
        crypto::derive_sealing_key(passphrase, keystore.salt.view(), keystore.scrypt),
        keystore.nonce,
        associated_data(keystore),
        keystore.sealed.view()
    );
    if (!plain)
        return tl::unexpected{KeystoreError::wrong_passphrase};
    auto key = crypto::SecretKey::from_bytes(plain->view());
    if (!key || key->public_key() != keystore.public_key)
        return tl::unexpected{KeystoreError::damaged};
    return std::move(*key);
}

}  // namespace cairn::wallet
