/// Absolute links from one page of a list to the next (spec 12 §4).
#pragma once

#include "src/http/target.hpp"

#include "cairn/http/exchange.hpp"
#include "cairn/rpc/command.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace cairn::http {

/// Where one page's neighbours are. Places are JSON, as `next` and `previous` of replies give them.
class PageLinks {
  public:
    /// `start` is the link without what says which page is meant, ending in `?` or `&`.
    PageLinks(std::string start, std::string count);

    /// `answer`, whose last members `next` and `previous` may be places, with links in their stead:
    /// both are there, `null` where there is no such page.
    [[nodiscard]] std::string with_links(std::string answer) const;
    /// The link, as JSON, to the page that begins at `place`; `null` when that is empty.
    [[nodiscard]] std::string next(std::string_view place) const;
    /// The link, as JSON, to the page that ends before `place`; `null` when that is empty.
    [[nodiscard]] std::string previous(std::string_view place) const;

  private:
    [[nodiscard]] std::string link(std::string_view name, std::string_view place) const;

    std::string start_;
    std::string count_;
};

/// The links of a page that `command` gives for `target`; nothing for commands without pages.
[[nodiscard]] std::optional<PageLinks> make_links(
    const rpc::Command& command, const Target& target, const std::string& base
);

/// The answer of `get_chain` as `{count,next,previous,results}`, the form in which lists of other
/// services come.
[[nodiscard]] HttpReply block_list(const std::string& answer, const PageLinks& links);

}  // namespace cairn::http
