# One Catch main for all test programs (it takes half a minute to compile), and
# cairn_test(<name> SOURCES ... LIBRARIES ... [LABELS ...]): a program whose cases are ctest's.
find_package(benchmark REQUIRED)
find_package(Catch2 REQUIRED)
include(Catch)

add_library(cairn_catch_main STATIC ${CMAKE_SOURCE_DIR}/tests/catch_main.cpp)
target_link_libraries(cairn_catch_main PUBLIC Catch2::Catch2)
target_compile_features(cairn_catch_main PUBLIC cxx_std_20)

function(cairn_test name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LIBRARIES;LABELS")
    add_executable(${name} ${arg_SOURCES})
    target_link_libraries(${name} PRIVATE ${arg_LIBRARIES} cairn_flags cairn_catch_main)
    target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR})
    target_compile_definitions(${name} PRIVATE
        CAIRN_VECTORS_DIR="${CMAKE_SOURCE_DIR}/proto_spec/vectors")
    catch_discover_tests(${name}
        PROPERTIES TIMEOUT 600 LABELS "${arg_LABELS}" DISCOVERY_MODE PRE_TEST)
endfunction()
