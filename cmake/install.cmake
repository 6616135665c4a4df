# What `cmake --install` brings, and the Debian package made of it (CPack).
include(GNUInstallDirs)
file(STRINGS "${CMAKE_SOURCE_DIR}/app/version.hpp" version_line
     REGEX "version = \"")
string(REGEX REPLACE ".*\"(.+)\".*" "\\1" VIGIE_VERSION "${version_line}")

# GNUInstallDirs knows /etc and /var for the prefix /usr only.
set(etc "${CMAKE_INSTALL_SYSCONFDIR}")
if(CMAKE_INSTALL_PREFIX STREQUAL "/usr")
  set(etc "/etc")
endif()
set(doc "${CMAKE_INSTALL_DATADIR}/doc/vigie")

install(TARGETS vigied vigie-worker vigie-admin RUNTIME)

# An installed server keeps its data where a system does.
function(vigie_config_line from to)
  if(NOT toml MATCHES "${from}")
    message(FATAL_ERROR "config/vigie.toml: no line ${from}")
  endif()
  string(REGEX REPLACE "${from}" "${to}" toml "${toml}")
  set(toml "${toml}" PARENT_SCOPE)
endfunction()
file(READ "${CMAKE_SOURCE_DIR}/config/vigie.toml" toml)
vigie_config_line("path = \"\\.\\./var/storage\" *#" "path = \"/var/lib/vigie\" #")
vigie_config_line("# prompts_dir = \"prompts\" *#" "prompts_dir = \"prompts\" #")
file(WRITE "${CMAKE_BINARY_DIR}/installed/vigie.toml" "${toml}")
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS
             "${CMAKE_SOURCE_DIR}/config/vigie.toml"
             "${CMAKE_SOURCE_DIR}/app/version.hpp")
install(FILES "${CMAKE_BINARY_DIR}/installed/vigie.toml"
        config/observation_rules.json config/vision_classes.json
        DESTINATION "${etc}/vigie")
install(DIRECTORY config/prompts DESTINATION "${etc}/vigie")
install(FILES packaging/debian/vigied.default DESTINATION "${etc}/default"
        RENAME vigied)
install(FILES packaging/debian/vigie-worker.default
        DESTINATION "${etc}/default" RENAME vigie-worker)

install(FILES packaging/systemd/vigied.service
        packaging/systemd/vigie-worker.service DESTINATION lib/systemd/system)
install(DIRECTORY config/proxy DESTINATION "${doc}/examples")
install(FILES README.md LICENSE DESTINATION "${doc}")
install(DIRECTORY docs/ DESTINATION "${doc}" PATTERN man EXCLUDE)
install(FILES packaging/debian/copyright DESTINATION "${doc}")

# Pages and the changelog are packed without a time: the same bytes each time.
function(vigie_packed source to)
  set(packed "${CMAKE_BINARY_DIR}/installed/${to}.gz")
  add_custom_command(OUTPUT "${packed}"
    COMMAND sh -c "gzip -9 -n -c \"$1\" > \"$2\"" - "${source}" "${packed}"
    DEPENDS "${source}" VERBATIM)
  set(packed "${packed}" PARENT_SCOPE)
endfunction()
vigie_packed("${CMAKE_SOURCE_DIR}/CHANGELOG.md" changelog)
set(all_packed "${packed}")
install(FILES "${packed}" DESTINATION "${doc}")
file(GLOB pages CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/docs/man/*.1")
foreach(page ${pages})
  get_filename_component(name "${page}" NAME)
  vigie_packed("${page}" "${name}")
  list(APPEND all_packed "${packed}")
  install(FILES "${packed}" DESTINATION "${CMAKE_INSTALL_MANDIR}/man1")
endforeach()
add_custom_target(installed_texts ALL DEPENDS ${all_packed})

# The program tells its own completion.
set(completion "${CMAKE_BINARY_DIR}/installed/vigie-admin.bash")
add_custom_command(OUTPUT "${completion}"
  COMMAND sh -c "\"$1\" completion bash > \"$2\"" - "$<TARGET_FILE:vigie-admin>"
          "${completion}"
  DEPENDS vigie-admin VERBATIM)
add_custom_target(installed_completion ALL DEPENDS "${completion}")
add_dependencies(installed_texts installed_completion)
install(FILES "${completion}" RENAME vigie-admin
        DESTINATION "${CMAKE_INSTALL_DATADIR}/bash-completion/completions")

# What watches the server, where there is any.
foreach(folder grafana prometheus)
  if(IS_DIRECTORY "${CMAKE_SOURCE_DIR}/config/${folder}")
    install(DIRECTORY "config/${folder}" DESTINATION "${doc}/examples")
  endif()
endforeach()
include(cmake/package.cmake)
