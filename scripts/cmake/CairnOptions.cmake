# Options and the one interface target that carries our compile flags.
option(CAIRN_SANITIZE "Build with AddressSanitizer and UndefinedBehaviorSanitizer" OFF)
option(CAIRN_FUZZ "Build the libFuzzer targets (needs clang)" OFF)
option(CAIRN_COVERAGE "Instrument for gcov" OFF)
option(CAIRN_WERROR "Treat warnings as errors" ON)

set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_CXX_EXTENSIONS OFF)
if(NOT CMAKE_BUILD_TYPE)
    set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()

find_program(CAIRN_CCACHE ccache)
if(CAIRN_CCACHE)
    # Paths are taken relative to the source tree, so that two checkouts share one cache.
    set(CMAKE_CXX_COMPILER_LAUNCHER
        ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1
        CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
        ${CAIRN_CCACHE}
    )
endif()
find_program(CAIRN_MOLD mold)
if(CAIRN_MOLD)
    add_link_options(-fuse-ld=mold)
endif()

add_library(cairn_flags INTERFACE)
target_compile_features(cairn_flags INTERFACE cxx_std_20)
target_include_directories(cairn_flags INTERFACE
    "$<BUILD_INTERFACE:${CMAKE_SOURCE_DIR}/include;${CMAKE_SOURCE_DIR}>"
)
# Who uses the installed library compiles the same templates, so it needs the same processor.
target_compile_options(cairn_flags INTERFACE -march=x86-64-v2)
# What follows is about our own sources.
function(cairn_flag)
    target_compile_options(cairn_flags INTERFACE "$<BUILD_INTERFACE:${ARGN}>")
endfunction()
cairn_flag(
    -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wswitch-enum -Wnon-virtual-dtor -Wold-style-cast
    # Designated initialisers leave the other members at their defaults; that is what they are for.
    -Wno-missing-field-initializers
    -ffile-prefix-map=${CMAKE_SOURCE_DIR}/=
)
if(CAIRN_WERROR)
    cairn_flag(-Werror)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # g++ 12 reports variants held in containers as maybe uninitialised, falsely, from -O1 on;
    # every preset optimises at least that much.
    cairn_flag(
        -Wno-error=maybe-uninitialized -Wno-error=restrict -Wno-error=array-bounds
        -Wno-error=stringop-overflow -Wno-error=stringop-overread)
    # In a unity build g++ takes a source file for a header, where a private type of one file in a
    # class would be a fault.
    if(CMAKE_UNITY_BUILD)
        cairn_flag(-Wno-subobject-linkage)
    endif()
endif()
if(CAIRN_SANITIZE)
    add_compile_options(
        -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
    add_link_options(-fsanitize=address,undefined)
endif()
if(CAIRN_FUZZ)
    add_compile_options(-fsanitize=fuzzer-no-link)
endif()
if(CAIRN_COVERAGE)
    add_compile_options(--coverage)
    add_link_options(--coverage)
endif()
