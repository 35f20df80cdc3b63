/// Asks a node for something over TCP and prints the JSON of the reply (spec 02):
/// `example_query_node [PORT [REQUEST]]`, for example `example_query_node 5001 get_block height=1`.
#include "cairn/wire/frame.hpp"

#include <asio/buffer.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/read.hpp>
#include <asio/write.hpp>

#include <array>
#include <exception>
#include <iostream>
#include <string>

namespace {

void query(int argc, char** argv) {
    const auto port = static_cast<std::uint16_t>(std::stoi(argc > 1 ? argv[1] : "5001"));
    std::string request = argc > 2 ? argv[2] : "status";
    for (int i = 3; i < argc; ++i)
        request += std::string{" "} + argv[i];

    asio::io_context io;
    asio::ip::tcp::socket socket{io};
    socket.connect({asio::ip::address_v4::loopback(), port});
    cairn::Bytes frame;
    cairn::wire::append_frame_header(frame, request.size());
    frame.insert(frame.end(), request.begin(), request.end());
    asio::write(socket, asio::buffer(frame));

    // Ten bytes that write the length of the reply, then the reply. The node is one of ours: what
    // a stranger sends belongs into a `FrameDecoder`.
    std::array<char, cairn::wire::frame_header_bytes> header{};
    asio::read(socket, asio::buffer(header));
    std::string reply(std::stoul(std::string{header.begin(), header.end()}), ' ');
    asio::read(socket, asio::buffer(reply));
    std::cout << reply << '\n';
}

}  // namespace

int main(int argc, char** argv) {
    try {
        query(argc, argv);
        return 0;
    } catch (const std::exception& error) {
        std::cerr << "query_node: " << error.what() << '\n';
        return 1;
    }
}
