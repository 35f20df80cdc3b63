#include "cairn/rpc/server.hpp"

#include "src/rpc/access.hpp"
#include "src/rpc/chain_reading.hpp"

#include "cairn/chain/validation.hpp"
#include "cairn/node/node.hpp"
#include "cairn/node/text_session.hpp"
#include "cairn/rpc/command.hpp"
#include "cairn/rpc/request_text.hpp"

#include <algorithm>
#include <deque>
#include <map>

namespace cairn::rpc {

namespace {

/// A request that has not begun.
struct Queued {
    std::string text;
    bool is_loopback = false;
    /// It came when too many waited: only its error keeps its place.
    bool is_refused = false;
};

/// @name What a link's present request waits for
/// @{
struct ForCommand {
    std::string_view accepted;
};

struct ForGoal {
    WaitRequest request;
    Instant until;
    /// When to look again at the pool, whose changes nobody announces; `until` where only the chain
    /// decides.
    Instant look_at;

    [[nodiscard]] bool is_about_pool() const {
        return request.transaction && request.confirmations.value == 0;
    }

    void plan(Instant now) {
        look_at = is_about_pool() ? std::min(until, now + pool_look_interval) : until;
    }
};

struct ForValidation {
    std::unique_ptr<chain::Validator> run;
};

/// An error that is held back.
struct ForMoment {
    Error error;
    Instant until;
};

/// @}

using Pending = std::variant<ForCommand, ForGoal, ForValidation, ForMoment>;

/// A pushed transaction, or another reply that must not overtake one.
struct Push {
    node::CommandId command;
    std::string_view type;
    std::string id;
    /// Once it is known.
    std::optional<std::string> reply;
};

struct Session {
    std::deque<Queued> queue;
    /// Transactions that are being checked; nothing else is pending meanwhile.
    std::deque<Push> pushes;
    std::optional<Pending> pending;
    /// Of the pending request: its command's name and its `id` as JSON.
    std::string_view type;
    std::string id;
};

/// Begins a reply of `type`; fields follow.
void begin_reply(codec::JsonWriter& writer, std::string_view type) {
    writer.begin_object();
    writer.write_name("type");
    writer.write_text(type);
}

std::string end_reply(codec::JsonWriter& writer, std::string_view id) {
    if (!id.empty())
        writer.write_raw_field("id", id);
    writer.end_object();
    auto text = writer.take();
    if (text.size() <= reply_bytes_max)
        return text;
    return to_json(
        Error{
            .code = ErrorCode::too_large,
            .message = "The reply is larger than a frame may be.",
            .expected = "at most " + std::to_string(reply_bytes_max) + " bytes",
            .actual = std::to_string(text.size()) + " bytes",
            .hint = "Ask for less, such as a smaller count, or for a block by block_transactions.",
        },
        id
    );
}

Error too_busy(std::string message, std::size_t most) {
    return {
        .code = ErrorCode::busy,
        .message = std::move(message),
        .expected = "at most " + std::to_string(most) + " at once",
        .actual = "one more",
        .hint = "Try again later."};
}

void write_command_reply(
    codec::JsonWriter& writer, const node::CommandReply& reply, std::string_view accepted
) {
    std::visit(
        overloaded{
            [&](const node::MinedBlocks& mined) {
                writer.write_name("blocks");
                writer.begin_array();
                for (const auto& block : mined.blocks) {
                    writer.begin_object();
                    writer(
                        codec::field("height", block.height),
                        codec::field("hash", block.hash),
                        codec::field("prev_hash", block.previous)
                    );
                    writer.end_object();
                }
                writer.end_array();
            },
            [&](const node::PushedTransaction& pushed) {
                writer(codec::field("transaction", pushed.id));
                writer.write_name("status");
                writer.write_text(pushed.was_known ? "known" : "accepted");
            },
            [&](const node::Accepted&) {
                writer.write_name(accepted);
                writer.write_bool(true);
            },
        },
        *reply
    );
}

}  // namespace

struct Server::Parts {
    ServerConfig config;
    const node::NodeView& view;
    std::uint64_t salt;
    std::map<node::LinkId, Session> sessions;
    std::map<node::CommandId, node::LinkId> commands;
    node::CommandId next_command{1};
    std::vector<Action> actions;
    /// When something was last told; long work asks to go on then.
    Instant last;

    void send(node::LinkId link, std::string text) {
        actions.emplace_back(SendText{link, std::move(text)});
    }

    /// Serves a link's requests until one has to wait.
    void serve(Time now, node::LinkId link, Session& session);
    void begin(Time now, node::LinkId link, Session& session, const Queued& queued);
    /// Sends `text` when its turn has come: behind the replies to what was pushed before.
    void answer(node::LinkId link, Session& session, std::string text);
    /// Sends the replies to pushed transactions as far as they are known.
    void send_ready(node::LinkId link, Session& session);
    void run(
        Time now,
        node::LinkId link,
        Session& session,
        const Command& command,
        const codec::Json& request
    );
    void follow(node::LinkId link, Session& session, Outcome outcome, codec::JsonWriter& writer);
    /// Answers the pending request; the caller serves the next.
    void finish(node::LinkId link, Session& session, std::string text);
    void finish(node::LinkId link, Session& session, const Error& error);

    void look_at_goal(Time now, node::LinkId link, Session& session);
    void validate_step(node::LinkId link, Session& session);
    [[nodiscard]] std::size_t validations() const;
};

void Server::Parts::serve(Time now, node::LinkId link, Session& session) {
    while (!session.pending && !session.queue.empty()) {
        // Whatever is no push itself sees what was pushed before it.
        const auto& next = session.queue.front();
        if (!session.pushes.empty() && !next.is_refused && !node::is_push_request(next.text))
            return;
        const auto queued = std::move(session.queue.front());
        session.queue.pop_front();
        begin(now, link, session, queued);
        if (session.pending && std::holds_alternative<ForGoal>(*session.pending))
            look_at_goal(now, link, session);
    }
}

void Server::Parts::answer(node::LinkId link, Session& session, std::string text) {
    if (session.pushes.empty())
        return send(link, std::move(text));
    session.pushes.push_back({.command = {}, .type = {}, .id = {}, .reply = std::move(text)});
}

void Server::Parts::send_ready(node::LinkId link, Session& session) {
    while (!session.pushes.empty() && session.pushes.front().reply) {
        send(link, std::move(*session.pushes.front().reply));
        session.pushes.pop_front();
    }
}

void Server::Parts::begin(Time now, node::LinkId link, Session& session, const Queued& queued) {
    session.id.clear();
    if (queued.is_refused)
        return answer(
            link,
            session,
            to_json(
                too_busy("Too many requests wait on this connection.", requests_waiting_max), {}
            )
        );
    if (!queued.is_loopback && !view.config().open_probe)
        return answer(link, session, to_json(closed_to_strangers(), {}));
    const auto request = parse_request(queued.text);
    if (!request)
        return answer(link, session, to_json(request.error(), {}));
    auto id = read_id(*request);
    if (!id)
        return answer(link, session, to_json(id.error(), {}));
    session.id = std::move(*id);
    const auto& name = *request->find("type")->if_text();
    const auto* command = find_command(name);
    if (command == nullptr)
        return answer(link, session, to_json(unknown_command(name), session.id));
    session.type = command->name;
    if (const auto checked = check_chain(*request, view.chain()); !checked)
        return answer(link, session, to_json(checked.error(), session.id));
    if (command->access == Access::control) {
        const ControlRules rules{
            .cookie = config.cookie,
            .is_open = config.open_control && view.chain().spec().development,
            .is_loopback = queued.is_loopback,
        };
        if (auto refused = check_control(*request, rules)) {
            if (!refused->is_delayed)
                return answer(link, session, to_json(refused->error, session.id));
            session.pending = ForMoment{std::move(refused->error), now.steady + wrong_cookie_delay};
            return;
        }
    }
    run(now, link, session, *command, *request);
}

void Server::Parts::run(
    Time now,
    node::LinkId link,
    Session& session,
    const Command& command,
    const codec::Json& request
) {
    codec::JsonWriter writer;
    begin_reply(writer, command.name);
    const Call call{.view = view, .now = now, .version = config.version, .reply = writer};
    follow(link, session, command.run(call, request), writer);
}

void Server::Parts::follow(
    node::LinkId link, Session& session, Outcome outcome, codec::JsonWriter& writer
) {
    std::visit(
        overloaded{
            [&](const Done&) { answer(link, session, end_reply(writer, session.id)); },
            [&](Error& error) {
                if (error.code == ErrorCode::bad_field && error.hint.empty())
                    error.hint =
                        "help command=" + std::string{session.type} + " tells its arguments.";
                answer(link, session, to_json(error, session.id));
            },
            [&](Forward& forward) {
                if (std::holds_alternative<node::PushTransaction>(forward.request))
                    session.pushes.push_back({
                        .command = next_command,
                        .type = session.type,
                        .id = session.id,
                        .reply = std::nullopt,
                    });
                else
                    session.pending = ForCommand{forward.accepted};
                commands.emplace(next_command, link);
                actions.emplace_back(RunCommand{next_command, std::move(forward.request)});
                next_command = next_command.next();
            },
            [&](const Waiting& waiting) {
                ForGoal goal{waiting.request, waiting.until, waiting.until};
                goal.plan(last);
                session.pending = goal;
            },
            [&](const Validating& validating) {
                if (validations() >= validations_max)
                    return answer(
                        link,
                        session,
                        to_json(
                            too_busy("The chain is being validated already.", validations_max),
                            session.id
                        )
                    );
                session.pending = ForValidation{
                    std::make_unique<chain::Validator>(view.chain(), validating.from, salt)};
            },
        },
        outcome
    );
}

void Server::Parts::finish(node::LinkId link, Session& session, std::string text) {
    session.pending.reset();
    send(link, std::move(text));
}

void Server::Parts::finish(node::LinkId link, Session& session, const Error& error) {
    finish(link, session, to_json(error, session.id));
}

void Server::Parts::look_at_goal(Time now, node::LinkId link, Session& session) {
    const auto goal = std::get<ForGoal>(*session.pending);
    const auto height = view.chain().tip().height();
    bool is_reached = !goal.request.height || height >= *goal.request.height;
    std::uint64_t confirmations = 0;
    if (goal.request.transaction) {
        const auto status = find_transaction(view.chain(), view.pool(), *goal.request.transaction);
        if (!status)
            return finish(link, session, status.error());
        confirmations = status->confirmations;
        const bool is_seen = status->is_pending || status->place;
        is_reached = is_reached && is_seen && confirmations >= goal.request.confirmations.value;
    }
    if (!is_reached && now.steady < goal.until)
        return;
    codec::JsonWriter writer;
    begin_reply(writer, session.type);
    writer.write_name("reached");
    writer.write_bool(is_reached);
    writer(codec::field("height", height));
    if (goal.request.transaction) {
        writer.write_name("confirmations");
        writer.write_number(confirmations);
    }
    finish(link, session, end_reply(writer, session.id));
}

void Server::Parts::validate_step(node::LinkId link, Session& session) {
    auto& run = *std::get<ForValidation>(*session.pending).run;
    const auto result = run.step(validation_step_blocks);
    if (!result)
        return;
    codec::JsonWriter writer;
    begin_reply(writer, session.type);
    writer.write_name("valid");
    writer.write_bool(result->valid);
    writer.write_name("checked");
    writer.write_number(result->checked);
    if (!result->valid) {
        writer.write_name("reason");
        writer.write_text(result->reason);
    }
    finish(link, session, end_reply(writer, session.id));
}

std::size_t Server::Parts::validations() const {
    const auto count = std::count_if(sessions.begin(), sessions.end(), [](const auto& entry) {
        const auto& pending = entry.second.pending;
        return pending && std::holds_alternative<ForValidation>(*pending);
    });
    return static_cast<std::size_t>(count);
}

Server::Server(ServerConfig config, const node::NodeView& view, std::uint64_t salt)
    : view_{&view}, parts_{new Parts{.config = std::move(config), .view = view, .salt = salt}} {}

Server::~Server() = default;

void Server::on_text(Time now, const node::TextRequest& request) {
    parts_->last = now.steady;
    auto& session = parts_->sessions[request.link];
    const auto waiting = session.queue.size();
    // Far above the bound even the errors are not kept: this client does not wait for answers.
    if (waiting >= 2 * requests_waiting_max)
        return;
    const bool is_refused = waiting >= requests_waiting_max;
    session.queue.push_back({
        .text = is_refused ? std::string{} : request.text,
        .is_loopback = request.is_loopback,
        .is_refused = is_refused,
    });
    parts_->serve(now, request.link, session);
}

void Server::on_reply(Time now, node::CommandId id, const node::CommandReply& reply) {
    parts_->last = now.steady;
    const auto command = parts_->commands.extract(id);
    if (command.empty())
        return;
    const auto place = parts_->sessions.find(command.mapped());
    if (place == parts_->sessions.end())
        return;
    auto& [link, session] = *place;
    const auto push =
        std::find_if(session.pushes.begin(), session.pushes.end(), [id](const Push& one) {
            return !one.reply && one.command == id;
        });
    const bool is_push = push != session.pushes.end();
    const auto type = is_push ? push->type : session.type;
    const auto echoed = is_push ? push->id : session.id;
    std::string text;
    if (reply) {
        codec::JsonWriter writer;
        begin_reply(writer, type);
        const auto accepted =
            is_push ? std::string_view{} : std::get<ForCommand>(*session.pending).accepted;
        write_command_reply(writer, reply, accepted);
        text = end_reply(writer, echoed);
    } else {
        text = to_json(refused_command(reply.error()), echoed);
    }
    if (is_push) {
        push->reply = std::move(text);
        parts_->send_ready(link, session);
    } else {
        parts_->finish(link, session, std::move(text));
    }
    parts_->serve(now, link, session);
}

void Server::on_chain_event(Time now) {
    parts_->last = now.steady;
    for (auto& [link, session] : parts_->sessions) {
        if (session.pending && std::holds_alternative<ForGoal>(*session.pending))
            parts_->look_at_goal(now, link, session);
        parts_->serve(now, link, session);
    }
}

void Server::on_link_closed(node::LinkId link) {
    parts_->sessions.erase(link);
    std::erase_if(parts_->commands, [link](const auto& entry) { return entry.second == link; });
}

void Server::on_time(Time now) {
    parts_->last = now.steady;
    for (auto& [link, session] : parts_->sessions) {
        if (!session.pending)
            continue;
        if (const auto* held = std::get_if<ForMoment>(&*session.pending)) {
            if (now.steady >= held->until)
                parts_->finish(link, session, Error{held->error});
        } else if (auto* goal = std::get_if<ForGoal>(&*session.pending)) {
            if (now.steady >= goal->look_at) {
                goal->plan(now.steady);
                parts_->look_at_goal(now, link, session);
            }
        } else if (std::holds_alternative<ForValidation>(*session.pending)) {
            parts_->validate_step(link, session);
        }
        parts_->serve(now, link, session);
    }
}

std::optional<Instant> Server::next_wakeup() const {
    std::optional<Instant> earliest;
    const auto take = [&earliest](Instant instant) {
        earliest = earliest ? std::min(*earliest, instant) : instant;
    };
    for (const auto& [link, session] : parts_->sessions) {
        if (!session.pending)
            continue;
        if (const auto* held = std::get_if<ForMoment>(&*session.pending))
            take(held->until);
        else if (const auto* goal = std::get_if<ForGoal>(&*session.pending))
            take(goal->look_at);
        else if (std::holds_alternative<ForValidation>(*session.pending))
            take(parts_->last);
    }
    return earliest;
}

std::vector<Action> Server::take_actions() {
    return std::exchange(parts_->actions, {});
}

}  // namespace cairn::rpc
