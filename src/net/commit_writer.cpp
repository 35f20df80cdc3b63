#include "src/net/commit_writer.hpp"

#include "cairn/base/assert.hpp"

#include <asio/post.hpp>

#include <memory>
#include <utility>

namespace cairn::net {

CommitWriter::CommitWriter(asio::io_context& home, Hooks hooks)
    : home_{home},
      hooks_{std::move(hooks)},
      guard_{asio::make_work_guard(context_)},
      thread_{[this] { context_.run(); }} {}

CommitWriter::~CommitWriter() {
    guard_.reset();
    thread_.join();
}

void CommitWriter::start(std::optional<chain::StartedCommit> commit) {
    CAIRN_ASSERT(!written_.valid());
    if (!commit) {
        asio::post(home_, [this] { hooks_.finished(); });
        return;
    }
    std::packaged_task<Written()> write{[commit = std::move(*commit)] { return commit.write(); }};
    written_ = write.get_future();
    asio::post(context_, [this, write = std::move(write)]() mutable {
        write();
        asio::post(home_, [this] {
            // Nothing else starts before this has been told: the result is this one's.
            take_result();
            hooks_.finished();
        });
    });
}

void CommitWriter::wait() {
    take_result();
}

void CommitWriter::take_result() {
    if (written_.valid())
        hooks_.written(std::exchange(written_, {}).get());
}

}  // namespace cairn::net
