# The UI (web/) is built by Vite and is part of the program. Both presets share
# what npm and Vite make; ninja runs them again only when a source is newer.
find_program(NPM npm REQUIRED)
find_program(NODE node REQUIRED)
set(web_dir "${CMAKE_SOURCE_DIR}/web")
set(web_out "${CMAKE_SOURCE_DIR}/build/web")
file(GLOB_RECURSE web_sources CONFIGURE_DEPENDS "${web_dir}/src/*"
     "${web_dir}/public/*" "${web_dir}/docs/*")
list(APPEND web_sources "${web_dir}/index.html" "${web_dir}/vite.config.ts"
     "${web_dir}/tsconfig.json" "${web_dir}/scripts/build.mjs"
     "${web_dir}/scripts/budget.mjs" "${web_dir}/scripts/docs.mjs"
     "${CMAKE_SOURCE_DIR}/http/openapi.yaml")
add_custom_command(OUTPUT "${web_dir}/node_modules/.package-lock.json"
  COMMAND "${NPM}" ci --no-audit --no-fund --loglevel=error
  COMMAND "${CMAKE_COMMAND}" -E touch "${web_dir}/node_modules/.package-lock.json"
  DEPENDS "${web_dir}/package-lock.json"
  WORKING_DIRECTORY "${web_dir}" VERBATIM COMMENT "Fetching what the UI is built with")
add_custom_command(OUTPUT "${web_out}/dist/index.html"
  COMMAND "${NPM}" run --silent build -- "${web_out}/dist"
  DEPENDS "${web_dir}/node_modules/.package-lock.json" ${web_sources}
  WORKING_DIRECTORY "${web_dir}" VERBATIM COMMENT "Building the UI")
add_custom_command(OUTPUT "${web_out}/web_assets.cpp"
  COMMAND "${NODE}" "${web_dir}/scripts/embed.mjs" "${web_out}/dist" "${web_out}"
  DEPENDS "${web_out}/dist/index.html" "${web_dir}/scripts/embed.mjs"
  VERBATIM COMMENT "Taking the UI into the program")
# The assembler takes the bytes in: a cache of compilers must not guess.
set_source_files_properties("${web_out}/web_assets.cpp" PROPERTIES
  OBJECT_DEPENDS "${web_out}/dist/index.html")
target_sources(vigie_http PRIVATE "${web_out}/web_assets.cpp")
