/// The files of pages as they are in the binary; `scripts/embed_assets.py` writes them there.
#pragma once

#include "cairn/http/gate.hpp"

#include <span>

namespace cairn::http {

/// The page at `/` and what it loads, all below `/explorer/`.
[[nodiscard]] std::span<const Asset> explorer_assets();

/// A gateway's page at `/` and what it loads below `/network/`; the rest is the explorer's.
[[nodiscard]] std::span<const Asset> network_assets();

}  // namespace cairn::http
