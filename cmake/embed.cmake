# Writes OUT, a source with the bytes of FILES as `extern const std::string_view`
# named after each file (page.html -> asset_page_html). Run by `cmake -P`.
file(WRITE "${OUT}.new" "#include <string_view>\n")
foreach(path ${FILES})
  get_filename_component(name "${path}" NAME)
  string(MAKE_C_IDENTIFIER "asset_${name}" symbol)
  file(READ "${path}" hex HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "'\\\\x\\1'," bytes "${hex}")
  file(APPEND "${OUT}.new"
    "static constexpr char ${symbol}_bytes[] = {${bytes}};\n"
    "extern const std::string_view ${symbol};\n"
    "const std::string_view ${symbol}{${symbol}_bytes, sizeof ${symbol}_bytes};\n")
endforeach()
file(RENAME "${OUT}.new" "${OUT}")
