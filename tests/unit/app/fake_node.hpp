/// A node on loopback that gives prepared replies.
#pragma once

#include "cairn/wire/frame.hpp"

#include <asio/buffer.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/write.hpp>

#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace cairn::test {

/// Serves one connection: the nth request gets the nth reply as a frame; after the last one the
/// connection is closed, or kept until the client goes.
class FakeNode {
  public:
    enum class AtEnd : std::uint8_t { close, keep };

    explicit FakeNode(std::vector<std::string> replies, AtEnd at_end = AtEnd::close)
        : replies_{std::move(replies)}, at_end_{at_end}, thread_{[this] { serve(); }} {}

    ~FakeNode() { join(); }

    FakeNode(const FakeNode&) = delete;
    FakeNode& operator=(const FakeNode&) = delete;

    [[nodiscard]] std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

    [[nodiscard]] std::string address() const { return "127.0.0.1:" + std::to_string(port()); }

    /// What was asked, when the client is gone.
    [[nodiscard]] const std::vector<std::string>& requests() {
        join();
        return requests_;
    }

  private:
    void join() {
        if (thread_.joinable())
            thread_.join();
    }

    void serve() {
        asio::error_code error;
        auto socket = acceptor_.accept(error);
        wire::FrameDecoder decoder;
        Bytes chunk(65'536);
        while (!error) {
            while (const auto request = decoder.next()) {
                requests_.emplace_back(as_text(*request));
                if (requests_.size() <= replies_.size()) {
                    const auto frame = wire::make_frame(as_bytes(replies_[requests_.size() - 1]));
                    asio::write(socket, asio::buffer(frame), error);
                }
                if (requests_.size() >= replies_.size() && at_end_ == AtEnd::close)
                    return;
            }
            const auto size = socket.read_some(asio::buffer(chunk), error);
            decoder.feed(ByteView{chunk}.first(size));
        }
    }

    std::vector<std::string> replies_;
    AtEnd at_end_;
    std::vector<std::string> requests_;
    asio::io_context io_;
    asio::ip::tcp::acceptor acceptor_{
        io_, asio::ip::tcp::endpoint{asio::ip::address_v4::loopback(), 0}};
    /// Last, so that it starts when all else is there.
    std::thread thread_;
};

}  // namespace cairn::test
