#include "analysis/languages.hpp"

#include <cstdlib>
#include <filesystem>
#include <vector>

namespace vigie {

namespace {

namespace fs = std::filesystem;

/// Where Tesseract looks: its prefix, else where packages put the data.
std::vector<fs::path> data_folders() {
  if (auto* prefix = std::getenv("TESSDATA_PREFIX"))
    return {prefix, fs::path{prefix} / "tessdata"};
  std::vector<fs::path> out{"/usr/share/tessdata", "/usr/local/share/tessdata"};
  std::error_code failed;
  for (auto& version :
       fs::directory_iterator("/usr/share/tesseract-ocr", failed))
    out.push_back(version.path() / "tessdata");
  return out;
}

} // namespace

std::set<std::string> installed_languages() {
  std::set<std::string> out;
  for (auto& folder : data_folders()) {
    std::error_code failed;
    for (auto& file : fs::directory_iterator(folder, failed))
      if (file.path().extension() == ".traineddata")
        out.insert(file.path().stem().string());
  }
  return out;
}

} // namespace vigie
