# The programs: wiring only, the one place that knows every room.
# What they have in common.
add_library(vigie_programs STATIC app/caf_settings.cpp app/child_process.cpp)
target_link_libraries(vigie_programs PUBLIC vigie_actors)
target_precompile_headers(vigie_programs PRIVATE <caf/all.hpp> <caf/io/all.hpp>)

add_library(vigie_wiring STATIC app/access_log.cpp app/access_wiring.cpp
            app/backup_command.cpp app/cert_command.cpp app/cert_list.cpp
            app/command_words.cpp app/config_command.cpp
            app/flag_words.cpp app/gate_socket.cpp
            app/gemini_wiring.cpp app/measured.cpp app/node_keeper.cpp
            app/node_wiring.cpp app/ports.cpp app/process_figures.cpp
            app/peer_messages.cpp app/server_staff.cpp app/server_system.cpp
            app/storage_owner.cpp app/supervisor.cpp app/token_command.cpp app/token_list.cpp
            app/vitals.cpp app/vitals_families.cpp)
target_link_libraries(vigie_wiring PUBLIC vigie_actors vigie_storage vigie_http
                      vigie_config vigie_analysis vigie_remote vigie_programs
                      vigie_metrics vigie_logs OpenSSL::Crypto
                      date::date-tz)
target_precompile_headers(vigie_wiring PRIVATE <caf/all.hpp> <caf/io/all.hpp>)

add_executable(vigied app/vigied.cpp)
target_link_libraries(vigied PRIVATE vigie_wiring)
# Of what analysis/ needs the server uses a little: without this it would load
# OpenCV, Tesseract and the 100 libraries below them, 25 MB of its memory.
target_link_options(vigied PRIVATE LINKER:--as-needed)

# A node and its slots, without storage, HTTP and the like.
add_library(vigie_node STATIC app/node_setup.cpp app/slot_child.cpp
            app/slot_fault.cpp app/slot_frames.cpp app/slot_launch.cpp
            app/slot_listen.cpp app/slot_process.cpp app/worker_options.cpp)
target_link_libraries(vigie_node PUBLIC vigie_actors vigie_analysis
                      vigie_remote vigie_programs vigie_logs)
target_precompile_headers(vigie_node PRIVATE <caf/all.hpp> <caf/io/all.hpp>)

add_executable(vigie-worker app/vigie_worker.cpp)
target_link_libraries(vigie-worker PRIVATE vigie_node)

include(cmake/admin_tool.cmake)
include(cmake/gemini_tools.cmake)

include(cmake/bench_tools.cmake)

# The floor of tools/slot_bench/slot_bench.py.
add_executable(bare-loop EXCLUDE_FROM_ALL tools/slot_bench/bare_loop.cpp)
target_link_libraries(bare-loop PRIVATE vigie_analysis)
