# The programs: wiring only, the one place that knows every room.
add_library(vigie_wiring STATIC app/gemini_wiring.cpp app/pki.cpp app/ports.cpp
            app/server_system.cpp
            app/slots.cpp)
target_link_libraries(vigie_wiring PUBLIC vigie_actors vigie_storage vigie_http
                      vigie_config vigie_analysis OpenSSL::Crypto
                      date::date-tz)
target_precompile_headers(vigie_wiring PRIVATE <caf/all.hpp> <caf/io/all.hpp>)

add_executable(vigied app/vigied.cpp)
target_link_libraries(vigied PRIVATE vigie_wiring)

add_executable(vigie-worker app/vigie_worker.cpp app/worker_options.cpp)
target_link_libraries(vigie-worker PRIVATE vigie_actors vigie_analysis)

include(cmake/gemini_tools.cmake)
