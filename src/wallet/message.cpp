#include "cairn/wallet/message.hpp"

#include "cairn/crypto/sha256.hpp"

namespace cairn::wallet {

Hash256 message_hash(ByteView message) {
    return crypto::tagged_hash("cairn/message", message);
}

crypto::Signature sign_message(const crypto::SecretKey& key, ByteView message) {
    return key.sign(message_hash(message));
}

bool verify_message(
    const crypto::PublicKey& key, ByteView message, const crypto::Signature& signature
) {
    return crypto::verify(key, message_hash(message), signature);
}

}  // namespace cairn::wallet
