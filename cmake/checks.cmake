# The rules of the house, as tests.
add_test(NAME layers COMMAND "${CMAKE_SOURCE_DIR}/tools/check_layers.py"
         "${CMAKE_SOURCE_DIR}")
find_program(CLANG_FORMAT clang-format REQUIRED)
file(GLOB formatted CONFIGURE_DEPENDS
     "${CMAKE_SOURCE_DIR}/[acdhlmrst]*/*.[ch]pp" "${CMAKE_SOURCE_DIR}/tests/*/*.[ch]pp")
add_test(NAME format COMMAND "${CLANG_FORMAT}" --dry-run -Werror ${formatted})
if(TARGET vigied AND NOT VIGIE_SANITIZE
   AND EXISTS "${CMAKE_SOURCE_DIR}/tests/integration/run_tests.py")
  add_executable(vigie-redraw tests/integration/redraw.cpp)
  target_link_libraries(vigie-redraw PRIVATE vigie_analysis vigie_storage)
  add_executable(vigie-rogue tests/integration/rogue.cpp)
  target_link_libraries(vigie-rogue PRIVATE vigie_actors vigie_remote)
  target_precompile_headers(vigie-rogue REUSE_FROM vigie_actors)
  # Debian's Python, for it has Debian's packages.
  add_test(NAME integration COMMAND /usr/bin/python3
           "${CMAKE_SOURCE_DIR}/tests/integration/run_tests.py"
           "${CMAKE_BINARY_DIR}")
  set_tests_properties(integration PROPERTIES LABELS integration TIMEOUT 1800
                       RUN_SERIAL TRUE)
endif()

# Minutes, root and debootstrap: only when asked for (ctest -C package).
if(TARGET vigied AND NOT VIGIE_SANITIZE)
  add_test(NAME package CONFIGURATIONS package
           COMMAND "${CMAKE_SOURCE_DIR}/tools/package_test")
  set_tests_properties(package PROPERTIES LABELS package TIMEOUT 3600
                       RUN_SERIAL TRUE)
endif()

# The UI: its rules, its units, and the real thing in Chromium. Once is enough.
if(TARGET vigied AND NOT VIGIE_SANITIZE)
  add_test(NAME web_lint COMMAND "${NPM}" run --silent lint
           WORKING_DIRECTORY "${web_dir}")
  add_test(NAME web_unit COMMAND "${NPM}" test --silent
           WORKING_DIRECTORY "${web_dir}")
  add_test(NAME web_e2e COMMAND "${NPM}" run --silent e2e
           WORKING_DIRECTORY "${web_dir}")
  set_tests_properties(web_lint web_unit PROPERTIES TIMEOUT 300)
  set_tests_properties(web_e2e PROPERTIES LABELS integration TIMEOUT 900
    RUN_SERIAL TRUE ENVIRONMENT "TEST_BUILD=${CMAKE_BINARY_DIR}")
endif()
