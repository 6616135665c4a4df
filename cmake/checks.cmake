# The rules of the house, as tests.
add_test(NAME layers COMMAND "${CMAKE_SOURCE_DIR}/tools/check_layers.py"
         "${CMAKE_SOURCE_DIR}")
find_program(CLANG_FORMAT clang-format REQUIRED)
file(GLOB formatted CONFIGURE_DEPENDS
     "${CMAKE_SOURCE_DIR}/[adchst]*/*.[ch]pp" "${CMAKE_SOURCE_DIR}/tests/*/*.[ch]pp")
add_test(NAME format COMMAND "${CLANG_FORMAT}" --dry-run -Werror ${formatted})
if(TARGET vigied AND NOT VIGIE_SANITIZE
   AND EXISTS "${CMAKE_SOURCE_DIR}/tests/integration/run_tests.py")
  add_test(NAME integration COMMAND python3
           "${CMAKE_SOURCE_DIR}/tests/integration/run_tests.py"
           "${CMAKE_BINARY_DIR}")
  set_tests_properties(integration PROPERTIES LABELS integration TIMEOUT 900
                       RUN_SERIAL TRUE)
endif()
