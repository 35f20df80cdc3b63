#include "src/app/history_command.hpp"

#include "src/app/amount.hpp"
#include "src/app/index_pages.hpp"
#include "src/app/wallet_report.hpp"

#include "cairn/codec/timestamp.hpp"

#include <ostream>

namespace cairn::app {

namespace {

using codec::Json;

void write_amount(std::ostream& out, char sign, std::uint64_t pebbles) {
    if (pebbles > 0)
        out << "  " << sign << to_coins(Amount{pebbles}) << " CRN";
}

/// One line: place, time, what came and went, kind and id.
void write_entry(std::ostream& out, const Json& entry) {
    const auto number = [&entry](std::string_view name) {
        return number_field(entry, name).value_or(0);
    };
    out << number("height") << '.' << number("index") << "  "
        << codec::to_timestamp(UnixMillis{number("time")});
    write_amount(out, '+', number("received"));
    write_amount(out, '-', number("spent"));
    if (const auto* transaction = entry.find("transaction"))
        out << "  " << text_field(*transaction, "kind").value_or("?") << "  "
            << text_field(*transaction, "transaction").value_or("?");
    out << "  " << number("confirmations") << " deep\n";
}

Result<Json, Failure> make_request(const HistoryOptions& options, NodeSession& session) {
    const auto address = find_address(options.wallets, options.address, session);
    if (!address)
        return tl::unexpected{address.error()};
    auto request = Json::object(
        {{"type", Json{"history"}},
         {"address", Json{*address}},
         {"newest_first", Json{!options.is_oldest_first}}}
    );
    if (options.from.empty())
        return request;
    const auto from = parse_place(options.from, "--from");
    if (!from)
        return tl::unexpected{from.error()};
    return request.set("from", *from);
}

}  // namespace

int run_history(const HistoryOptions& options, std::ostream& out, std::ostream& errors) {
    auto session = open_session(options.node, options.timeout_seconds);
    if (!session)
        return report(session.error(), options.json, out, errors);
    auto request = make_request(options, *session);
    if (!request)
        return report(request.error(), options.json, out, errors);
    const auto list = read_entries(*session, std::move(*request), "transactions", options.limit);
    if (!list)
        return report(list.error(), options.json, out, errors);
    if (options.json) {
        const auto next = list->next.empty() ? Json{} : Json{list->next};
        out << codec::to_text(Json::object({{"transactions", Json{list->entries}}, {"next", next}}))
            << '\n';
        return status_of(ExitCode::ok);
    }
    for (const auto& entry : list->entries)
        write_entry(out, entry);
    if (!list->next.empty())
        out << "more from here: --from " << list->next << '\n';
    return status_of(ExitCode::ok);
}

}  // namespace cairn::app
