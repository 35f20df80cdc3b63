#include "cairn/http/gateway.hpp"

#include "src/http/describe.hpp"
#include "src/http/explorer.hpp"
#include "src/http/health.hpp"
#include "src/http/ports.hpp"
#include "src/http/rest.hpp"
#include "src/http/well_known.hpp"

#include "cairn/codec/json.hpp"
#include "cairn/http/error_reply.hpp"
#include "cairn/http/explorer.hpp"
#include "cairn/node/limits.hpp"
#include "cairn/rpc/request_text.hpp"

#include <algorithm>

namespace cairn::http {

namespace {

constexpr std::string_view node_hint =
    "The paths of a node stand below /node/PORT, such as /node/5001/api/v1/status.";

/// What `GET /ports` answers.
std::string list_ports(const GatewayOptions& options) {
    codec::JsonWriter writer;
    writer.begin_object();
    writer.write_name("version");
    writer.write_text(options.version);
    writer.write_name("ports");
    writer.begin_array();
    for (const auto port : options.nodes)
        writer.write_number(port);
    writer.end_array();
    writer.end_object();
    return writer.take();
}

std::function<Decision(const HttpRequest&, std::string_view)> always(std::string text) {
    return [body = std::move(text)](const HttpRequest&, std::string_view) {
        return Decision{HttpReply{.body = body}};
    };
}

/// The target below `/node/<port>`; empty when nothing follows the port.
std::string_view inner_target(std::string_view target) {
    const auto end = std::min(target.find('?'), target.size());
    const auto path = target.substr(0, end);
    const auto port = path.find('/', 1);
    const auto rest = path.find('/', port + 1);
    return rest == std::string_view::npos ? std::string_view{} : target.substr(rest);
}

HttpReply redirect(const std::string& place) {
    HttpReply reply{.status = 308, .content_type = {}};
    reply.headers.emplace_back("Location", place);
    return reply;
}

}  // namespace

Gateway::Gateway(GatewayOptions options)
    : options_{std::move(options)},
      node_{GateOptions{
          .hosts = options_.hosts,
          .cors = options_.cors,
          .version = options_.version,
          .open_probe = options_.open_probe}},
      gate_{GateOptions{
          .hosts = options_.hosts,
          .cors = options_.cors,
          .version = options_.version,
          .has_commands = false,
          .hint = node_hint}} {
    add_explorer(node_);
    for (const auto& asset : network_assets())
        gate_.add(asset);
    for (const auto& asset : explorer_assets())
        if (asset.path != "/")
            gate_.add(asset);
    for (const std::string_view method : {"GET", "POST", "PUT"})
        gate_.add(Route{
            .method = method,
            .path = "/node/*",
            .decide = [this](const HttpRequest& request, std::string_view rest) {
                return decide_node(request, rest);
            }});
    gate_.add(Route{.method = "GET", .path = "/ports", .decide = always(list_ports(options_))});
    gate_.add(Route{.method = "GET", .path = "/healthz", .decide = decide_alive});
    gate_.add(Route{
        .method = "GET",
        .path = "/openapi.json",
        .decide = always(describe_gateway_api(options_.version))});
    for (auto& route : well_known_routes(options_.cors, true))
        gate_.add(std::move(route));
}

Decision Gateway::decide_node(const HttpRequest& request, std::string_view rest) const {
    const auto port = parse_node_port(rest.substr(0, rest.find('/')));
    if (!port)
        return port.error();
    const auto prefix = "/node/" + std::to_string(*port);
    auto inner = request;
    inner.target = inner_target(request.target);
    inner.prefix = prefix;
    if (inner.target.empty())
        return redirect(prefix + '/');
    auto decision = node_.decide_inner(inner);
    if (std::holds_alternative<EventStream>(decision))
        return error_reply(
            {.rule = rpc::DoorRule::no_events,
             .message = "A gateway has no events: nodes tell them at their own door alone.",
             .expected = "any other path of a node",
             .actual = "/events",
             .hint =
                 "Start the node with --http, or ask again: " + prefix + "/api/v1/wait?height=1."}
        );
    return ask_at(*port, std::move(decision));
}

std::optional<std::string> Gateway::refuse_stranger(const Question& question) const {
    if (!options_.open_probe)
        return error_text(
            stranger("This gateway answers its own machine only.", "Start it with --open-probe.")
        );
    const auto place = std::find(options_.nodes.begin(), options_.nodes.end(), question.node);
    if (place == options_.nodes.end())
        return error_text(
            {.rule = rpc::DoorRule::node_not_shown,
             .message = "This gateway does not show that node.",
             .expected = "one of the ports of --nodes",
             .actual = std::to_string(question.node),
             .hint = "GET /ports lists those it shows."}
        );
    if (question.text.size() > node::foreign_text_request_bytes_max)
        return error_text(question_too_large(
            question.text.size(),
            node::foreign_text_request_bytes_max,
            "Ask from the gateway's machine, or for less."
        ));
    // As the node itself reads it, be it JSON or a command line.
    const auto request = rpc::parse_request(question.text);
    if (!request)
        return rpc::to_json(request.error(), {});
    const auto* command = rpc::find_command(*request->find("type")->if_text());
    if (command == nullptr || command->access == rpc::Access::control)
        return error_text(
            {.rule = rpc::DoorRule::stranger_control,
             .message = "Control commands are taken from this machine only.",
             .expected = "a command that reads",
             .actual = command == nullptr ? "no command" : std::string{command->name},
             .hint = "Give the command on the gateway's machine."}
        );
    return std::nullopt;
}

}  // namespace cairn::http
