#include "app/node_setup.hpp"

#include "analysis/languages.hpp"
#include "analysis/metadata.hpp"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <random>

namespace vigie {

namespace {

namespace fs = std::filesystem;

/// In a folder whose content is ours to overwrite.
constexpr auto scratch_mark = ".vigie-scratch";

/// Replaced as a whole: a slot may be reading the one before.
std::string write_file(const fs::path& to, const std::string& text) {
  if (text.empty())
    return {};
  auto fresh = to;
  fresh += ".new";
  std::ofstream{fresh, std::ios::binary} << text;
  std::error_code failed;
  fs::rename(fresh, to, failed);
  return to.string();
}

} // namespace

outcome<node_place> node_place::make(const worker_options& o) {
  node_place here;
  std::error_code failed;
  if (o.temp.empty()) {
    auto base = fs::temp_directory_path(failed);
    auto pattern = (base / "vigie-node-XXXXXX").string();
    if (failed || ::mkdtemp(pattern.data()) == nullptr)
      return problem{code::internal, "--temp: no folder can be made in TMPDIR"};
    here.temp = pattern;
    here.temp_is_ours = true;
  } else {
    here.temp = o.temp;
    fs::create_directories(here.temp, failed);
    if (o.parent <= 0 && !fs::is_empty(here.temp, failed)
        && !fs::exists(here.temp / scratch_mark, failed))
      return problem{code::bad_request,
                     "--temp " + here.temp.string()
                         + ": is not empty, and no folder of vigie-worker; "
                           "what is in it would be overwritten"};
    std::ofstream{here.temp / scratch_mark};
  }
  if (!fs::is_directory(here.temp, failed)
      || ::access(here.temp.c_str(), W_OK) != 0)
    return problem{code::internal,
                   "--temp " + here.temp.string() + ": cannot write there"};
  here.cache = o.cache.empty() ? here.temp / "cache" : o.cache;
  auto model = std::string{};
  if (!o.vision_model.empty()) {
    if (!fs::is_regular_file(o.vision_model, failed))
      return problem{code::bad_request, "--vision-model "
                                            + o.vision_model.string()
                                            + ": no such file"};
    model = sha256_of_file(o.vision_model);
  }
  here.abilities = abilities_of(installed_languages(), model);
  return here;
}

slot_setup node_place::setup(const analysis_setup& how,
                             const worker_options& o) const {
  slot_setup s;
  s.how = how;
  s.rules_file = write_file(temp / "rules.json", how.rules_json);
  s.classes_file = write_file(temp / "classes.json", how.vision_classes_json);
  // A node without the detector gets no job that needs it.
  if (!how.vision_model.empty())
    s.vision_model = o.vision_model.string();
  return s;
}

std::string random_boot_id() {
  std::random_device source;
  char text[33];
  std::snprintf(text, sizeof text, "%08x%08x%08x%08x", source(), source(),
                source(), source());
  return text;
}

fs::path own_program() { return fs::read_symlink("/proc/self/exe"); }

} // namespace vigie
