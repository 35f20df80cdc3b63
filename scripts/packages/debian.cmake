# Two Debian packages: `cairn`, the node as a service, and `libcairn-dev`, the library.
set(cairn_maintainers "Cairn maintainers <maintainers@cairn.invalid>")

# Debian's changelog has a form of its own (Debian Policy 4.4). SOURCE_DATE_EPOCH sets its date.
string(TIMESTAMP now "%a, %d %b %Y %H:%M:%S +0000" UTC)
file(CONFIGURE OUTPUT changelog @ONLY CONTENT
"cairn (@PROJECT_VERSION@) bookworm; urgency=medium

  * What is new stands in /usr/share/doc/cairn/CHANGELOG.md.gz.

 -- @cairn_maintainers@  @now@
")
add_custom_command(
    OUTPUT changelog.gz
    COMMAND gzip -9nkf changelog
    DEPENDS ${CMAKE_CURRENT_BINARY_DIR}/changelog
    VERBATIM
)
add_custom_target(cairn_debian_texts ALL DEPENDS changelog.gz)

function(cairn_install_service folder)
    install(FILES ${ARGN} DESTINATION ${folder} COMPONENT service EXCLUDE_FROM_ALL)
endfunction()
cairn_install_service(/lib/systemd/system cairn.service)
cairn_install_service(/etc/cairn node.toml)
cairn_install_service(/usr/share/doc/cairn copyright ${CMAKE_CURRENT_BINARY_DIR}/changelog.gz)
install(
    FILES logrotate DESTINATION /etc/logrotate.d RENAME cairn
    COMPONENT service EXCLUDE_FROM_ALL
)
install(
    FILES copyright ${CMAKE_CURRENT_BINARY_DIR}/changelog.gz
    DESTINATION /usr/share/doc/libcairn-dev
    COMPONENT service_development EXCLUDE_FROM_ALL
)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME cairn)
set(CPACK_PACKAGE_VENDOR Cairn)
set(CPACK_PACKAGE_CONTACT "${cairn_maintainers}")
set(CPACK_STRIP_FILES ON)
set(CPACK_COMPONENTS_ALL program service development service_development)
set(CPACK_COMPONENT_PROGRAM_GROUP node)
set(CPACK_COMPONENT_SERVICE_GROUP node)
set(CPACK_COMPONENT_DEVELOPMENT_GROUP library)
set(CPACK_COMPONENT_SERVICE_DEVELOPMENT_GROUP library)
set(CPACK_DEB_COMPONENT_INSTALL ON)
# Some files go below /etc and not below the prefix.
set(CPACK_SET_DESTDIR ON)
set(CPACK_INSTALL_PREFIX /usr)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
# Folders of a package belong to all, whatever the umask of its builder.
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
    OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)

set(CPACK_DEBIAN_NODE_PACKAGE_NAME cairn)
set(CPACK_DEBIAN_NODE_PACKAGE_SECTION net)
set(CPACK_DEBIAN_NODE_PACKAGE_SHLIBDEPS ON)
# The package's scripts make the user of the service, and its unit reloads by /bin/kill.
set(CPACK_DEBIAN_NODE_PACKAGE_DEPENDS "adduser, procps")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "peer-to-peer blockchain node")
set(CPACK_DEBIAN_NODE_DESCRIPTION
    "A node that follows the chain with the most proof of work, its wallets,
and a service for systemd that is not started before it is asked for.")
set(CPACK_DEBIAN_NODE_PACKAGE_CONTROL_EXTRA
    ${CMAKE_CURRENT_SOURCE_DIR}/conffiles ${CMAKE_CURRENT_SOURCE_DIR}/postinst
    ${CMAKE_CURRENT_SOURCE_DIR}/prerm ${CMAKE_CURRENT_SOURCE_DIR}/postrm)
set(CPACK_DEBIAN_NODE_PACKAGE_CONTROL_STRICT_PERMISSION ON)

set(CPACK_DEBIAN_LIBRARY_PACKAGE_NAME libcairn-dev)
set(CPACK_DEBIAN_LIBRARY_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_LIBRARY_DESCRIPTION
    "Headers, static archives and the files of find_package(cairn): the library
that the node is made of.")
# What scripts/cmake/CairnPackages.cmake finds.
set(CPACK_DEBIAN_LIBRARY_PACKAGE_DEPENDS
    libabsl-dev libasio-dev libboost-dev libcereal-dev libcli11-dev libcrypto++-dev libexpected-dev
    libfmt-dev libhttp-parser-dev liblmdb-dev librestinio-dev libsecp256k1-dev libspdlog-dev
    nlohmann-json3-dev pkg-config prometheus-cpp-dev)
list(JOIN CPACK_DEBIAN_LIBRARY_PACKAGE_DEPENDS ", " CPACK_DEBIAN_LIBRARY_PACKAGE_DEPENDS)
include(CPack)
