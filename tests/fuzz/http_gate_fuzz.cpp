// Any bytes as a request of HTTP, to a node's door and to a gateway: a decision whose statuses
// blame the client, and questions that are requests of the text protocol. The first line is method
// and target, others headers, then the body.
#include "cairn/base/assert.hpp"
#include "cairn/base/bytes.hpp"
#include "cairn/http/gate.hpp"
#include "cairn/http/gateway.hpp"
#include "cairn/rpc/request_text.hpp"

#include <algorithm>

namespace {

using cairn::http::HttpRequest;

std::string_view take_line(std::string_view& text) {
    const auto end = std::min(text.find('\n'), text.size());
    const auto line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return line;
}

HttpRequest read_request(std::string_view text) {
    HttpRequest request;
    const auto first = take_line(text);
    const auto middle = std::min(first.find(' '), first.size());
    request.method = first.substr(0, middle);
    request.target = first.substr(std::min(middle + 1, first.size()));
    for (auto line = take_line(text); !line.empty(); line = take_line(text)) {
        const auto colon = std::min(line.find(": "), line.size());
        request.headers.push_back(
            {.name = line.substr(0, colon), .value = line.substr(std::min(colon + 2, line.size()))}
        );
    }
    request.body = text;
    request.is_loopback = true;
    return request;
}

void check(const cairn::http::HttpReply& reply) {
    CAIRN_ASSERT(reply.status >= 200 && reply.status < 500);
}

/// Asks what `gate` decides, with the request's own bytes for each answer.
void play(const cairn::http::Gate& gate, std::string_view text, bool is_gateway) {
    auto decision = gate.decide(read_request(text));
    if (const auto* reply = std::get_if<cairn::http::HttpReply>(&decision))
        check(*reply);
    auto* exchange = std::get_if<std::unique_ptr<cairn::http::Exchange>>(&decision);
    if (exchange == nullptr)
        return;
    while (const auto question = (*exchange)->next()) {
        // Only what is too large for the text protocol may not be a request of it.
        const auto request = cairn::rpc::parse_request(question->text);
        CAIRN_ASSERT(request.has_value() || text.size() > 1024);
        CAIRN_ASSERT((question->node != 0) == is_gateway);
        (*exchange)->take(std::string{text});
    }
    // What the answer says is the node's business: it may be its own fault.
    static_cast<void>((*exchange)->reply());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    static const cairn::http::Gate gate{
        {.hosts = {"node.example"}, .cors = {"https://good.example"}, .version = "0"}};
    static const cairn::http::Gateway gateway{
        {.hosts = {"node.example"},
         .cors = {"https://good.example"},
         .version = "0",
         .nodes = {5001}}};
    const auto text = cairn::as_text({bytes, size});
    play(gate, text, false);
    play(gateway.gate(), text, true);
    return 0;
}
