// `cairn balance` and `cairn transaction`: what a node says of an account and of a transaction.
#include "src/app/amount.hpp"
#include "src/app/client_commands.hpp"
#include "src/app/node_session.hpp"
#include "src/app/wallet_report.hpp"

#include <algorithm>
#include <ostream>

namespace cairn::app {

namespace {

using codec::Json;

/// A line for people: amounts in CRN, text without quotes, all else as JSON.
void write_field(std::ostream& out, std::string_view name, const Json& value) {
    constexpr std::size_t width = 15;
    std::string line{name};
    line.resize(std::max(width, line.size() + 1), ' ');
    const auto* number = value.if_unsigned();
    const bool is_amount = number != nullptr && (name == "amount" || name == "fee");
    // Quoted text holds no control characters, which a stranger may have put there.
    const auto text = codec::to_text(value);
    if (is_amount)
        out << line << to_coins(Amount{*number}) << " CRN\n";
    else
        out << line << (value.if_text() != nullptr ? text.substr(1, text.size() - 2) : text)
            << '\n';
}

}  // namespace

int run_balance(const BalanceOptions& options, std::ostream& out, std::ostream& errors) {
    auto session = open_session(options.node, options.timeout_seconds);
    if (!session)
        return report(session.error(), options.json, out, errors);
    const auto address = find_address(options.wallets, options.account, *session);
    if (!address)
        return report(address.error(), options.json, out, errors);
    const auto reply = session->ask(Json::object(
        {{"type", Json{"balance"}},
         {"address", Json{*address}},
         {"confirmations", Json{options.confirmations}}}
    ));
    if (!reply)
        return report(reply.error(), options.json, out, errors);
    const auto balance = number_field(*reply, "balance");
    const auto nonce = number_field(*reply, "nonce");
    if (!balance || !nonce)
        return report(session->not_understood("amount and nonce"), options.json, out, errors);
    if (options.json)
        out << codec::to_text(Json::object(
                   {{"address", Json{*address}},
                    {"confirmations", Json{options.confirmations}},
                    {"balance", Json{*balance}},
                    {"nonce", Json{*nonce}}}
               ))
            << '\n';
    else
        out << "address        " << *address << '\n'
            << "balance        " << to_coins(Amount{*balance}) << " CRN\n"
            << "confirmations  " << options.confirmations << '\n'
            << "next nonce     " << *nonce << '\n';
    return status_of(ExitCode::ok);
}

Result<void, Failure> check_transaction_id(const std::string& text) {
    if (fixed_from_hex<TxId>(text))
        return {};
    return tl::unexpected{bad_value(
        "'" + text + "' is no transaction's id: 64 hexadecimal digits",
        "64 hexadecimal digits",
        text
    )};
}

Failure not_a_record(const std::string& id) {
    return data_failure(
        rpc::UsageRule::not_a_record,
        "transaction " + id + " is no record",
        "a transaction that records something",
        "one of another kind",
        "cairn transaction ID tells what it is; cairn record list finds records"
    );
}

int run_transaction(const TransactionOptions& options, std::ostream& out, std::ostream& errors) {
    if (const auto checked = check_transaction_id(options.id); !checked)
        return report(checked.error(), options.json, out, errors);
    auto session = open_session(options.node, options.timeout_seconds);
    if (!session)
        return report(session.error(), options.json, out, errors);
    const auto reply = session->ask(
        Json::object({{"type", Json{"get_transaction"}}, {"transaction", Json{options.id}}})
    );
    if (!reply)
        return report(reply.error(), options.json, out, errors);
    if (options.json) {
        out << codec::to_text(*reply) << '\n';
        return status_of(ExitCode::ok);
    }
    for (const auto* name : {"status", "confirmations", "height", "block"})
        if (const auto* field = reply->find(name))
            write_field(out, name, *field);
    const auto* transaction = reply->find("transaction");
    if (transaction != nullptr && transaction->if_object() != nullptr)
        for (const auto& [name, value] : *transaction->if_object())
            write_field(out, name, value);
    return status_of(ExitCode::ok);
}

}  // namespace cairn::app
