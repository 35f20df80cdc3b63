#include "src/net/dispatcher.hpp"

#include <catch2/catch.hpp>

using namespace cairn;
using net::Dispatcher;

namespace {

node::Job check(std::uint64_t id) {
    return {.id = node::JobId{id}, .work = node::CheckTransactionsJob{}};
}

node::Job search(std::uint64_t id) {
    return {.id = node::JobId{id}, .work = node::SearchJob{}};
}

}  // namespace

TEST_CASE("Dispatcher: checks go before searches", "[net][dispatcher]") {
    Dispatcher dispatcher{1};
    dispatcher.add(search(1));
    dispatcher.add(check(2));

    REQUIRE(dispatcher.next()->job.id == node::JobId{2});
}

TEST_CASE("Dispatcher: checks are spread over the workers", "[net][dispatcher]") {
    Dispatcher dispatcher{2};
    for (std::uint64_t id = 1; id <= 5; ++id)
        dispatcher.add(check(id));

    REQUIRE(dispatcher.next()->worker == 0);
    REQUIRE(dispatcher.next()->worker == 1);
    REQUIRE(dispatcher.next()->worker == 0);
    REQUIRE(dispatcher.next()->worker == 1);
    REQUIRE_FALSE(dispatcher.next());

    dispatcher.on_finished(1);
    const auto last = dispatcher.next();
    REQUIRE(last);
    REQUIRE(last->worker == 1);
    REQUIRE(last->job.id == node::JobId{5});
}

TEST_CASE("Dispatcher: a search waits for a worker without a job", "[net][dispatcher]") {
    Dispatcher dispatcher{1};
    dispatcher.add(check(1));
    REQUIRE(dispatcher.next());
    dispatcher.add(search(2));
    REQUIRE_FALSE(dispatcher.next());

    dispatcher.on_finished(0);
    REQUIRE(dispatcher.next()->job.id == node::JobId{2});
}

TEST_CASE("Dispatcher: a check starts though all workers search", "[net][dispatcher]") {
    Dispatcher dispatcher{2};
    dispatcher.add(search(1));
    dispatcher.add(search(2));
    REQUIRE(dispatcher.next());
    REQUIRE(dispatcher.next());
    dispatcher.add(check(3));

    REQUIRE(dispatcher.next()->job.id == node::JobId{3});
}
