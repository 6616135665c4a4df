// vigie-redraw STORAGE BATCH: the report that the rows of a stopped server
// give, on standard output. For the tests that compare runs.

#include "analysis/report.hpp"
#include "storage/sqlite_reader.hpp"

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>

int main(int argc, char** argv) {
  using namespace vigie;
  if (argc != 3)
    return 2;
  std::filesystem::path root{argv[1]};
  batch_id id{argv[2]};
  auto rows = open_reader({root / "vigie.db", root, {}});
  if (!rows)
    return 1;
  auto& read = *rows.value();
  auto view = read.snapshot(id);
  if (!view)
    return 1;
  auto thumbnail = [&](file_id file) {
    auto found = read.thumbnail(id, file);
    if (!found)
      return std::string{};
    std::ifstream in(found.value().path, std::ios::binary);
    return std::string{std::istreambuf_iterator<char>(in), {}};
  };
  auto pdf = make_report_printer()->print(view.value(), thumbnail);
  if (!pdf)
    return 1;
  auto& bytes = pdf.value();
  return std::fwrite(bytes.data(), 1, bytes.size(), stdout) == bytes.size() ? 0
                                                                            : 1;
}
