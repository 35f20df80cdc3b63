// The text commands of a tracker (spec 10 §4), in the forms of spec 02.
#include "cairn/rpc/command.hpp"
#include "cairn/rpc/request_text.hpp"
#include "cairn/tracker/tracker.hpp"

#include <array>

namespace cairn::tracker {

namespace {

struct TextCommand {
    std::string_view name;
    std::string_view help;
};

constexpr std::array<TextCommand, 4> text_commands{{
    {"ping", "Answers, and does nothing else."},
    {"help", "Lists the commands."},
    {"status", "What this tracker is and how many nodes it lists."},
    {"nodes", "Live nodes, up to 50 at random; chain=ID asks for those of one chain."},
}};

struct NodesRequest {
    std::uint64_t count = wire::nodes_listed_max;
    std::optional<ChainId> chain;

    void load(codec::JsonReader& archive) {
        archive.begin_object();
        for (const auto* name : rpc::envelope_fields) {
            if (std::string_view{name} != "chain")
                archive.ignore_field(name);
        }
        archive(codec::field("chain", chain), codec::field("count", codec::defaulted(count)));
        archive.end_object();
    }
};

void write(codec::JsonWriter& writer, std::string_view name, std::string_view text) {
    writer.write_name(name);
    writer.write_text(text);
}

void write_help(codec::JsonWriter& writer) {
    writer.write_name("commands");
    writer.begin_array();
    for (const auto& command : text_commands) {
        writer.begin_object();
        write(writer, "name", command.name);
        writer.write_name("arguments");
        writer.begin_array();
        writer.end_array();
        write(writer, "help", command.help);
        write(writer, "access", "read");
        writer.end_object();
    }
    writer.end_array();
}

Result<void, rpc::Error> write_nodes(
    codec::JsonWriter& writer, const codec::Json& request, const Registry& registry, Random& random
) {
    const auto refused = [](rpc::Error error) {
        error.hint = "nodes takes count and chain, a chain's id.";
        return tl::unexpected{std::move(error)};
    };
    const auto arguments = codec::from_json<NodesRequest>(request);
    if (!arguments)
        return refused(rpc::bad_field(arguments.error()));
    if (arguments->count < 1 || arguments->count > wire::nodes_listed_max)
        return refused(rpc::bad_field("count", "1 to 50", std::to_string(arguments->count)));
    writer.write_name("nodes");
    writer.begin_array();
    for (const auto* entry : registry.draw(arguments->chain, arguments->count, random))
        writer.write_text(to_string(entry->endpoint));
    writer.end_array();
    writer.write_name("total");
    writer.write_number(registry.size());
    return {};
}

rpc::Error forbidden() {
    return {
        .code = rpc::ErrorCode::forbidden,
        .message = "This tracker answers text requests from its own machine only.",
        .expected = "a request from the tracker's own machine",
        .actual = "one from another machine",
        .hint = "Start it with --open-probe to answer others."};
}

rpc::Error too_busy(Duration rest) {
    return {
        .code = rpc::ErrorCode::busy,
        .message = "Too many requests in one minute.",
        .expected = "at most " + std::to_string(requests_per_minute_max),
        .actual = "one more",
        .hint = "Try again in " + std::to_string(rest / seconds{1} + 1) + " seconds."};
}

}  // namespace

std::string Tracker::answer(const Link& link, std::string_view text) {
    if (!link.is_loopback && !config_.open_probe)
        return to_json(forbidden(), {});
    if (!link.is_loopback) {
        const Duration rest = requests_.count(counted_as(link), now_.steady);
        if (rest > Duration{})
            return to_json(too_busy(rest), {});
    }
    const auto request = rpc::parse_request(text);
    if (!request)
        return to_json(request.error(), {});
    const auto id = rpc::read_id(*request);
    if (!id)
        return to_json(id.error(), {});
    const std::string& name = *request->find("type")->if_text();
    codec::JsonWriter writer;
    writer.begin_object();
    write(writer, "type", name);
    if (name == "ping") {
        writer.write_name("pong");
        writer.write_bool(true);
    } else if (name == "help") {
        write_help(writer);
    } else if (name == "status") {
        write(writer, "role", "tracker");
        write(writer, "version", config_.version);
        writer.write_name("nodes");
        writer.write_number(registry_.size());
        writer.write_name("links");
        writer.write_number(links_.size());
        writer.write_name("uptime_ms");
        writer.write_number(static_cast<std::uint64_t>((now_.steady - *started_) / milliseconds{1})
        );
    } else if (name == "nodes") {
        if (const auto written = write_nodes(writer, *request, registry_, random_); !written)
            return to_json(written.error(), *id);
    } else {
        return to_json(
            rpc::Error{
                .code = rpc::ErrorCode::unknown_command,
                .message = "A tracker has no such command.",
                .expected = "a command that help lists",
                .actual = rpc::printable(name),
                .hint = "help lists the commands."},
            *id
        );
    }
    if (!id->empty())
        writer.write_raw_field("id", *id);
    writer.end_object();
    return writer.take();
}

}  // namespace cairn::tracker
