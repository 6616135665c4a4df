# The simulator of generateContent and the benchmark of the desk.
add_library(gemini_sim_core STATIC tools/gemini_sim/quota_model.cpp
            tools/gemini_sim/refusals.cpp)
target_link_libraries(gemini_sim_core PUBLIC vigie_options
                      nlohmann_json::nlohmann_json)

add_executable(gemini-sim tools/gemini_sim/main.cpp
               tools/gemini_sim/replies.cpp tools/gemini_sim/scenario.cpp
               tools/gemini_sim/scenario_file.cpp
               tools/gemini_sim/explain.cpp tools/gemini_sim/server.cpp)
target_link_libraries(gemini-sim PRIVATE gemini_sim_core vigie_http)

add_executable(gemini-bench tools/gemini_bench/main.cpp
               tools/gemini_bench/cases.cpp tools/gemini_bench/rivals.cpp
               tools/gemini_bench/desk_world.cpp)
target_link_libraries(gemini-bench PRIVATE gemini_sim_core vigie_actors
                      vigie_http)
