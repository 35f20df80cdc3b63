# Every third-party library, found once, under a name of our own; headers count as SYSTEM.
# It is installed too: cairnConfig.cmake finds the same libraries by it.
find_package(Threads REQUIRED)
find_package(tl-expected REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(spdlog REQUIRED)
find_package(absl REQUIRED)
find_package(fmt REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(secp256k1 REQUIRED IMPORTED_TARGET libsecp256k1)
pkg_check_modules(cryptopp REQUIRED IMPORTED_TARGET libcrypto++)
pkg_check_modules(lmdb REQUIRED IMPORTED_TARGET lmdb)
# The core alone: its CMake package would also ask for the libraries of its own HTTP server.
pkg_check_modules(prometheus REQUIRED IMPORTED_TARGET prometheus-cpp-core)

# Header-only packages without a usable target of their own.
foreach(pair IN ITEMS asio:asio.hpp cereal:cereal/cereal.hpp cli11:CLI/CLI.hpp
                      boost_headers:boost/multiprecision/cpp_int.hpp
                      restinio:restinio/all.hpp)
    string(REPLACE ":" ";" parts ${pair})
    list(GET parts 0 name)
    list(GET parts 1 header)
    find_path(${name}_INCLUDE_DIR ${header} REQUIRED)
    if(NOT TARGET third_party::${name})
        add_library(third_party::${name} INTERFACE IMPORTED)
    endif()
endforeach()
find_library(http_parser_LIBRARY http_parser REQUIRED)
set_target_properties(third_party::asio PROPERTIES INTERFACE_LINK_LIBRARIES Threads::Threads)
set_target_properties(third_party::restinio PROPERTIES
    INTERFACE_LINK_LIBRARIES "third_party::asio;fmt::fmt;${http_parser_LIBRARY}")
