#include "cairn/node/outbox.hpp"

#include "cairn/node/limits.hpp"

namespace cairn::node {

bool is_link_scoped(wire::MessageType type) {
    switch (type) {
        case wire::MessageType::hello:
        case wire::MessageType::feature:
        case wire::MessageType::hello_ack:
        case wire::MessageType::ping:
        case wire::MessageType::pong:
        case wire::MessageType::error:
        case wire::MessageType::bye:
        case wire::MessageType::get_addr:
        case wire::MessageType::addr:
        case wire::MessageType::register_node:
        case wire::MessageType::unregister_node:
        case wire::MessageType::get_nodes:
        case wire::MessageType::registered:
        case wire::MessageType::unregistered:
        case wire::MessageType::nodes:
        case wire::MessageType::get_registration:
        case wire::MessageType::registration:
            return true;
        case wire::MessageType::get_headers:
        case wire::MessageType::headers:
        case wire::MessageType::get_block:
        case wire::MessageType::block:
        case wire::MessageType::inv:
        case wire::MessageType::get_tx:
        case wire::MessageType::txs:
        case wire::MessageType::not_found:
        case wire::MessageType::fee_filter:
            return false;
    }
    return false;
}

void Outbox::send(const Peer& peer, const wire::Message& message, std::uint32_t request) {
    const std::uint8_t chain =
        is_link_scoped(wire::type_of(message)) ? std::uint8_t{0} : peer.our_alias;
    send_raw(
        peer.link,
        std::make_shared<const Bytes>(
            wire::encode_message(message, {.chain = chain, .request = request})
        )
    );
}

void Outbox::send_raw(LinkId link, std::shared_ptr<const Bytes> bytes) {
    auto& traffic = traffic_[link];
    traffic.queued += bytes->size();
    traffic.total += bytes->size();
    queued_ += bytes->size();
    sent_.add_frames(*bytes);
    if (traffic.is_metered)
        upload_.spend(bytes->size());
    if (traffic.queued > send_queue_bytes_max)
        blame(link, Fault::slow_reader);
    outputs_.emplace_back(SendBytes{link, std::move(bytes)});
}

void Outbox::blame(LinkId link, Fault fault) {
    blames_.emplace_back(link, fault);
}

void Outbox::push(Output output) {
    outputs_.push_back(std::move(output));
}

void Outbox::log(
    LogEvent::Level level,
    std::string_view area,
    std::string message,
    std::vector<std::pair<std::string_view, std::string>> fields
) {
    outputs_.emplace_back(LogEvent{level, area, std::move(message), std::move(fields)});
}

JobId Outbox::start(JobWork work) {
    const JobId id{++jobs_started_};
    outputs_.emplace_back(StartJob{Job{id, std::move(work)}});
    return id;
}

std::vector<Output> Outbox::take_outputs() {
    return std::exchange(outputs_, {});
}

std::vector<std::pair<LinkId, Fault>> Outbox::take_blames() {
    return std::exchange(blames_, {});
}

std::size_t Outbox::queued_bytes(LinkId link) const {
    const auto found = traffic_.find(link);
    return found == traffic_.end() ? 0 : found->second.queued;
}

std::uint64_t Outbox::sent_bytes(LinkId link) const {
    const auto found = traffic_.find(link);
    return found == traffic_.end() ? 0 : found->second.total;
}

void Outbox::set_queued_bytes(LinkId link, std::size_t queued) {
    auto& traffic = traffic_[link];
    queued_ -= traffic.queued;
    queued_ += queued;
    traffic.queued = queued;
}

void Outbox::meter(LinkId link) {
    traffic_[link].is_metered = true;
}

void Outbox::forget(LinkId link) {
    const auto found = traffic_.find(link);
    if (found == traffic_.end())
        return;
    queued_ -= found->second.queued;
    traffic_.erase(found);
}

}  // namespace cairn::node
