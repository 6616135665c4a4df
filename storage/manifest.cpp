#include "storage/manifest.hpp"

#include "domain/hex.hpp"

#include <nlohmann/json.hpp>
#include <openssl/evp.h>

#include <fstream>
#include <sstream>
#include <string_view>

namespace vigie {

namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr auto form = 1;

std::string sha256(std::string_view bytes) {
  unsigned char sum[EVP_MAX_MD_SIZE];
  unsigned n = 0;
  EVP_Digest(bytes.data(), bytes.size(), sum, &n, EVP_sha256(), nullptr);
  return hex(sum, n);
}

/// Nothing a garbled or made-up list could write elsewhere, or read from there.
bool stays_inside(const backup_entry& e) {
  for (auto& part : fs::path{e.path})
    if (part.empty() || part == ".." || part == "." || part == "/")
      return false;
  return !e.path.empty() && e.sha256.size() == 64
         && e.sha256.find_first_not_of("0123456789abcdef") == std::string::npos;
}

backup_entry entry_of(const json& line) {
  return {line.at("kind"), line.at("path"), line.at("sha256"), line.at("size"),
          line.value("mtime_ns", int64_t{0})};
}

outcome<manifest> parse(const std::string& body, const json& end) {
  std::istringstream lines{body};
  std::string line;
  std::getline(lines, line);
  auto head = json::parse(line);
  if (head.at("vigie_backup") != form)
    return problem{code::bad_request, "the backup was made by another version "
                                      "in a form that is not known here"};
  manifest m{head.at("made_at"), head.at("version"), head.at("batches"), {}};
  while (std::getline(lines, line)) {
    m.entries.push_back(entry_of(json::parse(line)));
    if (!stays_inside(m.entries.back()))
      return problem{code::bad_request, "manifest: " + m.entries.back().path
                                            + ": is no such path"};
  }
  if (m.entries.size() != end.at("files"))
    return problem{code::bad_request, "manifest: a line is missing"};
  return m;
}

} // namespace

fs::path manifest_path(const fs::path& dest) { return dest / "manifest.jsonl"; }

std::string manifest_text(const manifest& m) {
  // A name that is no UTF-8 cannot come from an upload; an old server's may.
  auto text = [](const json& j) {
    return j.dump(-1, ' ', false, json::error_handler_t::replace) + "\n";
  };
  auto out = text({{"vigie_backup", form},
                   {"made_at", m.made_at},
                   {"version", m.version},
                   {"batches", m.batches}});
  for (auto& e : m.entries)
    out += text({{"kind", e.kind},
                 {"path", e.path},
                 {"sha256", e.sha256},
                 {"size", e.size},
                 {"mtime_ns", e.mtime_ns}});
  return out + text({{"files", m.entries.size()}, {"sha256", sha256(out)}});
}

outcome<manifest> read_manifest(const fs::path& dest) {
  std::ifstream in{manifest_path(dest), std::ios::binary};
  if (!in)
    return problem{code::bad_request,
                   dest.string()
                       + ": holds no whole backup (no manifest.jsonl)"};
  auto all = std::string{std::istreambuf_iterator<char>{in}, {}};
  auto garbled =
      problem{code::bad_request,
              "manifest.jsonl: its bytes are not those of the backup"};
  auto last = all.size() < 2 ? all.npos : all.rfind('\n', all.size() - 2);
  if (last == all.npos || all.back() != '\n')
    return garbled;
  try {
    auto end = json::parse(all.substr(last + 1));
    all.resize(last + 1);
    if (end.at("sha256") != sha256(all))
      return garbled;
    return parse(all, end);
  } catch (const json::exception&) {
    return garbled;
  }
}

} // namespace vigie
