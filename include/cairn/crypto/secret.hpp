/// Bytes that must not spread: keys, passphrases, recovery words.
///
/// Copying, comparing and printing do not compile, so that a secret cannot slip into a log, an
/// error text or a second place in memory by accident. The memory is wiped before it is given back.
#pragma once

#include "cairn/base/bytes.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

namespace cairn::crypto {

class Secret {
  public:
    /// No bytes.
    Secret() = default;
    /// `size` zero bytes, to be written through `writable`.
    explicit Secret(std::size_t size);
    /// A copy of `bytes`; the caller answers for the place that they come from.
    [[nodiscard]] static Secret copy_of(ByteView bytes);
    /// A copy of the bytes of `text`.
    [[nodiscard]] static Secret copy_of(std::string_view text);

    Secret(const Secret&) = delete;
    Secret& operator=(const Secret&) = delete;
    Secret(Secret&& other) noexcept;
    Secret& operator=(Secret&& other) noexcept;
    ~Secret();

    [[nodiscard]] std::size_t size() const { return size_; }

    [[nodiscard]] bool is_empty() const { return size_ == 0; }

    /// @{
    /// The bytes, as such or as characters; valid while this secret is.
    [[nodiscard]] ByteView view() const { return {bytes_.get(), size_}; }

    [[nodiscard]] std::string_view text() const;

    [[nodiscard]] std::span<std::uint8_t> writable() { return {bytes_.get(), size_}; }

    /// @}

    /// Keeps the first `size` bytes, at most those that there are, and wipes the others.
    void shorten(std::size_t size);

  private:
    void wipe();

    std::unique_ptr<std::uint8_t[]> bytes_;
    std::size_t size_ = 0;
};

/// Whether both hold the same bytes; takes as long for any content of one size.
[[nodiscard]] bool is_same(const Secret& left, const Secret& right);

/// Printing a secret does not compile.
template <class Stream>
Stream& operator<<(Stream& stream, const Secret& secret) = delete;

}  // namespace cairn::crypto
