/// Absolute links from one page of a list to the next (spec 12 §4).
#pragma once

#include "src/http/target.hpp"

#include "cairn/http/exchange.hpp"
#include "cairn/rpc/command.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace cairn::http {

/// Where one page's neighbours are.
class PageLinks {
  public:
    /// `start` is the link without `from` and `count`, ending in `?` or `&`.
    PageLinks(std::string start, std::optional<std::uint64_t> from, std::string count);

    /// `answer` with `next` as a link, or null, and `previous` likewise, in front of its `}`.
    [[nodiscard]] std::string with_links(std::string answer) const;
    /// The link, as JSON, to the page before that of `answer`; `null` when this is the first or it
    /// cannot be known. Behind the end of a list it is the list's last page.
    [[nodiscard]] std::string previous(std::string_view answer) const;
    /// The link, as JSON, to the page that begins at `place`.
    [[nodiscard]] std::string link_to(std::string_view place) const;

  private:
    std::string start_;
    /// Nothing: pages of this list are read in one direction.
    std::optional<std::uint64_t> from_;
    std::string count_;
};

/// The links of a page that `command` gives for `target`; nothing for commands without pages.
[[nodiscard]] std::optional<PageLinks> make_links(
    const rpc::Command& command, const Target& target, const std::string& base
);

/// `GET /api/v1/block`: the chain as `{count,next,previous,results}`.
[[nodiscard]] std::unique_ptr<Exchange> make_block_list(
    const std::string& base, const Target& target
);

}  // namespace cairn::http
