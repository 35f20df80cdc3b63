#include "cairn/consensus/engine.hpp"

#include "cairn/base/assert.hpp"
#include "cairn/consensus/instant_seal.hpp"
#include "cairn/consensus/proof_of_work.hpp"

namespace cairn::consensus {

std::string_view to_string(HeaderError error) {
    switch (error) {
        case HeaderError::wrong_chain:
            return "wrong_chain";
        case HeaderError::wrong_height:
            return "wrong_height";
        case HeaderError::time_not_later:
            return "time_not_later";
        case HeaderError::too_early:
            return "too_early";
        case HeaderError::wrong_target:
            return "wrong_target";
        case HeaderError::malformed_seal:
            return "malformed_seal";
        case HeaderError::not_enough_work:
            return "not_enough_work";
    }
    CAIRN_ASSERT(false);
}

std::unique_ptr<Engine> make_engine(const ledger::EngineSpec& spec) {
    switch (spec.kind) {
        case ledger::EngineKind::proof_of_work:
            return std::make_unique<ProofOfWork>(spec);
        case ledger::EngineKind::instant_seal:
            return std::make_unique<InstantSeal>(spec);
    }
    CAIRN_ASSERT(false);
}

}  // namespace cairn::consensus
