#include "src/net/write_queue.hpp"

#include <catch2/catch.hpp>

#include <memory>

using namespace cairn;
using net::WriteQueue;

namespace {

std::shared_ptr<const Bytes> message(std::size_t size, std::uint8_t byte) {
    return std::make_shared<const Bytes>(size, byte);
}

Bytes joined(const std::vector<ByteView>& buffers) {
    Bytes all;
    for (const ByteView buffer : buffers)
        all.insert(all.end(), buffer.begin(), buffer.end());
    return all;
}

}  // namespace

TEST_CASE("WriteQueue: small messages leave in one buffer", "[net][write_queue]") {
    WriteQueue queue;
    queue.push(message(3, 1));
    queue.push(message(2, 2));

    REQUIRE(queue.gather().size() == 1);
    REQUIRE(joined(queue.gather()) == Bytes{1, 1, 1, 2, 2});
    REQUIRE(queue.queued_bytes() == 5);
}

TEST_CASE("WriteQueue: a large message is not copied", "[net][write_queue]") {
    WriteQueue queue;
    const auto large = message(net::small_message_bytes, 7);
    queue.push(large);

    REQUIRE(queue.gather().front().data() == large->data());
}

TEST_CASE("WriteQueue: what a write looks at stays where it is", "[net][write_queue]") {
    WriteQueue queue;
    queue.push(message(4, 1));
    const auto in_flight = queue.gather();
    queue.push(message(4, 2));

    REQUIRE(joined(in_flight) == Bytes{1, 1, 1, 1});
    REQUIRE(queue.gather().size() == 2);
    REQUIRE(queue.gather().front().data() == in_flight.front().data());
}

TEST_CASE("WriteQueue: a partial write goes on where it stopped", "[net][write_queue]") {
    WriteQueue queue;
    queue.push(message(3, 1));
    queue.push(message(net::small_message_bytes, 2));
    queue.push(message(1, 3));

    queue.consume(2);
    REQUIRE(queue.gather().front().size() == 1);
    queue.consume(1 + net::small_message_bytes - 1);
    REQUIRE(joined(queue.gather()) == Bytes{2, 3});
    queue.consume(2);
    REQUIRE(queue.empty());
    REQUIRE(queue.gather().empty());
}

TEST_CASE("WriteQueue: one write gathers no more than the system takes", "[net][write_queue]") {
    WriteQueue queue;
    for (std::size_t i = 0; i <= net::gather_buffers_max; ++i)
        queue.push(message(net::small_message_bytes, 1));

    REQUIRE(queue.gather().size() == net::gather_buffers_max);
    queue.consume(net::gather_buffers_max * net::small_message_bytes);
    REQUIRE(queue.gather().size() == 1);
}

TEST_CASE("WriteQueue: an empty message is nothing", "[net][write_queue]") {
    WriteQueue queue;
    queue.push(message(0, 0));

    REQUIRE(queue.empty());
    REQUIRE(queue.gather().empty());
}

TEST_CASE("WriteQueue: a joined buffer stops growing at its bound", "[net][write_queue]") {
    WriteQueue queue;
    constexpr std::size_t size = 1024;
    for (std::size_t i = 0; i <= net::joined_bytes_max / size; ++i)
        queue.push(message(size, 1));

    REQUIRE(queue.gather().size() == 2);
    REQUIRE(queue.gather().front().size() == net::joined_bytes_max);
}
