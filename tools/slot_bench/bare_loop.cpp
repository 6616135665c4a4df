// bare-loop: the work of a slot without vigie around it, the floor of
// slot_bench.py. Runs every stage of each file and prints how long it took.
// Usage: bare-loop RULES FILE...

#include "analysis/analyzer.hpp"
#include "analysis/metadata.hpp"

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <string>

int main(int argc, char** argv) {
  using namespace vigie;
  using clock = std::chrono::steady_clock;
  if (argc < 3) {
    std::fputs("usage: bare-loop RULES FILE...\n", stderr);
    return 2;
  }
  analyzer_options options;
  options.rules_file = argv[1];
  auto analyzer = make_analyzer(options);
  if (!analyzer)
    return 2;
  auto words = std::size_t{0};
  auto run = [&](const char* file, stage what) {
    analysis_job job;
    job.path = file;
    job.filename = std::filesystem::path{file}.filename().string();
    job.content_type = "image/png";
    job.sha256 = sha256_of_file(file);
    job.what = what;
    auto r = analyzer.value()->run(job);
    words += r.text ? r.text->content.size() : 0;
  };
  run(argv[2], stage::text); // the engine is loaded: slots are warm, too
  auto began = clock::now();
  for (int i = 2; i < argc; ++i)
    for (auto what : {stage::metadata, stage::vision, stage::text})
      run(argv[i], what);
  std::chrono::duration<double> took = clock::now() - began;
  std::printf("%.3f %zu\n", took.count(), words);
  return 0;
}
