#include "tools/vigie_admin/ink.hpp"

#include <unistd.h>

#include <cstdlib>
#include <string_view>

namespace vigie {

namespace {

const char* code_of(ink how) {
  switch (how) {
  case ink::plain:
    return "";
  case ink::head:
  case ink::bold:
    return "1";
  case ink::good:
    return "32";
  case ink::warn:
    return "33";
  case ink::bad:
    return "31";
  case ink::dim:
    return "2";
  }
  return "";
}

} // namespace

std::string painted(const std::string& line, ink how, bool colour) {
  if (!colour || how == ink::plain)
    return line;
  return std::string{"\x1b["} + code_of(how) + "m" + line + "\x1b[0m";
}

bool wants_colour(int fd) {
  auto* no = std::getenv("NO_COLOR");
  auto* term = std::getenv("TERM");
  return ::isatty(fd) == 1 && (no == nullptr || *no == '\0') && term != nullptr
         && std::string_view{term} != "dumb";
}

} // namespace vigie
