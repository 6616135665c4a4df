# vigie-admin, for operators: no storage, no HTTP, no analysis.
pkg_check_modules(NCURSES REQUIRED IMPORTED_TARGET ncursesw)
add_library(vigie_admin STATIC tools/vigie_admin/commands.cpp
            tools/vigie_admin/figures.cpp tools/vigie_admin/ink.cpp
            tools/vigie_admin/options.cpp tools/vigie_admin/screen.cpp
            tools/vigie_admin/server_call.cpp tools/vigie_admin/show.cpp
            tools/vigie_admin/show_json.cpp tools/vigie_admin/terminal.cpp
            tools/vigie_admin/top_draw.cpp tools/vigie_admin/top_keys.cpp
            tools/vigie_admin/top_run.cpp tools/vigie_admin/verify.cpp)
target_link_libraries(vigie_admin PUBLIC vigie_actors vigie_remote
                      nlohmann_json::nlohmann_json PkgConfig::NCURSES
                      OpenSSL::Crypto)
target_precompile_headers(vigie_admin PRIVATE <caf/all.hpp> <caf/io/all.hpp>)

add_executable(vigie-admin tools/vigie_admin/main.cpp)
target_link_libraries(vigie-admin PRIVATE vigie_admin)

# What meters cost (docs/adr/0013-actor-statistics.md).
add_executable(meter-bench EXCLUDE_FROM_ALL tools/meter_bench/main.cpp)
target_link_libraries(meter-bench PRIVATE vigie_actors)
