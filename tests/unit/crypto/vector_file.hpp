/// Reads the published vectors in proto_spec/vectors/crypto.
#pragma once

#include "cairn/base/bytes.hpp"

#include <nlohmann/json.hpp>

#include <fstream>
#include <string>

namespace cairn::crypto {

/// The JSON of `proto_spec/vectors/crypto/<name>`; throws when it cannot be read.
inline nlohmann::json load_vectors(const std::string& name) {
    std::ifstream file{std::string{CAIRN_VECTORS_DIR "/crypto/"} + name};
    return nlohmann::json::parse(file);
}

/// One list out of that file, by value, so that a range-for may run over the call itself.
inline nlohmann::json load_cases(const std::string& name, const std::string& list) {
    return load_vectors(name).at(list);
}

/// The bytes that a JSON string writes in hexadecimal; throws when it does not.
inline Bytes bytes_of(const nlohmann::json& hex) {
    return from_hex(hex.get<std::string>()).value();
}

/// The `Fixed` that a JSON string writes in hexadecimal; throws when it does not.
template <class Fixed>
Fixed fixed_of(const nlohmann::json& hex) {
    return fixed_from_hex<Fixed>(hex.get<std::string>()).value();
}

}  // namespace cairn::crypto
