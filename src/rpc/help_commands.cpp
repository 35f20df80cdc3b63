// What tells about the commands and the rules.
#include "src/rpc/chain_reading.hpp"
#include "src/rpc/commands.hpp"

#include "cairn/codec/timestamp.hpp"
#include "cairn/rpc/rules.hpp"

namespace cairn::rpc {

namespace {

void write_text(codec::JsonWriter& writer, std::string_view name, std::string_view text) {
    writer.write_name(name);
    writer.write_text(text);
}

void write_argument(codec::JsonWriter& writer, const Argument& argument) {
    writer.begin_object();
    write_text(writer, "name", argument.name);
    write_text(writer, "type", argument.type);
    writer.write_name("required");
    writer.write_bool(argument.is_required);
    if (!argument.preset.empty())
        writer.write_raw_field("default", argument.preset);
    if (argument.min > 0) {
        writer.write_name("min");
        writer.write_number(argument.min);
    }
    if (argument.max) {
        writer.write_name("max");
        writer.write_number(*argument.max);
    }
    writer.end_object();
}

void write_command(codec::JsonWriter& writer, const Command& command) {
    writer.begin_object();
    write_text(writer, "name", command.name);
    if (!command.alias.empty())
        write_text(writer, "alias", command.alias);
    writer.write_name("arguments");
    writer.begin_array();
    for (const auto& argument : command.arguments)
        write_argument(writer, argument);
    writer.end_array();
    write_text(writer, "help", command.help);
    write_text(writer, "access", to_string(command.access));
    writer.end_object();
}

void write_rules(codec::JsonWriter& writer, std::string_view name) {
    writer.write_name("rules");
    writer.begin_array();
    for (const auto& rule : find_rules(name)) {
        writer.begin_object();
        write_text(writer, "rule", rule.name);
        write_text(writer, "module", rule.module);
        write_text(writer, "meaning", rule.meaning);
        writer.end_object();
    }
    writer.end_array();
}

void write_refusal(codec::JsonWriter& writer, const node::CommandError& refusal) {
    writer.write_name("refusal");
    writer.begin_object();
    write_text(writer, "code", refusal.code);
    write_text(writer, "message", refusal.message);
    write_text(writer, "rule", refusal.rule);
    write_text(writer, "expected", refusal.expected);
    write_text(writer, "actual", refusal.actual);
    if (!refusal.hint.empty())
        write_text(writer, "hint", refusal.hint);
    if (refusal.height) {
        writer.write_name("height");
        writer.write_number(refusal.height->value);
    }
    writer.end_object();
    write_rules(writer, refusal.rule);
}

/// `story`: one sentence for each reorganisation, oldest first. Nothing when there was none.
void write_story(codec::JsonWriter& writer, const std::vector<node::Reorganisation>& told) {
    if (told.empty())
        return;
    writer.write_name("story");
    writer.begin_array();
    for (const auto& one : told)
        writer.write_text(codec::to_timestamp(one.at) + ": " + node::to_string(one));
    writer.end_array();
}

Error nothing_known(std::string_view what, std::string_view id) {
    return {
        .code = ErrorCode::not_found,
        .message = "Nothing is known of this " + std::string{what} + ".",
        .expected = "a " + std::string{what} + " that this node has seen",
        .actual = std::string{id},
        .hint = "A refusal is remembered for a while only."};
}

Outcome explain_code(const Call& call, std::string_view code) {
    if (find_rules(code).empty()) {
        const auto similar = similar_rule(code);
        return Error{
            .code = ErrorCode::not_found,
            .message = "There is no rule with this name.",
            .expected = "a rule's name, such as mempool.fee_too_low",
            .actual = printable(code),
            .hint = similar.empty() ? "Refusals and logs call it rule."
                                    : "Did you mean " + std::string{similar} + "?"};
    }
    write_text(call.reply, "code", code);
    write_rules(call.reply, code);
    return Done{};
}

Outcome explain_transaction(const Call& call, const TxId& id) {
    const auto status = find_transaction(call.view.chain(), call.view.pool(), id);
    if (!status)
        return status.error();
    auto& reply = call.reply;
    reply(codec::field("transaction", id));
    if (status->place) {
        write_text(reply, "status", "confirmed");
        reply(codec::field("height", status->place->height));
        reply.write_name("confirmations");
        reply.write_number(status->confirmations);
    } else if (status->is_pending) {
        write_text(reply, "status", "pending");
    } else if (const auto refusal = call.view.refusal(id.as<Hash256>())) {
        write_text(reply, "status", "refused");
        write_refusal(reply, *refusal);
    } else if (const auto reason = call.view.chronicle().drop_reason(id)) {
        write_text(reply, "status", "dropped");
        write_text(reply, "reason", mempool::to_string(*reason));
        write_rules(reply, "mempool." + std::string{mempool::to_string(*reason)});
    } else {
        return nothing_known("transaction", to_hex(id));
    }
    write_story(reply, call.view.chronicle().of_transaction(id));
    return Done{};
}

std::string_view status_name(chain::BlockStatus status) {
    switch (status) {
        case chain::BlockStatus::header_only:
            return "header_only";
        case chain::BlockStatus::stored:
            return "side";
        case chain::BlockStatus::active:
            return "active";
        case chain::BlockStatus::invalid:
            return "invalid";
    }
    return "invalid";
}

Outcome explain_block(const Call& call, const BlockHash& hash) {
    const auto& chain = call.view.chain();
    auto& reply = call.reply;
    reply(codec::field("block", hash));
    const auto refusal = call.view.refusal(hash.as<Hash256>());
    const auto* entry = chain.find(hash);
    if (entry != nullptr && (entry->status != chain::BlockStatus::invalid || !refusal)) {
        write_text(reply, "status", status_name(entry->status));
        reply.write_name("height");
        reply.write_number(entry->height().value);
        reply.write_name("confirmations");
        reply.write_number(confirmations_of(chain, *entry));
        write_text(reply, "work", consensus::to_decimal(entry->work));
        write_text(reply, "tip_work", consensus::to_decimal(chain.tip().work));
    } else if (refusal) {
        write_text(reply, "status", "refused");
    } else {
        return nothing_known("block", to_hex(hash));
    }
    if (refusal)
        write_refusal(reply, *refusal);
    write_story(reply, call.view.chronicle().of_block(hash));
    return Done{};
}

}  // namespace

Outcome ping(const Call& call, const NoArguments&) {
    call.reply.write_name("pong");
    call.reply.write_bool(true);
    return Done{};
}

Outcome help(const Call& call, const HelpRequest& request) {
    const Command* only = request.command ? find_command(*request.command) : nullptr;
    if (request.command && only == nullptr) {
        const auto similar = similar_command(*request.command);
        return Error{
            .code = ErrorCode::not_found,
            .message = "There is no command with this name.",
            .expected = "a command that help lists",
            .actual = printable(*request.command),
            .hint = similar.empty() ? "help without a name lists them."
                                    : "Did you mean " + std::string{similar} + "?"};
    }
    call.reply.write_name("commands");
    call.reply.begin_array();
    for (const auto& command : command_table())
        if (only == nullptr || only == &command)
            write_command(call.reply, command);
    call.reply.end_array();
    return Done{};
}

Outcome explain(const Call& call, const ExplainRequest& request) {
    const auto given = (request.code ? 1 : 0) + (request.transaction ? 1 : 0) +
                       (request.block ? 1 : 0) + (request.height ? 1 : 0);
    if (given != 1)
        return bad_field(
            "code", "one of code, transaction, block and height", std::to_string(given) + " of them"
        );
    if (request.code)
        return explain_code(call, *request.code);
    if (request.transaction)
        return explain_transaction(call, *request.transaction);
    if (request.block)
        return explain_block(call, *request.block);
    const auto& chain = call.view.chain();
    const auto* entry = chain.at(*request.height);
    if (entry == nullptr)
        return block_not_found(chain, {.height = request.height});
    return explain_block(call, entry->hash);
}

}  // namespace cairn::rpc
