#include "src/app/client_options.hpp"

#include "src/app/client_commands.hpp"
#include "src/app/usage.hpp"
#include "src/app/wallet_options.hpp"

#include <iostream>
#include <memory>
#include <utility>

namespace cairn::app {

namespace {

std::vector<Option> signing_options(SigningOptions& options) {
    return {
        node_option(options.node),
        {"--from", "ACCOUNT", "The sender: a wallet, or dev0 to dev9", &options.from},
        wallet_directory_option(options.wallets),
        password_file_option(options.wallets),
        {"--fee", "CRN", "The fee, or auto", &options.fee},
        {"--chain", "NAME", "Refuse a node of another chain", &options.chain},
        {"--wait", "N", "Wait for this many confirmations", &options.wait},
        timeout_option(options.timeout_seconds),
    };
}

Command make_probe_command() {
    auto options = std::make_shared<ProbeOptions>();
    return {
        .name = "probe",
        .help = "Send one command to a node and show its answer",
        .options =
            {{"node", "[HOST:]PORT", "The node to ask", &options->node},
             {"command", "COMMAND [KEY=VALUE...]", "help lists the commands", &options->words},
             {"--datadir", "DIR", "Where the node's control.cookie is", &options->datadir},
             timeout_option(options->timeout_seconds),
             json_option("--json", options->json),
             {"--raw", "", "Show the bytes both ways, headers in brackets", &options->raw}},
        .run =
            [options] {
                if (options->node.empty())
                    return usage(
                        "probe needs a node and a command: cairn probe 5001 help",
                        "cairn probe [HOST:]PORT COMMAND",
                        options->json
                    );
                return run_probe(*options, std::cout, std::cerr);
            },
        .is_configurable = true,
    };
}

Command make_send_command() {
    auto options = std::make_shared<SendOptions>();
    auto list = signing_options(options->signing);
    list.push_back(
        {"--to", "ADDRESS", "The recipient: an address, a wallet, or dev0 to dev9", &options->to}
    );
    list.push_back({"--amount", "CRN", "How much, up to 6 decimals", &options->amount});
    list.push_back({"--memo", "TEXT", "A note, up to 256 bytes", &options->memo});
    list.push_back(json_option("--json", options->signing.json));
    return {
        .name = "send",
        .help = "Send coins",
        .options = std::move(list),
        .run =
            [options] {
                if (options->signing.from.empty() || options->to.empty() || options->amount.empty())
                    return usage(
                        "send needs --from ACCOUNT, --to ADDRESS and --amount 1.5",
                        "--from, --to and --amount",
                        options->signing.json
                    );
                forbid_core_dumps();
                return run_send(*options, std::cout, std::cerr);
            },
        .is_configurable = true,
        .takes_secrets = true,
    };
}

/// What `put`, `list` and `get` take together: the command line has one level of commands.
struct RecordOptions {
    std::string action;
    RecordGetOptions get;
    RecordPutOptions put;
    RecordListOptions list;
};

int run_record(RecordOptions options) {
    const bool json = options.put.signing.json;
    if (options.action == "put") {
        const auto& put = options.put;
        if (put.stream.empty() || put.key.empty() || put.signing.from.empty())
            return usage(
                "record put needs --stream NAME, --key KEY and --from ACCOUNT",
                "--stream, --key and --from",
                json
            );
        forbid_core_dumps();
        return run_record_put(options.put, std::cout, std::cerr);
    }
    if (options.action == "get") {
        if (options.get.transaction.empty())
            return usage("record get needs the record's id", "cairn record get ID", json);
        options.get.node = options.put.signing.node;
        options.get.timeout_seconds = options.put.signing.timeout_seconds;
        options.get.json = json;
        return run_record_get(options.get, std::cout, std::cerr);
    }
    if (options.action != "list")
        return usage(
            "write cairn record put --stream NAME --key KEY --from ACCOUNT, "
            "cairn record list --stream NAME, or cairn record get ID",
            "put, list or get",
            json,
            options.action
        );
    if (options.put.stream.empty())
        return usage("record list needs --stream NAME", "--stream NAME", json);
    options.list.node = options.put.signing.node;
    options.list.stream = options.put.stream;
    options.list.key = options.put.key;
    options.list.timeout_seconds = options.put.signing.timeout_seconds;
    options.list.json = json;
    return run_record_list(options.list, std::cout, std::cerr);
}

Command make_record_command() {
    auto options = std::make_shared<RecordOptions>();
    auto& put = options->put;
    auto list = signing_options(put.signing);
    list.push_back({"action", "put|list|get", "What to do", &options->action});
    list.push_back({"id", "ID", "get: the record's transaction", &options->get.transaction});
    list.push_back({"--stream", "NAME", "The stream, up to 64 bytes", &put.stream});
    list.push_back({"--key", "KEY", "The key, up to 256 bytes", &put.key});
    list.push_back({"--file", "FILE", "put: the body; *.json as a document", &put.file});
    list.push_back({"--json", "TEXT", "put: the body as JSON text", &put.text});
    list.push_back(
        {"--from-height", "HEIGHT", "list: the first block looked at", &options->list.from_height}
    );
    list.push_back({"--body", "", "get: only what was recorded", &options->get.is_body_only});
    list.push_back(limit_option("list: stop after this many", options->list.limit));
    // `--json` is the body here, so the output's form has a name of its own.
    list.push_back(json_option("--json-output", put.signing.json));
    return {
        .name = "record",
        .help = "Write and read records: put, list, or get",
        .options = std::move(list),
        .run = [options] { return run_record(*options); },
        .is_configurable = true,
        .takes_secrets = true,
    };
}

Command make_balance_command() {
    auto options = std::make_shared<BalanceOptions>();
    return {
        .name = "balance",
        .help = "Show what an account has",
        .options =
            {{"account",
              "ADDRESS|NAME",
              "An address, a wallet, or dev0 to dev9",
              &options->account},
             {"--confirmations",
              "N",
              "How deep blocks must be; 0: the mempool counts too",
              &options->confirmations},
             node_option(options->node),
             wallet_directory_option(options->wallets),
             timeout_option(options->timeout_seconds),
             json_option("--json", options->json)},
        .run =
            [options] {
                if (options->account.empty())
                    return usage(
                        "balance needs an address or a name: cairn balance dev0",
                        "cairn balance ADDRESS|NAME",
                        options->json
                    );
                return run_balance(*options, std::cout, std::cerr);
            },
        .is_configurable = true,
    };
}

Command make_transaction_command() {
    auto options = std::make_shared<TransactionOptions>();
    return {
        .name = "transaction",
        .help = "Show a transaction and where it is",
        .options =
            {{"id", "ID", "64 hexadecimal digits", &options->id},
             node_option(options->node),
             timeout_option(options->timeout_seconds),
             json_option("--json", options->json)},
        .run =
            [options] {
                if (options->id.empty())
                    return usage(
                        "transaction needs an id: cairn transaction ID",
                        "cairn transaction ID",
                        options->json
                    );
                return run_transaction(*options, std::cout, std::cerr);
            },
        .is_configurable = true,
    };
}

Command make_version_command() {
    auto json = std::make_shared<bool>(false);
    return {
        .name = "version",
        .help = "Show what this program is",
        .options = {json_option("--json", *json)},
        .run = [json] { return run_version(*json, std::cout); },
        .is_configurable = true,
    };
}

}  // namespace

std::vector<Command> make_client_commands() {
    return {
        make_probe_command(),
        make_wallet_command(),
        make_send_command(),
        make_balance_command(),
        make_transaction_command(),
        make_record_command(),
        make_version_command(),
    };
}

}  // namespace cairn::app
