#include "src/app/tracker_command.hpp"

#include "src/app/exit.hpp"
#include "src/app/listen.hpp"
#include "src/app/log.hpp"
#include "src/app/option_values.hpp"
#include "src/app/version.hpp"

#include "cairn/net/shell.hpp"
#include "cairn/tracker/tracker.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <memory>

namespace cairn::app {

namespace {

struct TrackerOptions {
    std::string name = "tracker";
    std::uint64_t port = 5000;
    std::string bind = "127.0.0.1";
    bool localnet = false;
    bool open_probe = false;
    std::uint64_t lifetime = tracker::entry_lifetime / std::chrono::seconds{1};
    std::string log_level = "info";
    std::string log_format = "text";
};

tracker::TrackerConfig read_config(const TrackerOptions& options) {
    constexpr NumberRange lifetimes{3, 86'400};
    check_range("--lifetime", options.lifetime, lifetimes);
    return {
        .version = std::string{version_number()},
        .local_network = options.localnet || is_local_address(options.bind),
        .open_probe = options.open_probe,
        .lifetime = std::chrono::seconds{options.lifetime}};
}

int run_tracker(const TrackerOptions& options) {
    const auto wanted_port = to_port("--port", options.port);
    const auto config = read_config(options);
    Log log{
        {.file = {},
         .format = read_log_format(options.log_format),
         .filter = read_log_filter(options.log_level)}};
    raise_descriptor_limit();
    net::Shell shell;
    const auto port = listen_or_throw(shell, options.bind, wanted_port);
    tracker::Tracker tracker{config, Random{random_seed()}};
    net::ShellHooks hooks;
    hooks.started = [&options, port] {
        fmt::print(
            "ready name={} port={} role=tracker lifetime_s={}\n",
            plain_or_quoted(options.name),
            port,
            options.lifetime
        );
        std::fflush(stdout);
    };
    hooks.log = [&log](const node::LogEvent& event) { log.write(event); };
    const auto end = shell.run({.machine = tracker}, std::move(hooks), 1, 0);
    const bool is_clean = end.reason == net::StopReason::clean;
    return static_cast<int>(is_clean ? ExitCode::ok : ExitCode::failure);
}

}  // namespace

Command make_tracker_command() {
    const auto options = std::make_shared<TrackerOptions>();
    TrackerOptions& target = *options;
    Command command;
    command.name = "tracker";
    command.help = "Run a tracker: nodes that register with it find each other";
    command.is_configurable = true;
    command.options = {
        {"port,--port,-p", "PORT", "Where to listen; 0 takes a free port", &target.port},
        {"--name", "NAME", "What the tracker calls itself in its ready line", &target.name},
        {"--bind", "ADDRESS", "The address to listen on", &target.bind},
        {"--localnet", "", "List loopback and private addresses too", &target.localnet},
        {"--open-probe", "", "Answer text commands of other machines too", &target.open_probe},
        {"--lifetime",
         "SECONDS",
         "How long a node stays on the list without a heartbeat",
         &target.lifetime},
        {"--log-level", "LEVELS", "debug, info, warning, error; info,net=debug", &target.log_level},
        {"--log-format", "text|json", "How lines of the log look", &target.log_format},
    };
    command.run = [options] { return run_tracker(*options); };
    return command;
}

}  // namespace cairn::app
