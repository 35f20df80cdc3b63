/// The official English word list of BIP39, in its order, which is alphabetical.
///
/// CMake makes the source of it from english.txt, a copy of
/// https://github.com/bitcoin/bips/blob/master/bip-0039/english.txt (also in the npm package
/// bip39 3.1.0); its SHA-256 is 2f5eed53a4727b4bf8880d8f3f199efc90e58503646d9ff8eff3a2ed3b24dbda.
#pragma once

#include "cairn/wallet/mnemonic.hpp"

#include <array>
#include <string_view>

namespace cairn::wallet {

extern const std::array<std::string_view, word_list_size> english_words;

}  // namespace cairn::wallet
