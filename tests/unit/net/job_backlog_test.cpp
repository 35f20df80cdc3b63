#include "src/net/job_backlog.hpp"

#include "cairn/net/shell.hpp"

#include <catch2/catch.hpp>

using namespace cairn;
using namespace cairn::net;
using node::JobId;
using node::LinkId;

TEST_CASE("JobBacklog: a link with more than 5 MB in jobs is not read from", "[net][X8]") {
    JobBacklog backlog;
    CHECK(backlog.start(JobId{1}, LinkId{1}, link_backlog_bytes_max));
    CHECK(backlog.start(JobId{2}, LinkId{2}, link_backlog_bytes_max));
    CHECK_FALSE(backlog.start(JobId{3}, LinkId{1}, 1));
    CHECK(backlog.bytes(LinkId{1}) == link_backlog_bytes_max + 1);
    CHECK(backlog.finish(JobId{3}) == LinkId{1});
    CHECK_FALSE(backlog.start(JobId{4}, LinkId{1}, 2));
    CHECK_FALSE(backlog.start(JobId{5}, LinkId{1}, 2));
    CHECK_FALSE(backlog.finish(JobId{5}));
    CHECK(backlog.finish(JobId{4}) == LinkId{1});
    CHECK(backlog.finish(JobId{1}) == LinkId{1});
    CHECK(backlog.bytes(LinkId{1}) == 0);
    CHECK_FALSE(backlog.finish(JobId{9}));
}

TEST_CASE("JobBacklog: a link that is gone is forgotten before its jobs", "[net]") {
    JobBacklog backlog;
    CHECK(backlog.start(JobId{1}, LinkId{1}, 7));
    backlog.forget(LinkId{1});
    CHECK(backlog.bytes(LinkId{1}) == 0);
    CHECK_FALSE(backlog.finish(JobId{1}));
}
