// The one file that includes RESTinio: it takes long to compile.
#include "cairn/http/server.hpp"

#include "src/http/pause.hpp"
#include "src/http/polite_socket.hpp"

#include "cairn/http/error_reply.hpp"
#include "cairn/http/event_ring.hpp"
#include "cairn/net/address.hpp"

#include <restinio/all.hpp>

#include <chrono>
#include <deque>
#include <map>
#include <optional>
#include <system_error>
#include <utility>

namespace cairn::http {

namespace {

/// Notes why RESTinio closes a connection: it logs that just before.
class RefusalLog {
  public:
    explicit RefusalLog(Refusal& refusal) : refusal_{&refusal} {}

    template <class Builder>
    void trace(Builder&&) const noexcept {}

    template <class Builder>
    void info(Builder&&) const noexcept {}

    template <class Builder>
    void warn(Builder&&) const noexcept {}

    template <class Builder>
    void error(Builder&& builder) const {
        refusal_->set(refusal_status(builder()));
    }

  private:
    Refusal* refusal_;
};

/// Refuses connections beyond a number. RESTinio's own limiter must outlive all connections, which
/// an io_context of somebody else's does not promise.
class Doorman {
  public:
    explicit Doorman(std::size_t max) : max_{max} {}

    [[nodiscard]] restinio::ip_blocker::inspection_result_t
    inspect(const restinio::ip_blocker::incoming_info_t&) const noexcept {
        return count_ < max_ ? restinio::ip_blocker::inspection_result_t::allow
                             : restinio::ip_blocker::inspection_result_t::deny;
    }

    void on_change(const restinio::connection_state::notice_t& notice) noexcept {
        if (restinio::holds_alternative<restinio::connection_state::accepted_t>(notice.cause()))
            ++count_;
        else if (restinio::holds_alternative<restinio::connection_state::closed_t>(notice.cause()))
            --count_;
    }

  private:
    std::size_t max_;
    std::size_t count_ = 0;
};

class Listener {
  public:
    explicit Listener(std::shared_ptr<Doorman> doorman) : doorman_{std::move(doorman)} {}

    void state_changed(const restinio::connection_state::notice_t& notice) const noexcept {
        doorman_->on_change(notice);
    }

  private:
    std::shared_ptr<Doorman> doorman_;
};

struct Traits : restinio::default_single_thread_traits_t {
    using logger_t = RefusalLog;
    using stream_socket_t = PoliteSocket;
    using connection_state_listener_t = Listener;
    using ip_blocker_t = Doorman;
};

using RestinioServer = restinio::http_server_t<Traits>;
using Streaming = restinio::response_builder_t<restinio::chunked_output_t>;

restinio::http_status_line_t status_line(unsigned status) {
    return {
        restinio::http_status_code_t{static_cast<std::uint16_t>(status)},
        std::string{reason_phrase(status)}};
}

}  // namespace

// RESTinio looks for these two beside the type of its socket.
template <class Connection, class Start, class Failed>
void prepare_connection_and_start_read(PoliteSocket&, Connection&, Start start, Failed) {
    start();
}

// NOLINTNEXTLINE(misc-use-internal-linkage): found by argument-dependent lookup
inline restinio::impl::tls_socket_t*
make_tls_socket_pointer_for_state_listener(PoliteSocket&) noexcept {
    return nullptr;
}

struct HttpServer::Parts : std::enable_shared_from_this<HttpServer::Parts> {
    Parts(asio::io_context& io, const Gate& keeper, Backend& answers, ServerOptions chosen)
        : context{io},
          gate{keeper},
          backend{answers},
          options{std::move(chosen)},
          pause{io},
          ring{options.process},
          alive{io} {}

    /// A request that waits for answers.
    struct Waiting {
        restinio::request_handle_t request;
        std::unique_ptr<Exchange> exchange;
        bool is_loopback = false;
    };

    /// A listener to events.
    struct Stream {
        Streaming response;
        /// The last event that it was sent.
        std::uint64_t sent = 0;
        bool is_writing = false;
    };

    /// Something to do: look at a request, or ask the next question of one.
    struct Turn {
        /// Null: it is `link`'s.
        restinio::request_handle_t request;
        node::LinkId link;
    };

    void open(const asio::ip::address& address, std::uint16_t port, std::uint16_t& bound);
    /// Lets `turn` come when those before it are done, and others had the thread.
    void queue(Turn turn);
    /// Calls `serve` once what waits for the thread already has had it.
    void wake();
    /// Takes turns for `turn_time_max`, unless there is a pause.
    void serve();
    void take_turn(Turn turn);
    /// Leaves the thread to others after a request that took `worked`, if they have more urgent
    /// work.
    void give_way(std::chrono::steady_clock::duration worked);
    void on_request(const restinio::request_handle_t& request);
    void advance(node::LinkId link);
    void send(restinio::request_t& request, HttpReply reply);
    void open_stream(restinio::request_t& request, EventStream wanted);
    void write(std::uint64_t id, std::string text);
    void pump(std::uint64_t id);
    void keep_alive();

    asio::io_context& context;
    Refusal& refusal = asio::use_service<Refusal>(context);
    const Gate& gate;
    Backend& backend;
    ServerOptions options;
    std::unique_ptr<RestinioServer> server;
    /// One a connection at most.
    std::deque<Turn> turns;
    /// `serve` is on its way.
    bool is_woken = false;
    bool is_serving = false;
    Pause pause;
    std::map<node::LinkId, Waiting> waiting;
    node::LinkId last_link;
    std::map<std::uint64_t, Stream> streams;
    std::uint64_t last_stream = 0;
    EventRing ring;
    asio::steady_timer alive;
    /// Replies handed to sockets that have not left yet.
    std::size_t writing = 0;
    bool is_stopping = false;
};

void HttpServer::Parts::open(
    const asio::ip::address& address, std::uint16_t port, std::uint16_t& bound
) {
    auto doorman = std::make_shared<Doorman>(options.connections);
    restinio::server_settings_t<Traits> settings;
    settings.address(address)
        .port(port)
        .protocol(address.is_v6() ? asio::ip::tcp::v6() : asio::ip::tcp::v4())
        .logger(refusal)
        .ip_blocker(doorman)
        .connection_state_listener(std::make_shared<Listener>(doorman))
        .incoming_http_msg_limits(restinio::incoming_http_msg_limits_t{}
                                      .max_url_size(header_bytes_max)
                                      .max_field_name_size(header_bytes_max)
                                      .max_field_value_size(header_bytes_max)
                                      .max_field_count(header_fields_max)
                                      .max_body_size(body_bytes_max))
        .read_next_http_message_timelimit(options.transfer_time)
        .write_http_response_timelimit(options.transfer_time)
        .handle_request_timeout(options.answer_time)
        .acceptor_post_bind_hook([&bound](asio::ip::tcp::acceptor& acceptor) {
            bound = acceptor.local_endpoint().port();
        })
        .socket_options_setter([](restinio::socket_options_t& socket) {
            socket.set_option(asio::ip::tcp::no_delay{true});
        })
        .request_handler([this](const restinio::request_handle_t& request) {
            refusal.on_whole_request();
            // Answered within its handler, RESTinio would begin to read the next request twice.
            queue({.request = request, .link = {}});
            return restinio::request_accepted();
        });
    server = std::make_unique<RestinioServer>(
        restinio::external_io_context(context), std::move(settings)
    );
    server->open_sync();
}

void HttpServer::Parts::queue(Turn turn) {
    turns.push_back(std::move(turn));
    wake();
}

void HttpServer::Parts::wake() {
    if (is_woken || pause.is_on() || turns.empty())
        return;
    is_woken = true;
    asio::post(context, [weak = weak_from_this()] {
        const auto self = weak.lock();
        if (!self)
            return;
        self->is_woken = false;
        self->serve();
    });
}

void HttpServer::Parts::serve() {
    // An answer that comes at once is taken up by whoever asked.
    if (std::exchange(is_serving, true))
        return;
    const auto began = std::chrono::steady_clock::now();
    auto present = began;
    while (!turns.empty() && !pause.is_on() && (is_stopping || present - began < turn_time_max)) {
        auto turn = std::move(turns.front());
        turns.pop_front();
        take_turn(std::move(turn));
        // Those before it were taken while there was time.
        const auto taken_at = std::exchange(present, std::chrono::steady_clock::now());
        give_way(present - taken_at);
    }
    is_serving = false;
    wake();
}

void HttpServer::Parts::take_turn(Turn turn) {
    if (turn.request)
        on_request(turn.request);
    else
        advance(turn.link);
}

void HttpServer::Parts::give_way(std::chrono::steady_clock::duration worked) {
    if (options.gives_way && !is_stopping && options.gives_way())
        pause.begin(
            pause_after(std::chrono::duration_cast<Duration>(worked)),
            options.gives_way,
            [this] { serve(); }
        );
}

void HttpServer::Parts::on_request(const restinio::request_handle_t& request) {
    if (is_stopping) {
        auto reply = error_reply(
            {.rule = rpc::DoorRule::stopping,
             .message = "The program is stopping.",
             .expected = "a request before it stops",
             .actual = "one that came later",
             .hint = "Ask again when it has been started again."}
        );
        reply.closes = true;
        return send(*request, std::move(reply));
    }
    const auto& header = request->header();
    HttpRequest plain{
        .method = header.method().c_str(),
        .target = header.request_target(),
        .headers = {},
        .body = request->body(),
        .is_loopback = net::unmapped(request->remote_endpoint().address()).is_loopback()};
    header.for_each_field([&plain](const auto& field) {
        plain.headers.push_back({.name = field.name(), .value = field.value()});
    });
    if (const auto chunks = request->chunked_input_info())
        chunks->trailing_fields().for_each_field([&plain](const auto& field) {
            plain.trailers.push_back({.name = field.name(), .value = field.value()});
        });
    auto decision = gate.decide(plain);
    if (auto* reply = std::get_if<HttpReply>(&decision)) {
        send(*request, std::move(*reply));
    } else if (auto* stream = std::get_if<EventStream>(&decision)) {
        open_stream(*request, std::move(*stream));
    } else {
        last_link = last_link.next();
        waiting.emplace(
            last_link,
            Waiting{
                .request = request,
                .exchange = std::move(std::get<std::unique_ptr<Exchange>>(decision)),
                .is_loopback = plain.is_loopback}
        );
        advance(last_link);
    }
}

void HttpServer::Parts::advance(node::LinkId link) {
    const auto place = waiting.find(link);
    if (place == waiting.end())
        return;
    auto question = place->second.exchange->next();
    if (!question) {
        auto done = waiting.extract(place);
        backend.forget(link);
        send(*done.mapped().request, done.mapped().exchange->reply());
        return;
    }
    backend.ask(link, std::move(*question), place->second.is_loopback);
}

void HttpServer::Parts::send(restinio::request_t& request, HttpReply reply) {
    reply = gate.finish(std::move(reply));
    auto response =
        request.create_response<restinio::user_controlled_output_t>(status_line(reply.status));
    for (auto& [name, value] : reply.headers)
        response.append_header(std::move(name), std::move(value));
    if (!reply.content_type.empty())
        response.append_header("Content-Type", std::move(reply.content_type));
    if (reply.closes)
        response.connection_close();
    response.set_content_length(reply.body.size());
    if (!reply.is_head && !reply.body.empty())
        response.set_body(std::move(reply.body));
    ++writing;
    response.done([weak = weak_from_this()](const auto&) {
        const auto self = weak.lock();
        if (!self)
            return;
        --self->writing;
        if (self->is_stopping && self->writing == 0 && self->options.on_idle)
            self->options.on_idle();
    });
}

void HttpServer::Parts::open_stream(restinio::request_t& request, EventStream wanted) {
    if (streams.size() >= options.event_streams) {
        auto reply = error_reply(
            {.rule = rpc::DoorRule::too_many_listeners,
             .message = "Too many listen to events.",
             .expected = at_most(options.event_streams, "listeners"),
             .actual = "one more",
             .hint = "Try again when another has left."}
        );
        return send(request, std::move(reply));
    }
    auto response = request.create_response<restinio::chunked_output_t>();
    response.append_header("Content-Type", "text/event-stream");
    response.append_header("Cache-Control", "no-store");
    response.append_header("X-Content-Type-Options", "nosniff");
    for (auto& [name, value] : wanted.headers)
        response.append_header(std::move(name), std::move(value));
    const auto id = ++last_stream;
    const auto sent = wanted.last_id ? ring.number_of(*wanted.last_id) : ring.last();
    streams.emplace(id, Stream{.response = std::move(response), .sent = sent});
    // Says that the stream stands, how soon to come back after it has broken, and to who is new
    // where it begins: so nothing is lost if it breaks before the first event.
    write(id, "retry: 1000\n" + (wanted.last_id ? "" : "id: " + ring.id_of(sent) + '\n') + '\n');
    if (streams.size() == 1)
        keep_alive();
}

void HttpServer::Parts::write(std::uint64_t id, std::string text) {
    auto& stream = streams.at(id);
    stream.is_writing = true;
    stream.response.append_chunk(std::move(text));
    stream.response.flush([weak = weak_from_this(), id](const auto& error) {
        const auto self = weak.lock();
        if (!self)
            return;
        const auto place = self->streams.find(id);
        if (place == self->streams.end())
            return;
        place->second.is_writing = false;
        if (error)
            self->streams.erase(place);
        else
            self->pump(id);
    });
}

void HttpServer::Parts::pump(std::uint64_t id) {
    auto& stream = streams.at(id);
    if (stream.is_writing)
        return;
    auto portion = ring.after(stream.sent);
    if (portion.text.empty())
        return;
    stream.sent = portion.last;
    write(id, std::move(portion.text));
}

void HttpServer::Parts::keep_alive() {
    alive.expires_after(options.alive_interval);
    alive.async_wait([this](const std::error_code& cancelled) {
        if (cancelled || streams.empty())
            return;
        std::vector<std::uint64_t> silent;
        for (const auto& [id, stream] : streams)
            if (!stream.is_writing)
                silent.push_back(id);
        for (const auto id : silent)
            if (streams.contains(id))
                write(id, ": alive\n\n");
        keep_alive();
    });
}

HttpServer::HttpServer(
    asio::io_context& context, const Gate& gate, Backend& backend, ServerOptions options
)
    : parts_{std::make_shared<Parts>(context, gate, backend, std::move(options))} {}

HttpServer::~HttpServer() = default;

Result<std::uint16_t, net::ListenError> HttpServer::listen(
    const std::string& address, std::uint16_t port
) {
    std::error_code error;
    const auto parsed = asio::ip::make_address(address, error);
    if (error)
        return tl::unexpected{net::ListenError::bad_address};
    std::uint16_t bound = 0;
    try {
        parts_->open(parsed, port, bound);
    } catch (const std::system_error& failure) {
        return tl::unexpected{net::listen_error(failure.code())};
    } catch (const std::exception&) {
        return tl::unexpected{net::ListenError::system};
    }
    return bound;
}

void HttpServer::on_answer(node::LinkId link, std::string answer) {
    const auto place = parts_->waiting.find(link);
    if (place == parts_->waiting.end())
        return;
    place->second.exchange->take(std::move(answer));
    parts_->queue({.request = {}, .link = link});
    // Whoever stops waits for replies that are on their way, and turns are none.
    if (parts_->is_stopping)
        parts_->serve();
}

void HttpServer::on_event(const rpc::Event& event) {
    parts_->ring.push(event);
    std::vector<std::uint64_t> listening;
    for (const auto& [id, stream] : parts_->streams)
        listening.push_back(id);
    for (const auto id : listening)
        if (parts_->streams.contains(id))
            parts_->pump(id);
}

void HttpServer::stop() {
    parts_->is_stopping = true;
    if (parts_->server)
        parts_->server->close_sync();
    parts_->alive.cancel();
    parts_->pause.end();
    parts_->serve();
    for (auto& [id, stream] : parts_->streams)
        stream.response.done();
    parts_->streams.clear();
}

bool HttpServer::is_idle() const {
    return parts_->writing == 0;
}

}  // namespace cairn::http
