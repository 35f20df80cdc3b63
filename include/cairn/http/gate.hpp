/// The door's keeper: what an HTTP request means, without sockets.
///
/// Rules (spec 12):
/// 1. It knows the command table and HTTP, and no rule of the chain.
/// 2. Nothing that a stranger sends makes it fail: what is wrong gets a status below 500.
/// 3. Who asks by another name than the machine's is refused, so that a page of the web cannot ask
///    through its reader's browser (DNS rebinding); what changes something is refused to pages of
///    other sites.
#pragma once

#include "cairn/http/exchange.hpp"
#include "cairn/http/message.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace cairn::http {

struct GateOptions {
    /// Names by which the machine may be called besides `localhost` and IP literals.
    std::vector<std::string> hosts;
    /// The origins whose pages may read replies, such as `https://example.org`; `*` for all.
    std::vector<std::string> cors;
    /// The program's version, for the descriptions.
    std::string version;
    /// The commands of a node are served here. A gateway has further gates for those of each node.
    bool has_commands = true;
    /// Other machines may listen to events; whether they may send commands is not decided here.
    bool open_probe = false;
    /// What to try when there is no such path.
    std::string_view hint = "/openapi.json lists all of them.";
};

/// Something that is served as it is.
struct Asset {
    std::string_view path;
    std::string_view content_type;
    /// Must outlive the gate.
    std::string_view content;
};

/// The client wants events, those after `last_id` first.
struct EventStream {
    /// As it came. Nothing: from now on.
    std::optional<std::string> last_id;
    /// Headers of the reply.
    std::vector<std::pair<std::string, std::string>> headers;
};

using Decision = std::variant<HttpReply, std::unique_ptr<Exchange>, EventStream>;

/// A path of somebody else's, such as the gateway's.
struct Route {
    /// In capitals; GET serves HEAD too.
    std::string_view method;
    /// A path, or with `/*` at its end all paths below it.
    std::string_view path;
    /// Decides; `rest` is what stands for `*`, decoded.
    std::function<Decision(const HttpRequest& request, std::string_view rest)> decide;
    /// Whether a GET route says that it takes HEAD.
    bool takes_head = true;
};

class Gate {
  public:
    explicit Gate(GateOptions options);
    ~Gate();
    Gate(const Gate&) = delete;
    Gate& operator=(const Gate&) = delete;

    /// Serves `asset` at its path to GET.
    void add(const Asset& asset);
    /// Adds a route. The checks of host, origin and size come before it.
    void add(Route route);

    /// What `request` is answered. Everything in the result is its own.
    [[nodiscard]] Decision decide(const HttpRequest& request) const;
    /// The same for what another gate has let in already, and tells the other sites of: only the
    /// path is looked at.
    [[nodiscard]] Decision decide_inner(const HttpRequest& request) const;
    /// `reply` with the headers that every reply has.
    [[nodiscard]] HttpReply finish(HttpReply reply) const;

  private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace cairn::http
