# Load and floors of `make bench` and `make scale`; built only for them.
add_library(bench_common STATIC EXCLUDE_FROM_ALL tools/bench/common.cpp)
target_link_libraries(bench_common PUBLIC vigie_options)
add_custom_target(bench_programs)
function(vigie_bench name source)
  add_executable(${name} EXCLUDE_FROM_ALL ${source})
  target_link_libraries(${name} PRIVATE bench_common ${ARGN})
  add_dependencies(bench_programs ${name})
endfunction()
vigie_bench(bench-http tools/bench/http_load.cpp)
vigie_bench(bench-post tools/bench/post_load.cpp)
vigie_bench(bench-post-floor tools/bench/post_floor.cpp SQLiteCpp
            SQLite::SQLite3 OpenSSL::Crypto)
vigie_bench(bench-get-floor tools/bench/get_floor.cpp SQLiteCpp SQLite::SQLite3)
vigie_bench(bench-fanout tools/bench/fanout_floor.cpp)
vigie_bench(bench-listen tools/bench/listen.cpp SQLiteCpp SQLite::SQLite3)
target_sources(bench-listen PRIVATE tools/bench/watch.cpp)
vigie_bench(bench-desk tools/bench/desk_load.cpp vigie_actors vigie_http)
# A node whose slots sleep: `make scale`.
vigie_bench(vigie-sim-node tools/vigie_sim/sim_node.cpp vigie_remote
            vigie_programs)
target_precompile_headers(vigie-sim-node REUSE_FROM vigie_actors)
