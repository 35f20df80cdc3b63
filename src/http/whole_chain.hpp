/// All blocks of the active chain in one reply.
///
/// `get_chain` gives a part at a time, and between two parts the tip may move. Parts are put
/// together only when the first block of each rests on the last one of the part before: then all of
/// them are below the tip that the last part has seen.
#pragma once

#include "cairn/http/exchange.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace cairn::http {

class WholeChain final : public Exchange {
  public:
    /// Gives the blocks alone, or beside their number as `get_chain` does.
    explicit WholeChain(bool is_list) : is_list_{is_list} {}

    [[nodiscard]] std::optional<Question> next() override;
    void take(std::string answer) override;
    /// 413 when the blocks take more than `batch_bytes_max`, 429 when the tip moved below what had
    /// been read `chain_readings_max` times.
    [[nodiscard]] HttpReply reply() override;

  private:
    void begin_again();

    bool is_list_;
    bool is_done_ = false;
    /// Of the next part.
    std::uint64_t from_ = 0;
    std::size_t readings_ = 1;
    /// The blocks, with commas between them.
    std::string blocks_;
    std::uint64_t count_ = 0;
    /// Of the last block read, as it stands in its JSON.
    std::string last_hash_;
    std::optional<HttpReply> failure_;
};

}  // namespace cairn::http
