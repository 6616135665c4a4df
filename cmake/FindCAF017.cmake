# Imported targets CAF017::core, ::io and ::openssl for Debian's libcaf-dev,
# which ships no CMake config. Accepts version 0.17.6 only (see docs/adr).
find_path(CAF017_INCLUDE_DIR caf/all.hpp)
foreach(part core io openssl)
  find_library(CAF017_${part}_LIBRARY caf_${part})
endforeach()
if(CAF017_INCLUDE_DIR)
  file(STRINGS "${CAF017_INCLUDE_DIR}/caf/config.hpp" CAF017_VERSION_LINE
       REGEX "^#define CAF_VERSION 1706$")
endif()
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(CAF017 REQUIRED_VARS CAF017_VERSION_LINE
  CAF017_core_LIBRARY CAF017_io_LIBRARY CAF017_openssl_LIBRARY
  CAF017_INCLUDE_DIR)
if(CAF017_FOUND AND NOT TARGET CAF017::core)
  find_package(Threads REQUIRED)
  foreach(part core io openssl)
    add_library(CAF017::${part} SHARED IMPORTED)
    set_target_properties(CAF017::${part} PROPERTIES
      IMPORTED_LOCATION "${CAF017_${part}_LIBRARY}"
      INTERFACE_INCLUDE_DIRECTORIES "${CAF017_INCLUDE_DIR}")
  endforeach()
  target_link_libraries(CAF017::core INTERFACE Threads::Threads)
  target_link_libraries(CAF017::io INTERFACE CAF017::core)
  target_link_libraries(CAF017::openssl INTERFACE CAF017::io)
endif()
