#include "src/net/name_service.hpp"

#include <asio/executor_work_guard.hpp>
#include <catch2/catch.hpp>

#include <algorithm>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

using namespace cairn;
using net::NameService;

namespace {

/// Name servers: of the host `silent` nothing is heard until they are released. Lookups share it,
/// for they may outlive their test.
class Servers {
  public:
    std::vector<std::string> ask(const std::string& host) {
        std::unique_lock lock{mutex_};
        most_ = std::max(most_, ++asking_);
        if (host == "silent")
            released_.wait(lock, [this] { return is_released_; });
        --asking_;
        return {host + ".address"};
    }

    void release() {
        const std::lock_guard lock{mutex_};
        is_released_ = true;
        released_.notify_all();
    }

    /// How many lookups there are.
    std::size_t asking() {
        const std::lock_guard lock{mutex_};
        return asking_;
    }

    /// How many there were at one time.
    std::size_t most() {
        const std::lock_guard lock{mutex_};
        return most_;
    }

  private:
    std::mutex mutex_;
    std::condition_variable released_;
    bool is_released_ = false;
    std::size_t asking_ = 0;
    std::size_t most_ = 0;
};

struct NameServiceFixture {
    using Answer = std::optional<std::vector<std::string>>;

    std::shared_ptr<Answer> resolve(const std::string& host) {
        const auto answer = std::make_shared<Answer>();
        names->resolve(host, [answer](std::vector<std::string> hosts) {
            REQUIRE_FALSE(answer->has_value());
            *answer = std::move(hosts);
        });
        return answer;
    }

    void run_until(const Answer& answer) {
        while (!answer.has_value())
            home.run_one();
    }

    const std::shared_ptr<Servers> servers = std::make_shared<Servers>();
    asio::io_context home{1};
    const asio::executor_work_guard<asio::io_context::executor_type> guard =
        asio::make_work_guard(home);
    std::optional<NameService> names{
        std::in_place, home, [servers = servers](const std::string& host) {
            return servers->ask(host);
        }};
};

}  // namespace

TEST_CASE_METHOD(NameServiceFixture, "NameService: a silent name holds up no other", "[net]") {
    const auto silent = resolve("silent");
    const auto other = resolve("other");
    CHECK_FALSE(other->has_value());
    run_until(*other);
    CHECK(**other == std::vector<std::string>{"other.address"});
    CHECK_FALSE(silent->has_value());
    servers->release();
    run_until(*silent);
    CHECK(**silent == std::vector<std::string>{"silent.address"});
}

TEST_CASE_METHOD(NameServiceFixture, "NameService: the end waits for no lookup", "[net]") {
    const auto silent = resolve("silent");
    names.reset();
    servers->release();
    home.poll();
    CHECK_FALSE(silent->has_value());
}

TEST_CASE_METHOD(
    NameServiceFixture, "NameService: an answer that comes at the end is lost", "[net]"
) {
    const auto other = resolve("other");
    // The answer may be at hand before the service ends, but has not been told.
    while (servers->most() == 0)
        std::this_thread::yield();
    names.reset();
    home.poll();
    CHECK_FALSE(other->has_value());
}

TEST_CASE_METHOD(
    NameServiceFixture, "NameService: so many are asked at one time", "[net][limits]"
) {
    std::vector<std::shared_ptr<Answer>> silent;
    const auto ask_silent = [&](std::size_t count) {
        while (silent.size() < count)
            silent.push_back(resolve("silent"));
    };
    // Up to the maximum a name is asked at once, beyond it when another is answered.
    ask_silent(NameService::lookups_max - 1);
    run_until(*resolve("other"));
    ask_silent(10 * NameService::lookups_max);
    while (servers->asking() < NameService::lookups_max)
        std::this_thread::yield();
    servers->release();
    for (const auto& answer : silent)
        run_until(*answer);
    CHECK(servers->most() == NameService::lookups_max);
}

TEST_CASE("NameService: the system knows this machine", "[net]") {
    asio::io_context home{1};
    const auto guard = asio::make_work_guard(home);
    NameService names{home};
    std::optional<std::vector<std::string>> hosts;
    names.resolve("localhost", [&](std::vector<std::string> found) { hosts = std::move(found); });
    while (!hosts)
        home.run_one();
    const bool is_loopback = std::any_of(hosts->begin(), hosts->end(), [](const auto& host) {
        return host == "127.0.0.1" || host == "::1";
    });
    CHECK(is_loopback);
}
