#include "src/http/request_bodies.hpp"

#include "src/http/describe.hpp"
#include "src/http/schema.hpp"

#include "cairn/base/assert.hpp"
#include "cairn/http/limits.hpp"
#include "cairn/ledger/limits.hpp"

#include <vector>

namespace cairn::http {

namespace {

using codec::Json;

constexpr std::string_view signed_transaction_name = "SignedTransaction";

struct Member {
    std::string_view name;
    Json schema;
    bool is_required = true;
};

/// An object with these members and no others.
Json closed_object(const std::vector<Member>& members) {
    auto properties = Json::object();
    auto required = Json::array();
    for (const auto& [name, schema, is_required] : members) {
        properties.set(name, schema);
        if (is_required)
            required.push_back(Json{name});
    }
    return Json::object(
        {{"type", Json{"object"}},
         {"properties", std::move(properties)},
         {"required", std::move(required)},
         {"additionalProperties", Json{false}}}
    );
}

Json any_form_of(Json::Array forms) {
    return Json::object({{"anyOf", Json{std::move(forms)}}});
}

/// The schema of an argument of this type, with at most `max` (`rpc::Argument`).
Json limited(std::string_view type, std::uint64_t max) {
    return argument_schema({.name = {}, .type = type, .preset = {}, .max = max});
}

Json patterned(std::string_view pattern) {
    return Json::object({{"type", Json{"string"}}, {"pattern", Json{pattern}}});
}

Json word(std::string_view text) {
    return Json::object({{"const", Json{text}}});
}

/// A transaction of `kind` as it is shown (spec 05 §3). Its id may be left out.
Json signed_transaction(std::string_view kind, std::vector<Member> payload) {
    const auto digits_32 = patterned("^[0-9a-f]{64}$");
    std::vector<Member> members{
        {"transaction", digits_32, false},
        {"kind", word(kind)},
        {"from", digits_32},
        {"nonce", limited("number", quantity_max)},
        {"fee", limited("number", quantity_max)}};
    for (auto& member : payload)
        members.push_back(std::move(member));
    members.push_back({"signature", patterned("^[0-9a-f]{128}$")});
    return closed_object(members);
}

Json signed_record(std::string_view format, Member body) {
    return signed_transaction(
        "record",
        {{"stream", limited("text", ledger::stream_bytes_max)},
         {"key", limited("text", ledger::key_bytes_max)},
         {"format", word(format)},
         std::move(body)}
    );
}

/// What clients may hand in: nobody sends a coinbase.
Json signed_transactions() {
    return any_form_of(
        {signed_transaction(
             "transfer",
             {{"to", patterned("^[0-9a-f]{64}$")},
              {"amount", limited("number", quantity_max)},
              {"memo", limited("text", ledger::memo_bytes_max)}}
         ),
         signed_record("json", {"body", Json::object()}),
         signed_record("bytes", {"body_hex", limited("hex", ledger::body_bytes_max)})}
    );
}

Json signed_transaction_reference() {
    return Json::object(
        {{"$ref", Json{"#/components/schemas/" + std::string{signed_transaction_name}}}}
    );
}

/// The arguments of `push_transaction`: the transaction in one of its forms.
Json::Array pushed_forms() {
    const auto bytes = limited("hex", ledger::transaction_bytes_max);
    const Member replace{
        .name = "replace",
        .schema = Json::object({{"type", Json{"boolean"}}}),
        .is_required = false};
    return {
        closed_object(
            {{"transaction", any_form_of({signed_transaction_reference(), bytes})}, replace}
        ),
        closed_object({{"hex", bytes}, replace})};
}

Json described_body(Json schema, bool is_required) {
    auto content =
        Json::object({{"application/json", Json::object({{"schema", std::move(schema)}})}});
    return Json::object({{"required", Json{is_required}}, {"content", std::move(content)}});
}

/// What `POST /discover` takes.
Json node_list() {
    const auto text = Json::object({{"type", Json{"string"}}, {"minLength", Json{1}}});
    auto list = Json::object({{"type", Json{"array"}}, {"items", text}});
    list.set("minItems", Json{std::uint64_t{1}});
    list.set("maxItems", Json{std::uint64_t{discovered_nodes_max}});
    return any_form_of(
        {closed_object({{"nodes", std::move(list)}}),
         closed_object({{"address", text}}),
         closed_object({{"url", text}})}
    );
}

}  // namespace

codec::Json command_body(const rpc::Command& command) {
    if (command.name == "push_transaction")
        return described_body(any_form_of(pushed_forms()), true);
    std::vector<Member> members;
    bool is_needed = false;
    for (const auto& argument : command.arguments) {
        members.push_back({argument.name, argument_schema(argument), argument.is_required});
        is_needed = is_needed || argument.is_required;
    }
    return described_body(closed_object(members), is_needed);
}

codec::Json well_known_body(const WellKnown& row) {
    switch (row.kind) {
        case WellKnownKind::body: {
            auto forms = pushed_forms();
            forms.insert(forms.begin(), signed_transaction_reference());
            return described_body(any_form_of(std::move(forms)), true);
        }
        case WellKnownKind::peers:
            return described_body(node_list(), true);
        case WellKnownKind::block_of:
            return described_body(
                Json::object({{"description", Json{"Any JSON value: it becomes the block's data."}}}
                ),
                false
            );
        case WellKnownKind::question:
        case WellKnownKind::running:
        case WellKnownKind::chain:
        case WellKnownKind::blocks:
        case WellKnownKind::mined:
            break;
    }
    // These are asked by GET.
    CAIRN_ASSERT(false);
    return {};
}

codec::Json frames_body() {
    // The first byte decides whether TCP takes it for a request (spec 01 §3).
    return described_body(closed_object({{"request", patterned("^[ -~]")}}), true);
}

codec::Json::Object body_schemas() {
    return {{std::string{signed_transaction_name}, signed_transactions()}};
}

}  // namespace cairn::http
