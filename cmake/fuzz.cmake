# The targets of tests/fuzz: with VIGIE_FUZZ libFuzzer programs (preset `fuzz`,
# tools/fuzz), otherwise plain tests that replay the corpus kept beside them.
set(fuzz_rooms_cursor vigie_storage)
set(fuzz_rooms_basp_guard vigie_remote)
add_custom_target(fuzzers)
add_dependencies(unit_tests fuzzers) # their corpora are tests of both presets
foreach(name head request multipart chunked fields cursor rerun basp_guard gemini)
  set(rooms vigie_http)
  if(DEFINED fuzz_rooms_${name})
    set(rooms ${fuzz_rooms_${name}})
  endif()
  add_executable(fuzz_${name} tests/fuzz/${name}.cpp)
  target_link_libraries(fuzz_${name} PRIVATE ${rooms} GTest::gtest)
  add_dependencies(fuzzers fuzz_${name})
  if(VIGIE_FUZZ)
    target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
    continue()
  endif()
  target_sources(fuzz_${name} PRIVATE tests/fuzz/replay.cpp)
  add_test(NAME fuzz_corpus_${name} COMMAND fuzz_${name}
           "${CMAKE_SOURCE_DIR}/tests/fuzz/corpus/${name}")
  set_tests_properties(fuzz_corpus_${name} PROPERTIES TIMEOUT 120)
endforeach()
