// Gives a target every file of its corpus, as a plain test. replay FOLDER

#include "target.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

int main(int argc, char** argv) {
  namespace fs = std::filesystem;
  std::size_t files = 0;
  for (auto i = 1; i < argc; ++i)
    for (auto& entry : fs::directory_iterator{argv[i]}) {
      std::ifstream in{entry.path(), std::ios::binary};
      std::string bytes{std::istreambuf_iterator<char>{in}, {}};
      std::fprintf(stderr, "%s\n", entry.path().filename().c_str());
      // A copy of its own size: a sanitizer sees a read beyond it.
      std::vector<uint8_t> exact{bytes.begin(), bytes.end()};
      LLVMFuzzerTestOneInput(exact.data(), exact.size());
      ++files;
    }
  std::printf("%zu inputs\n", files);
  return files > 0 ? 0 : 1; // an empty corpus tests nothing
}
