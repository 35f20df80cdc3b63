// What only the operator may ask for.
#include "src/rpc/commands.hpp"

#include "cairn/ledger/body.hpp"

namespace cairn::rpc {

namespace {

Error bad_endpoint(const AddressRequest& request) {
    return bad_field("address", "host:port", printable(request.address));
}

}  // namespace

Outcome mine_block(const Call&, const MineRequest& request) {
    node::MineBlocks mine{.count = request.count.value};
    if (request.data) {
        mine.body = to_bytes(codec::canonical_text(request.data->value));
        if (mine.body.size() > ledger::body_bytes_max)
            return bad_field(
                "data",
                "at most " + std::to_string(ledger::body_bytes_max) + " bytes of canonical JSON",
                std::to_string(mine.body.size()) + " bytes"
            );
        if (!ledger::is_document(mine.body))
            return bad_field(
                "data",
                "at most " + std::to_string(ledger::document_depth_max) + " levels of nesting",
                "more"
            );
    }
    return Forward{.request = std::move(mine)};
}

Outcome add_peer(const Call&, const AddressRequest& request) {
    auto endpoint = node::parse_endpoint(request.address);
    if (!endpoint)
        return bad_endpoint(request);
    return Forward{.request = node::AddPeer{std::move(*endpoint)}};
}

Outcome drop_peer(const Call&, const AddressRequest& request) {
    auto endpoint = node::parse_endpoint(request.address);
    if (!endpoint)
        return bad_endpoint(request);
    return Forward{.request = node::DropPeer{std::move(*endpoint)}};
}

Outcome invalidate_block(const Call&, const InvalidateRequest& request) {
    return Forward{.request = node::Invalidate{request.hash}};
}

Outcome shutdown(const Call&, const NoArguments&) {
    return Forward{.request = node::Shutdown{}, .accepted = "stopping"};
}

}  // namespace cairn::rpc
