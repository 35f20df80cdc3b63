/// Asks nodes of this machine over TCP, by the text protocol (spec 01, 02).
///
/// Rules:
/// 1. A question has a connection for itself until it is answered, so one that waits holds up no
///    other.
/// 2. Connections that are done are used again for commands that change nothing: if the node has
///    just closed one, the question is asked once more on a new one. What changes something is
///    never asked twice.
/// 3. Every question is answered: where no node answers, by an error (`no_node`, `no_answer`).
#pragma once

#include "cairn/base/time.hpp"
#include "cairn/http/limits.hpp"
#include "cairn/http/server.hpp"

#include <asio/io_context.hpp>

#include <functional>
#include <memory>
#include <string>

namespace cairn::http {

struct NodePoolOptions {
    std::size_t idle_links = idle_node_links_max;
    Duration connect_time = node_connect_time_max;
    Duration answer_time = node_answer_time_max;
};

class NodePool final : public Backend {
  public:
    using OnAnswer = std::function<void(node::LinkId link, std::string answer)>;

    /// `context` must outlive it, and `on_answer` is called on its thread.
    NodePool(asio::io_context& context, OnAnswer on_answer, NodePoolOptions options = {});
    ~NodePool() override;
    NodePool(const NodePool&) = delete;
    NodePool& operator=(const NodePool&) = delete;

    /// Asks the node at `question.node`, on loopback.
    void ask(node::LinkId link, Question question, bool is_loopback) override;
    void forget(node::LinkId link) override;
    /// Closes all connections; nothing is answered any more.
    void stop();
    /// Connections that wait for a question.
    [[nodiscard]] std::size_t idle() const;

  private:
    struct Parts;
    struct Link;
    /// Shared with callbacks that run after a connection was closed.
    std::shared_ptr<Parts> parts_;
};

}  // namespace cairn::http
