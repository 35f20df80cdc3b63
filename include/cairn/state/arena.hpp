/// Storage for many small nodes that name each other by 32-bit index.
#pragma once

#include "cairn/base/assert.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <vector>

namespace cairn::state {

/// Hands out elements by index; a freed index is used again. Elements never move, because memory
/// grows by whole chunks: no copy of a large array, and no time at which two of them exist.
template <class T>
class Arena {
  public:
    /// The index of a fresh element, equal to `T{}`.
    [[nodiscard]] std::uint32_t allocate() {
        if (!free_.empty()) {
            const auto index = free_.back();
            free_.pop_back();
            (*this)[index] = T{};
            return index;
        }
        CAIRN_ASSERT(used_ < std::numeric_limits<std::uint32_t>::max());
        if (used_ % chunk_elements == 0)
            chunks_.push_back(std::make_unique<T[]>(chunk_elements));
        return used_++;
    }

    /// Gives `index` back. Nothing may refer to it any more.
    void release(std::uint32_t index) { free_.push_back(index); }

    [[nodiscard]] T& operator[](std::uint32_t index) {
        return chunks_[index / chunk_elements][index % chunk_elements];
    }

    [[nodiscard]] const T& operator[](std::uint32_t index) const {
        return chunks_[index / chunk_elements][index % chunk_elements];
    }

    /// Elements that are allocated and not released.
    [[nodiscard]] std::size_t size() const { return used_ - free_.size(); }

  private:
    static constexpr std::uint32_t chunk_elements = 4096;

    std::vector<std::unique_ptr<T[]>> chunks_;
    std::vector<std::uint32_t> free_;
    std::uint32_t used_ = 0;
};

}  // namespace cairn::state
