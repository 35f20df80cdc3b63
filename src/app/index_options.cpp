#include "src/app/index_options.hpp"

#include "src/app/history_command.hpp"
#include "src/app/receipt_command.hpp"
#include "src/app/usage.hpp"
#include "src/app/wallet_options.hpp"

#include <iostream>
#include <memory>

namespace cairn::app {

namespace {

Command make_history_command() {
    auto options = std::make_shared<HistoryOptions>();
    return {
        .name = "history",
        .help = "Show what concerns an account on the chain, the newest first",
        .options =
            {{"address",
              "ADDRESS|NAME",
              "An address, a wallet, or dev0 to dev9",
              &options->address},
             node_option(options->node),
             wallet_directory_option(options->wallets),
             {"--from", "PLACE", "Begin at HEIGHT, or HEIGHT.INDEX", &options->from},
             limit_option("Stop after this many", options->limit),
             {"--oldest-first", "", "From the chain's beginning", &options->is_oldest_first},
             timeout_option(options->timeout_seconds),
             json_option("--json", options->json)},
        .run =
            [options] {
                if (options->address.empty())
                    return usage(
                        "history needs an address or a name: cairn history dev0",
                        "cairn history ADDRESS|NAME",
                        options->json
                    );
                return run_history(*options, std::cout, std::cerr);
            },
        .is_configurable = true,
    };
}

/// What `get` and `verify` take together.
struct ReceiptOptions {
    std::string action;
    std::string subject;
    std::string checkpoint;
    ReceiptGetOptions get;
    ReceiptVerifyOptions verify;
};

int run_receipt(ReceiptOptions options) {
    if (options.action == "get") {
        if (options.subject.empty())
            return usage(
                "receipt get needs the record's id", "cairn receipt get ID", options.verify.json
            );
        options.get.transaction = options.subject;
        options.get.checkpoint = options.checkpoint;
        options.get.json = options.verify.json;
        return run_receipt_get(options.get, std::cout, std::cerr);
    }
    if (options.action != "verify" || options.subject.empty())
        return usage(
            "write cairn receipt get ID, or cairn receipt verify FILE [DOCUMENT]",
            "get ID, or verify FILE",
            options.verify.json,
            options.action == "verify" ? std::string_view{} : options.action
        );
    options.verify.file = options.subject;
    options.verify.checkpoint = options.checkpoint;
    return run_receipt_verify(options.verify, std::cout, std::cerr);
}

Command make_receipt_command() {
    auto options = std::make_shared<ReceiptOptions>();
    auto& get = options->get;
    auto& verify = options->verify;
    return {
        .name = "receipt",
        .help = "Prove without a node that a record is on a chain: get, or verify",
        .options =
            {{"action", "get|verify", "What to do", &options->action},
             {"subject", "ID|FILE", "The record, or the receipt", &options->subject},
             {"document", "FILE", "verify: what should be recorded", &verify.document},
             {"--output", "FILE", "get: where to write; - is the output", &get.output},
             {"--checkpoint", "HEIGHT[:HASH]", "A block to trust", &options->checkpoint},
             {"--confirmations", "N", "verify: blocks needed", &verify.confirmations},
             {"--chain", "NAME|FILE|ID", "verify: the chain expected", &verify.chain},
             {"--node", "[HOST:]PORT", "get: the node to ask", &get.node},
             timeout_option(get.timeout_seconds),
             json_option("--json", verify.json)},
        .run = [options] { return run_receipt(*options); },
        .is_configurable = true,
    };
}

}  // namespace

std::vector<Command> make_index_commands() {
    return {make_history_command(), make_receipt_command()};
}

}  // namespace cairn::app
