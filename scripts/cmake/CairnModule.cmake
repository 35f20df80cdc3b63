# cairn_module(<name> SOURCES ... [LIBRARIES ...]): one static library a module.
#
# The modules that it may use are read from scripts/layers.toml, so the link graph and the include
# check cannot differ. LIBRARIES names third-party targets.
set(CAIRN_LAYERS_FILE "${CMAKE_SOURCE_DIR}/scripts/layers.toml")
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${CAIRN_LAYERS_FILE}")

function(cairn_layer_dependencies module result)
    file(STRINGS "${CAIRN_LAYERS_FILE}" line REGEX "^${module} *= *\\[")
    if(NOT line)
        message(FATAL_ERROR "module ${module} is not in scripts/layers.toml")
    endif()
    string(REGEX MATCHALL "\"[a-z]+\"" quoted "${line}")
    string(REPLACE "\"" "" names "${quoted}")
    set(${result} "${names}" PARENT_SCOPE)
endfunction()

function(cairn_module name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LIBRARIES")
    add_library(cairn_${name} STATIC ${arg_SOURCES})
    add_library(cairn::${name} ALIAS cairn_${name})
    target_link_libraries(cairn_${name} PUBLIC cairn_flags tl::expected ${arg_LIBRARIES})
    # A header that only one module may see stands in src/<name> and is included by that full path.
    target_include_directories(cairn_${name} PRIVATE ${CMAKE_SOURCE_DIR})
    cairn_layer_dependencies(${name} dependencies)
    foreach(dependency IN LISTS dependencies)
        if(NOT TARGET cairn_${dependency})
            message(FATAL_ERROR "in src/CMakeLists.txt ${dependency} must stand before ${name}")
        endif()
        target_link_libraries(cairn_${name} PUBLIC cairn_${dependency})
    endforeach()
    # The program's own module is no library for others.
    if(NOT name STREQUAL "app")
        set_target_properties(cairn_${name} PROPERTIES EXPORT_NAME ${name})
        set_property(GLOBAL APPEND PROPERTY CAIRN_LIBRARIES cairn_${name})
    endif()
endfunction()
