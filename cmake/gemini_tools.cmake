# The simulator of generateContent and the benchmark of the desk.
add_library(gemini_sim_core STATIC tools/gemini_sim/quota_model.cpp
            tools/gemini_sim/refusals.cpp)
target_link_libraries(gemini_sim_core PUBLIC vigie_options
                      nlohmann_json::nlohmann_json)

add_executable(gemini-sim tools/gemini_sim/main.cpp
               tools/gemini_sim/replies.cpp tools/gemini_sim/scenario.cpp
               tools/gemini_sim/explain.cpp tools/gemini_sim/server.cpp)
target_link_libraries(gemini-sim PRIVATE gemini_sim_core vigie_http)
