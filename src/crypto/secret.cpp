#include "cairn/crypto/secret.hpp"

#include "cairn/base/assert.hpp"

#include <cryptopp/misc.h>

#include <algorithm>
#include <utility>

namespace cairn::crypto {

Secret::Secret(std::size_t size) : bytes_{std::make_unique<std::uint8_t[]>(size)}, size_{size} {}

Secret Secret::copy_of(ByteView bytes) {
    Secret secret{bytes.size()};
    std::copy(bytes.begin(), bytes.end(), secret.bytes_.get());
    return secret;
}

Secret Secret::copy_of(std::string_view text) {
    return copy_of(as_bytes(text));
}

Secret::Secret(Secret&& other) noexcept
    : bytes_{std::move(other.bytes_)}, size_{std::exchange(other.size_, 0)} {}

Secret& Secret::operator=(Secret&& other) noexcept {
    if (this != &other) {
        wipe();
        bytes_ = std::move(other.bytes_);
        size_ = std::exchange(other.size_, 0);
    }
    return *this;
}

Secret::~Secret() {
    wipe();
}

std::string_view Secret::text() const {
    return as_text(view());
}

void Secret::shorten(std::size_t size) {
    CAIRN_ASSERT(size <= size_);
    if (size < size_)
        CryptoPP::SecureWipeBuffer(bytes_.get() + size, size_ - size);
    size_ = size;
}

void Secret::wipe() {
    if (size_ > 0)
        CryptoPP::SecureWipeBuffer(bytes_.get(), size_);
}

bool is_same(const Secret& left, const Secret& right) {
    return left.size() == right.size() &&
           CryptoPP::VerifyBufsEqual(left.view().data(), right.view().data(), left.size());
}

}  // namespace cairn::crypto
