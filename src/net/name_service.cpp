#include "src/net/name_service.hpp"

#include <asio/ip/tcp.hpp>
#include <asio/post.hpp>

#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

namespace cairn::net {

namespace {

std::vector<std::string> ask_system(const std::string& host) {
    using asio::ip::tcp;
    asio::io_context context;
    tcp::resolver resolver{context};
    std::error_code error;
    const auto results = resolver.resolve(host, "0", tcp::resolver::numeric_service, error);
    std::vector<std::string> hosts;
    for (const auto& entry : results)
        hosts.push_back(entry.endpoint().address().to_string());
    return hosts;
}

}  // namespace

struct NameService::Desk : std::enable_shared_from_this<Desk> {
    Desk(NameService& owner, asio::io_context& context) : service{&owner}, home{context} {}

    void leave(std::uint64_t number, std::vector<std::string> hosts) {
        const std::lock_guard lock{mutex};
        if (service == nullptr)
            return;
        asio::post(home, [self = shared_from_this(), number, hosts = std::move(hosts)]() mutable {
            // On the thread of the service: it cannot end meanwhile.
            if (self->service != nullptr)
                self->service->answer(number, std::move(hosts));
        });
    }

    std::mutex mutex;
    /// Null once the service has ended. Other threads read it under the mutex, and hold that while
    /// they leave an answer at `home`, which may end soon after the service.
    NameService* service;
    asio::io_context& home;
};

NameService::NameService(asio::io_context& home) : NameService{home, ask_system} {}

NameService::NameService(asio::io_context& home, Lookup lookup)
    : lookup_{std::move(lookup)}, desk_{std::make_shared<Desk>(*this, home)} {}

NameService::~NameService() {
    const std::lock_guard lock{desk_->mutex};
    desk_->service = nullptr;
}

void NameService::resolve(std::string host, Resolved done) {
    waiting_.push_back({std::move(host), std::move(done)});
    start_next();
}

void NameService::start_next() {
    if (waiting_.empty() || running_.size() >= lookups_max)
        return;
    auto question = std::move(waiting_.front());
    waiting_.pop_front();
    const auto number = ++last_number_;
    running_.emplace(number, std::move(question.done));
    try {
        std::thread{[desk = desk_, lookup = lookup_, number, host = std::move(question.host)] {
            desk->leave(number, lookup(host));
        }}.detach();
    } catch (const std::system_error&) {
        // The system gives no thread: nothing is known of the name.
        desk_->leave(number, {});
    }
}

void NameService::answer(std::uint64_t number, std::vector<std::string> hosts) {
    const auto done = std::move(running_.extract(number).mapped());
    start_next();
    done(std::move(hosts));
}

}  // namespace cairn::net
