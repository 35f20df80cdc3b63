#include "cairn/http/explorer.hpp"

#include "src/http/explorer.hpp"

namespace cairn::http {

void add_explorer(Gate& gate) {
    for (const auto& asset : explorer_assets())
        gate.add(asset);
}

}  // namespace cairn::http
