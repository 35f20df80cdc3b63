// Pages of lists: onwards by `next`, backwards by `previous`, with what lies between the whole.
#include "src/rpc/page.hpp"

#include "tests/support/pool_fixture.hpp"
#include "tests/support/random_branches.hpp"
#include "tests/unit/rpc/rpc_fixture.hpp"

#include <algorithm>

namespace cairn::rpc {

namespace {

using codec::Json;

/// A command that lists something, and the name of the list in its reply.
struct ListCommand {
    std::string command;
    std::string name;
};

/// The value of a link as it stands in a command line.
std::string place_text(const Json& place) {
    return place.if_text() != nullptr ? *place.if_text() : std::to_string(*place.if_unsigned());
}

const Json::Array& list_of(const Json& reply, const ListCommand& list) {
    const auto* found = reply.find(list.name);
    REQUIRE(found != nullptr);
    return *found->if_array();
}

/// What is left of an element when the chain has grown since.
Json without_confirmations(Json element) {
    if (element.find("confirmations") != nullptr)
        element.set("confirmations", Json{std::uint64_t{0}});
    return element;
}

Json::Array read_whole(RpcFixture& fixture, const ListCommand& list) {
    const auto reply = fixture.ask(list.command);
    CHECK(reply.find("next") == nullptr);
    CHECK(reply.find("previous") == nullptr);
    return list_of(reply, list);
}

/// The pages of `count` that follow from each other by `next`; then those back by `previous` from
/// the last one, again from the first on. `between` runs before each but the first.
struct Walks {
    std::vector<Json::Array> onwards;
    std::vector<Json::Array> back;
};

template <class Between>
Walks walk(RpcFixture& fixture, const ListCommand& list, std::uint64_t count, Between between) {
    const auto command = list.command + " count=" + std::to_string(count);
    const auto ask = [&](std::string_view argument, const Json* place) {
        between();
        return fixture.ask(command + ' ' + std::string{argument} + '=' + place_text(*place));
    };
    Walks walks;
    auto reply = fixture.ask(command);
    CHECK(reply.find("previous") == nullptr);
    walks.onwards.push_back(list_of(reply, list));
    while (const auto* next = reply.find("next")) {
        reply = ask("from", next);
        CHECK(reply.find("previous") != nullptr);
        walks.onwards.push_back(list_of(reply, list));
    }
    walks.back.push_back(walks.onwards.back());
    while (const auto* previous = reply.find("previous")) {
        reply = ask("before", previous);
        CHECK(reply.find("next") != nullptr);
        walks.back.push_back(list_of(reply, list));
    }
    std::reverse(walks.back.begin(), walks.back.end());
    return walks;
}

Json::Array joined(const std::vector<Json::Array>& pages) {
    Json::Array all;
    for (const auto& page : pages)
        for (const auto& element : page)
            all.push_back(without_confirmations(element));
    return all;
}

/// Blocks, records and waiting transactions of account 2; links and nodes.
struct ListFixture : RpcFixture {
    ListFixture() {
        // Links that have come and gone leave gaps.
        for (const std::uint64_t id : {4U, 9U, 10U, 400U}) {
            view.peer_list.push_back(view.peer_list.back());
            view.peer_list.back().link = node::LinkId{id};
        }
        for (std::uint16_t port = 5003; port < 5008; ++port)
            view.node_list.push_back({"::1", port});
        for (std::uint64_t nonce = 0; nonce < records; ++nonce)
            connect({test::make_record(chain().id(), 2, nonce, "rx", nonce % 2 == 0 ? "a" : "b")});
        for (std::uint64_t i = 0; i < 6; ++i)
            wait_for_block(i < 3 ? records + i : records + i + 1);
    }

    /// Above a gap when `nonce` is not the next one.
    TxId wait_for_block(std::uint64_t nonce) {
        auto transaction = test::unsigned_transfer(
            chain().id(), {.from = 2, .to = 3, .amount = 1, .nonce = nonce}
        );
        const auto id = transaction->id();
        REQUIRE(pool.add(std::move(transaction), time).has_value());
        return id;
    }

    std::vector<ListCommand> chain_lists() const {
        const auto history = "history address=" + to_hex(test::account_number(2));
        return {
            {"get_chain", "chain"},
            {"get_headers", "headers"},
            {"get_headers raw=true", "headers"},
            {history, "transactions"},
            {history + " newest_first=true", "transactions"},
            {"records stream=rx", "records"},
            {"records stream=rx newest_first=true", "records"},
            {"records stream=rx key=a", "records"},
        };
    }

    std::vector<ListCommand> lists() const {
        auto all = chain_lists();
        all.insert(
            all.end(),
            {mempool,
             {"peers", "peers"},
             {"nodes", "nodes"},
             {"block_transactions height=4", "transactions"}}
        );
        return all;
    }

    inline static const ListCommand mempool{"mempool", "transactions"};

    static constexpr std::uint64_t records = 5;
};

std::vector<std::string> ids_of(const Json::Array& transactions) {
    std::vector<std::string> ids;
    for (const auto& one : transactions)
        ids.push_back(*one.find("transaction")->if_text());
    return ids;
}

}  // namespace

TEST_CASE("Pages: both ways, they make up the whole", "[rpc][paging]") {
    ListFixture fixture;
    for (const auto& list : fixture.lists()) {
        INFO(list.command);
        const auto whole = joined({read_whole(fixture, list)});
        REQUIRE(whole.size() > 1);
        for (std::uint64_t count = 1; count <= whole.size(); ++count) {
            INFO("pages of " << count);
            const auto walks = walk(fixture, list, count, [] {});
            CHECK(joined(walks.onwards) == whole);
            CHECK(joined(walks.back) == whole);
            for (const auto* pages : {&walks.onwards, &walks.back})
                CHECK(pages->size() == (whole.size() + count - 1) / count);
            // Of a walk back, the page that is not full is the first.
            CHECK(walks.onwards.front().size() == count);
        }
    }
}

TEST_CASE("Pages: a walk goes on over blocks that come in the midst", "[rpc][paging]") {
    for (std::size_t row = 0; row < ListFixture{}.chain_lists().size(); ++row) {
        ListFixture fixture;
        const auto list = fixture.chain_lists()[row];
        INFO(list.command);
        const auto before = joined({read_whole(fixture, list)});
        bool is_first = true;
        const auto walks = walk(fixture, list, 2, [&] {
            if (std::exchange(is_first, false))
                fixture.connect(
                    {test::make_record(fixture.chain().id(), 2, ListFixture::records, "rx", "a")}
                );
        });
        const auto after = joined({read_whole(fixture, list)});
        CHECK(after.size() > before.size());
        // A walk from the newest on has passed the place of what comes later; the way back finds
        // it.
        const bool is_down = list.command.find("newest_first") != std::string::npos;
        CHECK(joined(walks.onwards) == (is_down ? before : after));
        CHECK(joined(walks.back) == after);
    }
}

TEST_CASE("Pages: a walk through the mempool goes on while it changes", "[rpc][paging]") {
    ListFixture fixture;
    const auto& list = ListFixture::mempool;
    const auto before = ids_of(read_whole(fixture, list));
    REQUIRE(before.size() == 7);
    // After the first page its last one is mined, and the first of the next page with it.
    int step = 0;
    std::string late;
    const auto walks = walk(fixture, list, 2, [&] {
        if (++step == 1)
            fixture.connect(
                {test::make_transfer(
                     fixture.chain().id(),
                     {.from = 2, .to = 3, .amount = 1, .nonce = ListFixture::records}
                 ),
                 test::make_transfer(
                     fixture.chain().id(),
                     {.from = 2, .to = 3, .amount = 1, .nonce = ListFixture::records + 1}
                 )}
            );
        if (step == 2)
            late = to_hex(fixture.wait_for_block(ListFixture::records + 3));
    });
    auto told = ids_of(joined(walks.onwards));
    auto expected = before;
    expected.erase(expected.begin() + 2);
    expected.push_back(late);
    CHECK(told == expected);
    expected.erase(expected.begin() + 1);
    CHECK(ids_of(joined(walks.back)) == expected);
    CHECK(ids_of(read_whole(fixture, list)) == expected);
}

TEST_CASE("Pages: either from or before is taken", "[rpc][paging]") {
    ListFixture fixture;
    for (const auto& list : fixture.lists()) {
        INFO(list.command);
        const auto both = fixture.ask(list.command + " from=1 before=3");
        CHECK(*both.find("code")->if_text() == "bad_field");
        CHECK(*both.find("data")->find("field")->if_text() == "before");
        const auto kind = list.command.substr(0, list.command.find(' '));
        for (const std::string end : {"from", "before"}) {
            CHECK(fixture.code_of(list.command + ' ' + end + "=9007199254740991") == kind);
            CHECK(fixture.code_of(list.command + ' ' + end + "=9007199254740992") == "bad_field");
        }
        CHECK(fixture.code_of(list.command + " before=x") == "bad_field");
    }
}

TEST_CASE("Pages: of nothing, or beyond the ends", "[rpc][paging]") {
    ListFixture fixture;
    for (const auto& list : fixture.lists()) {
        INFO(list.command);
        const auto size = read_whole(fixture, list).size();
        for (const std::string end : {" from=2", " before=2"}) {
            const auto nothing = fixture.ask(list.command + end + " count=0");
            CHECK(list_of(nothing, list).empty());
            CHECK(nothing.find("next") == nullptr);
            CHECK(nothing.find("previous") == nullptr);
        }
        const bool is_down = list.command.find("newest_first") != std::string::npos;
        const std::string low = "0";
        const std::string high = "9007199254740991";
        // What is behind the end leads back to the last page. The genesis block is always there.
        const auto behind = fixture.ask(list.command + " from=" + (is_down ? low : high));
        const std::size_t left = is_down && list.name == "transactions" ? 1 : 0;
        CHECK(list_of(behind, list).size() == left);
        CHECK(behind.find("next") == nullptr);
        REQUIRE(behind.find("previous") != nullptr);
        const auto last =
            fixture.ask(list.command + " before=" + place_text(*behind.find("previous")));
        CHECK(list_of(last, list).size() == size - left);
        // What is in front of the beginning leads to the first one.
        const auto front = fixture.ask(list.command + " before=" + (is_down ? high : low));
        CHECK(list_of(front, list).empty());
        CHECK(front.find("previous") == nullptr);
        REQUIRE(front.find("next") != nullptr);
        const auto first = fixture.ask(list.command + " from=" + place_text(*front.find("next")));
        CHECK(list_of(first, list).size() == size);
    }
}

TEST_CASE("Pages: a height as the end leaves out its block", "[rpc][paging]") {
    ListFixture fixture;
    const auto heights = [&](const std::string& command) {
        std::vector<std::uint64_t> found;
        const auto reply = fixture.ask(command);
        for (const auto& entry : *reply.find("records")->if_array())
            found.push_back(*entry.find("height")->if_unsigned());
        return found;
    };
    using Heights = std::vector<std::uint64_t>;
    CHECK(heights("records stream=rx before=6 count=9") == Heights{4, 5});
    CHECK(heights("records stream=rx before=6.1 count=9") == Heights{4, 5});
    CHECK(heights("records stream=rx before=6.2 count=9") == Heights{4, 5, 6});
    CHECK(heights("records stream=rx before=6 count=1") == Heights{5});
    CHECK(heights("records stream=rx before=6 count=9 newest_first=true") == Heights{8, 7});
    CHECK(heights("records stream=rx before=6.0 count=9 newest_first=true") == Heights{8, 7, 6});
    CHECK(heights("records stream=rx before=6 count=1 newest_first=true") == Heights{7});
}

TEST_CASE("Pages: long ones end early on the way back as well", "[rpc][paging][limits]") {
    RpcFixture fixture;
    constexpr std::uint64_t records = 40;
    fixture.connect_long_records(records);
    for (const auto& list :
         {ListCommand{"records stream=long", "records"}, ListCommand{"get_chain", "chain"}}) {
        INFO(list.command);
        const auto walks = walk(fixture, list, 100, [] {});
        CHECK(walks.onwards.size() == 2);
        CHECK(walks.back.size() >= 2);
        CHECK(joined(walks.back) == joined(walks.onwards));
        CHECK(joined(walks.back).size() >= records);
    }
}

TEST_CASE("Pages: what follows the first element must leave room in a frame", "[rpc][limits]") {
    Page page{PageDirection::onwards, 100};
    const std::string large(list_bytes_end + 1, ' ');
    CHECK(page.has_room_for(large));
    page.add(std::string(1'000'000, ' '));
    CHECK_FALSE(page.is_full());
    CHECK(page.has_room_for({large.data(), list_bytes_end - 1'000'000}));
    CHECK_FALSE(page.has_room_for({large.data(), list_bytes_end - 1'000'000 + 1}));
}

TEST_CASE("Pages: a walk along the links goes on while they change", "[rpc][paging]") {
    ListFixture fixture;
    auto& links = fixture.view.peer_list;
    for (std::size_t i = 0; i < links.size(); ++i)
        links[i].address.port = static_cast<std::uint16_t>(i);
    REQUIRE(links.size() == 5);
    // After the first page its last link goes, and the first of the next page with it.
    bool is_first = true;
    const auto walks = walk(fixture, {"peers", "peers"}, 2, [&] {
        if (!std::exchange(is_first, false))
            return;
        links.erase(links.begin() + 1, links.begin() + 3);
        links.push_back(links.back());
        links.back().link = node::LinkId{401};
        links.back().address.port = 5;
    });
    const auto ports = [](const std::vector<Json::Array>& pages) {
        std::string told;
        for (const auto& peer : joined(pages))
            told += peer.find("address")->if_text()->back();
        return told;
    };
    CHECK(ports(walks.onwards) == "01345");
    CHECK(ports(walks.back) == "0345");
}

TEST_CASE("Pages: numbered ones take up to their maximum", "[rpc][paging][limits]") {
    ListFixture fixture;
    for (const std::string command : {"mempool", "peers", "nodes", "block_transactions height=4"}) {
        const auto kind = command.substr(0, command.find(' '));
        CHECK(fixture.code_of(command + " count=" + std::to_string(listed_max)) == kind);
        CHECK(fixture.code_of(command + " count=" + std::to_string(listed_max + 1)) == "bad_field");
    }
    CHECK(fixture.ask("unprocessed count=3").find("transactions")->if_array()->size() == 3);
}

}  // namespace cairn::rpc
