#include "src/app/question_commands.hpp"

#include "src/app/amount.hpp"
#include "src/app/answer.hpp"
#include "src/app/node_session.hpp"
#include "src/app/usage.hpp"

#include "cairn/ledger/amount_text.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <ostream>

namespace cairn::app {

namespace {

using codec::Json;

Json explain_request(std::string_view what, Json value) {
    return Json::object({{"type", Json{"explain"}}, {what, std::move(value)}});
}

/// The height that `text` writes; nothing where it is none.
std::optional<std::uint64_t> parse_height(const std::string& text) {
    constexpr std::size_t digits_max = 15;
    const bool is_number = !text.empty() && text.size() <= digits_max &&
                           std::all_of(text.begin(), text.end(), [](char letter) {
                               return letter >= '0' && letter <= '9';
                           });
    return is_number ? std::optional{std::uint64_t{std::stoull(text)}} : std::nullopt;
}

/// An id does not tell what it is of: both are asked for.
Result<Json, Failure> explain_id(NodeSession& session, const std::string& id) {
    for (const auto* what : {"transaction", "block"}) {
        auto reply = session.ask(explain_request(what, Json{id}));
        if (reply || reply.error().error_code != "not_found")
            return reply;
    }
    return tl::unexpected{Failure{
        .code = ExitCode::data,
        .message = to_string(session.endpoint()) + " knows nothing of this id",
        .rule = "rpc.not_found",
        .expected = "a transaction or block that the node has seen",
        .actual = id,
        .hint = "a refusal is remembered for a while only; other nodes may know more",
        .error_code = "not_found"}};
}

Result<Json, Failure> explain_subject(NodeSession& session, const std::string& subject) {
    if (fixed_from_hex<Hash256>(subject))
        return explain_id(session, subject);
    if (const auto height = parse_height(subject))
        return session.ask(explain_request("height", Json{*height}));
    return session.ask(explain_request("code", Json{subject}));
}

/// `answer` with each rule as a line of text.
Json with_readable_rules(Json answer) {
    const auto* rules = answer.find("rules");
    if (rules == nullptr || rules->if_array() == nullptr)
        return answer;
    auto lines = Json::array();
    for (const auto& rule : *rules->if_array())
        lines.push_back(Json{
            text_field(rule, "module").value_or("?") + "." +
            text_field(rule, "rule").value_or("?") + ": " +
            text_field(rule, "meaning").value_or("?")});
    answer.set("rules", std::move(lines));
    return answer;
}

/// The estimates that `options` ask for; empty where `reply` has none of the right form.
std::vector<Json> chosen_estimates(const EstimateFeeOptions& options, const Json& reply) {
    std::vector<Json> chosen;
    const auto* estimates = reply.find("estimates");
    if (estimates == nullptr || estimates->if_array() == nullptr)
        return chosen;
    for (const auto& estimate : *estimates->if_array()) {
        for (const auto* name : {"blocks", "fee", "rate", "chance_percent"})
            if (!number_field(estimate, name))
                return {};
        if (options.blocks == 0) {
            chosen.push_back(estimate);
        } else if (number_field(estimate, "blocks") <= options.blocks) {
            // They come in order of blocks.
            chosen.assign(1, estimate);
        }
    }
    return chosen;
}

void write_fee(std::ostream& out, std::string label, std::uint64_t fee, std::uint64_t rate) {
    constexpr std::size_t label_width = 11;
    label.resize(std::max(label_width, label.size()), ' ');
    out << label << "  " << to_coins(Amount{fee}) << " CRN, " << ledger::pebbles_text(rate)
        << " per 1000 bytes";
}

void write_estimates(std::ostream& out, const std::vector<Json>& estimates, const Json& reply) {
    for (const auto& estimate : estimates) {
        const auto blocks = *number_field(estimate, "blocks");
        const auto label = std::to_string(blocks) + (blocks == 1 ? " block" : " blocks");
        write_fee(out, label, *number_field(estimate, "fee"), *number_field(estimate, "rate"));
        out << ", enough in " << *number_field(estimate, "chance_percent") << " of 100 cases\n";
    }
    const auto least = number_field(reply, "minimum");
    const auto rate = number_field(reply, "minimum_rate");
    if (least && rate) {
        write_fee(out, "the least", *least, *rate);
        out << '\n';
    }
    if (const auto size = number_field(reply, "transfer_bytes"))
        out << "fees are those of a transfer of " << *size << " bytes\n";
}

Command make_explain_command() {
    auto options = std::make_shared<ExplainOptions>();
    return {
        .name = "explain",
        .help = "Tell what a rule means, or what became of a transaction or block",
        .options =
            {{"subject",
              "RULE|ID|HEIGHT",
              "A rule such as mempool.known, a transaction's or block's id, or a height",
              &options->subject},
             node_option(options->node),
             timeout_option(options->timeout_seconds),
             json_option("--json", options->json)},
        .run =
            [options] {
                if (options->subject.empty())
                    return usage(
                        "explain needs a rule, the id of a transaction or block, or a height: "
                        "cairn explain mempool.fee_too_low",
                        "cairn explain RULE|ID|HEIGHT",
                        options->json
                    );
                return run_explain(*options, std::cout, std::cerr);
            },
        .is_configurable = true,
    };
}

Command make_estimate_fee_command() {
    auto options = std::make_shared<EstimateFeeOptions>();
    return {
        .name = "estimate-fee",
        .help = "Show which fees are enough for the next blocks",
        .options =
            {{"--blocks",
              "N",
              "Only the fee for being in one of the next N blocks",
              &options->blocks,
              "",
              {.least = 1}},
             node_option(options->node),
             timeout_option(options->timeout_seconds),
             json_option("--json", options->json)},
        .run = [options] { return run_estimate_fee(*options, std::cout, std::cerr); },
        .is_configurable = true,
    };
}

}  // namespace

int run_explain(const ExplainOptions& options, std::ostream& out, std::ostream& errors) {
    auto session = open_session(options.node, options.timeout_seconds);
    if (!session)
        return report(session.error(), options.json, out, errors);
    const auto answer = explain_subject(*session, options.subject);
    if (!answer)
        return report(answer.error(), options.json, out, errors);
    if (options.json)
        out << codec::to_text(*answer) << '\n';
    else if (answer->if_object() != nullptr)
        write_answer(out, with_readable_rules(*answer));
    return status_of(ExitCode::ok);
}

int run_estimate_fee(const EstimateFeeOptions& options, std::ostream& out, std::ostream& errors) {
    auto session = open_session(options.node, options.timeout_seconds);
    if (!session)
        return report(session.error(), options.json, out, errors);
    const auto reply = session->ask(Json::object({{"type", Json{"estimate_fee"}}}));
    if (!reply)
        return report(reply.error(), options.json, out, errors);
    const auto estimates = chosen_estimates(options, *reply);
    if (estimates.empty())
        return report(session->not_understood("estimates"), options.json, out, errors);
    if (!options.json)
        write_estimates(out, estimates, *reply);
    else
        out << codec::to_text(options.blocks == 0 ? *reply : estimates.front()) << '\n';
    return status_of(ExitCode::ok);
}

std::vector<Command> make_question_commands() {
    return {make_explain_command(), make_estimate_fee_command()};
}

}  // namespace cairn::app
