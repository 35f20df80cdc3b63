#include "cairn/chain/block_store.hpp"

namespace cairn::chain {

std::string_view to_string(StoreError error) {
    switch (error) {
        case StoreError::io:
            return "io";
        case StoreError::full:
            return "full";
        case StoreError::corrupt:
            return "corrupt";
        case StoreError::locked:
            return "locked";
        case StoreError::version:
            return "version";
        case StoreError::other_chain:
            return "other_chain";
    }
    return "unknown";
}

}  // namespace cairn::chain
