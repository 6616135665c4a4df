// gemini-bench: what the real desk makes of a quota, beside an oracle that
// knows it and two ways clients go about it today. Virtual time: every timer
// fires at its own instant, so an hour takes a second and a seed repeats.

#include "tools/gemini_bench/cases.hpp"

#include <cstdio>
#include <cstdlib>
#include <string>

int main(int argc, char** argv) {
  int seeds = 10;
  if (argc == 3 && std::string{argv[1]} == "--seeds")
    seeds = std::atoi(argv[2]);
  if (seeds < 1 || (argc != 1 && argc != 3)) {
    std::fputs("gemini-bench [--seeds N]: prints G1-G10; exit 1 when a goal is "
               "missed\n",
               stderr);
    return 2;
  }
  return vigie::bench::print_all(seeds) ? 0 : 1;
}
