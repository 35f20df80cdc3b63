#include "cairn/http/node_pool.hpp"

#include "src/http/members.hpp"
#include "src/http/ports.hpp"

#include "cairn/http/error_reply.hpp"
#include "cairn/rpc/command.hpp"
#include "cairn/wire/frame.hpp"

#include <asio/buffer.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/steady_timer.hpp>
#include <asio/write.hpp>

#include <algorithm>
#include <array>
#include <deque>
#include <map>
#include <optional>
#include <utility>

namespace cairn::http {

namespace {

using asio::ip::tcp;

constexpr std::size_t read_bytes = 64U * 1024;

/// True for a question that may be asked twice.
bool is_repeatable(std::string_view text) {
    const auto* command = rpc::find_command(plain_text(member(text, "type")));
    return command != nullptr && !command->changes;
}

}  // namespace

/// One connection. It reads at all times, also while it waits for a question: so it notices when
/// the node closes it.
struct NodePool::Link {
    explicit Link(asio::io_context& context) : socket{context}, timer{context} {
        decoder.set_payload_max(node_answer_bytes_max);
    }

    tcp::socket socket;
    asio::steady_timer timer;
    wire::FrameDecoder decoder;
    std::array<std::uint8_t, read_bytes> part{};
    std::uint16_t port = 0;
    /// Whose question is on its way; nothing: none.
    std::optional<node::LinkId> asker;
    std::string question;
    Bytes frame;
    /// An answer has come through it before.
    bool is_used = false;
};

struct NodePool::Parts : std::enable_shared_from_this<NodePool::Parts> {
    using LinkPointer = std::shared_ptr<Link>;

    Parts(asio::io_context& io, OnAnswer call, NodePoolOptions chosen)
        : context{io}, on_answer{std::move(call)}, options{chosen} {}

    void ask_anew(node::LinkId asker, std::uint16_t port, std::string question);
    [[nodiscard]] LinkPointer take_idle(std::uint16_t port);
    void send(const LinkPointer& link);
    void read(const LinkPointer& link);
    void on_bytes(const LinkPointer& link, std::size_t size);
    void limit_time(const LinkPointer& link, Duration time, std::string_view complaint);
    void keep(const LinkPointer& link);
    /// The connection is of no more use; its question is asked again, or answered `answer`.
    void fail(const LinkPointer& link, std::string answer);
    void close(const LinkPointer& link);

    asio::io_context& context;
    OnAnswer on_answer;
    NodePoolOptions options;
    std::map<node::LinkId, LinkPointer> busy;
    /// The oldest first.
    std::deque<LinkPointer> idle;
};

void NodePool::Parts::close(const LinkPointer& link) {
    std::error_code ignored;
    link->socket.close(ignored);
    link->timer.cancel();
    if (link->asker)
        busy.erase(*link->asker);
    link->asker.reset();
    std::erase(idle, link);
}

void NodePool::Parts::fail(const LinkPointer& link, std::string answer) {
    const auto asker = link->asker;
    auto question = std::move(link->question);
    const bool is_again = link->is_used && !link->decoder.is_mid_frame();
    close(link);
    if (!asker)
        return;
    if (is_again)
        ask_anew(*asker, link->port, std::move(question));
    else
        on_answer(*asker, std::move(answer));
}

void NodePool::Parts::limit_time(
    const LinkPointer& link, Duration time, std::string_view complaint
) {
    link->timer.expires_after(time);
    link->timer.async_wait([weak = weak_from_this(), link, complaint](const std::error_code& error
                           ) {
        const auto self = weak.lock();
        if (error || !self || !link->asker ||
            link->timer.expiry() > asio::steady_timer::clock_type::now())
            return;
        // It has been asked, however late it is: not again.
        link->is_used = false;
        self->fail(link, no_answer(link->port, complaint));
    });
}

void NodePool::Parts::ask_anew(node::LinkId asker, std::uint16_t port, std::string question) {
    const auto link = std::make_shared<Link>(context);
    link->port = port;
    link->asker = asker;
    link->question = std::move(question);
    busy.insert_or_assign(asker, link);
    limit_time(link, options.connect_time, "does not accept a connection in time");
    const tcp::endpoint place{asio::ip::address_v4::loopback(), port};
    link->socket.async_connect(
        place,
        [weak = weak_from_this(), link](const std::error_code& error) {
            const auto self = weak.lock();
            if (!self || !link->asker)
                return;
            std::error_code ignored;
            // A port that nobody listens on may be connected to itself.
            if (error ||
                link->socket.local_endpoint(ignored) == link->socket.remote_endpoint(ignored))
                return self->fail(link, no_node_answer(link->port));
            link->socket.set_option(tcp::no_delay{true}, ignored);
            self->read(link);
            self->send(link);
        }
    );
}

NodePool::Parts::LinkPointer NodePool::Parts::take_idle(std::uint16_t port) {
    const auto place = std::find_if(idle.begin(), idle.end(), [port](const LinkPointer& link) {
        return link->port == port;
    });
    if (place == idle.end())
        return nullptr;
    auto link = std::move(*place);
    idle.erase(place);
    return link;
}

void NodePool::Parts::send(const LinkPointer& link) {
    limit_time(link, options.answer_time, "has not answered in time");
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(link->question.data());
    link->frame = wire::make_frame({bytes, link->question.size()});
    asio::async_write(
        link->socket,
        asio::buffer(link->frame),
        [weak = weak_from_this(), link](const std::error_code& error, std::size_t) {
            const auto self = weak.lock();
            if (self && error && link->asker)
                self->fail(link, no_answer(link->port, "has closed the connection"));
        }
    );
}

void NodePool::Parts::read(const LinkPointer& link) {
    link->socket.async_read_some(
        asio::buffer(link->part),
        [weak = weak_from_this(), link](const std::error_code& error, std::size_t size) {
            const auto self = weak.lock();
            if (!self || !link->socket.is_open())
                return;
            if (error)
                self->fail(link, no_answer(link->port, "has closed the connection"));
            else
                self->on_bytes(link, size);
        }
    );
}

void NodePool::Parts::on_bytes(const LinkPointer& link, std::size_t size) {
    link->decoder.feed(ByteView{link->part}.first(size));
    const auto payload = link->decoder.next();
    const bool is_wrong =
        link->decoder.error().has_value() || (payload && payload->front() != '{') || !link->asker;
    if (is_wrong) {
        link->is_used = false;
        return fail(link, no_node_answer(link->port));
    }
    if (!payload)
        return read(link);
    const auto* text = reinterpret_cast<const char*>(payload->data());
    std::string answer{text, payload->size()};
    const auto asker = *link->asker;
    // Whatever follows an answer would be taken for the next one.
    if (link->decoder.is_mid_frame())
        close(link);
    else
        keep(link);
    on_answer(asker, std::move(answer));
}

void NodePool::Parts::keep(const LinkPointer& link) {
    link->timer.cancel();
    busy.erase(*link->asker);
    link->asker.reset();
    link->is_used = true;
    idle.push_back(link);
    read(link);
    if (idle.size() > options.idle_links)
        close(LinkPointer{idle.front()});
}

NodePool::NodePool(asio::io_context& context, OnAnswer on_answer, NodePoolOptions options)
    : parts_{std::make_shared<Parts>(context, std::move(on_answer), options)} {}

NodePool::~NodePool() {
    stop();
}

void NodePool::ask(node::LinkId link, Question question, bool) {
    if (question.text.size() > wire::text_payload_bytes_max) {
        const auto refused = question_too_large(
            question.text.size(), wire::text_payload_bytes_max, "Send less in one request."
        );
        return parts_->on_answer(link, error_text(refused));
    }
    const auto used = is_repeatable(question.text) ? parts_->take_idle(question.node) : nullptr;
    if (!used)
        return parts_->ask_anew(link, question.node, std::move(question.text));
    used->asker = link;
    used->question = std::move(question.text);
    parts_->busy.insert_or_assign(link, used);
    parts_->send(used);
}

void NodePool::forget(node::LinkId link) {
    const auto place = parts_->busy.find(link);
    if (place != parts_->busy.end())
        parts_->close(Parts::LinkPointer{place->second});
}

void NodePool::stop() {
    while (!parts_->busy.empty())
        parts_->close(Parts::LinkPointer{parts_->busy.begin()->second});
    while (!parts_->idle.empty())
        parts_->close(Parts::LinkPointer{parts_->idle.front()});
}

std::size_t NodePool::idle() const {
    return parts_->idle.size();
}

}  // namespace cairn::http
