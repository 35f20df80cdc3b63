/// What a node tells Prometheus: its counts in the text format 0.0.4, and the path `/metrics`.
///
/// Rules (spec 12 §11):
/// 1. Names begin with `cairn_`, but for those of the process, which are everybody's; units are
/// base
///    units and stand in the name. Every sample has the label `chain`.
/// 2. Label values come from enumerations alone, so nobody can make a scrape grow.
/// 3. A scrape is taken in one turn of the node's thread: all of it is one state.
#pragma once

#include "cairn/http/gate.hpp"
#include "cairn/metrics/validation_times.hpp"
#include "cairn/node/view.hpp"

#include <string>
#include <string_view>

namespace cairn::metrics {

/// What is served at `/metrics`.
inline constexpr std::string_view content_type = "text/plain; version=0.0.4; charset=utf-8";

/// Which program this is.
struct Build {
    std::string version;
    std::string commit;
};

class Exposition {
  public:
    /// `view` and `times` must outlive it.
    Exposition(const node::NodeView& view, const ValidationTimes& times, Build build);

    /// All metrics as they are now. Call it on the node's thread.
    [[nodiscard]] std::string text() const;

  private:
    const node::NodeView& view_;
    const ValidationTimes& times_;
    Build build_;
    /// Of this process, in seconds since 1970.
    double started_ = 0;
};

/// `GET /metrics`: whoever may read the node's status may read this (spec 02 §4). `exposition` must
/// outlive it. `open_probe` lets other machines read.
[[nodiscard]] http::Route make_route(const Exposition& exposition, bool open_probe);

}  // namespace cairn::metrics
