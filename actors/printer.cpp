#include "actors/printer.hpp"

#include <fstream>
#include <iterator>
#include <utility>

namespace vigie {

namespace {

std::string thumbnail(const printer_args& args, const batch_id& id,
                      file_id file) {
  auto found = args.files->thumbnail(id, file);
  if (!found)
    return {};
  std::ifstream in(found.value().path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

outcome<report_result> print(const printer_args& args, const batch_id& id) {
  auto view = args.reader->snapshot(id);
  if (!view)
    return view.why();
  auto pdf = args.printer->print(
      view.value(), [&](file_id file) { return thumbnail(args, id, file); });
  if (!pdf)
    return pdf.why();
  auto hash = args.sha256(pdf.value());
  return report_result{std::move(pdf).value(), std::move(hash)};
}

} // namespace

printer_actor::behavior_type printer(printer_actor::pointer,
                                     printer_args args) {
  return {
      [args = std::move(args)](print_atom, const batch_id& id) {
        return std::make_shared<const outcome<report_result>>(print(args, id));
      },
      [](drain_atom) { return true; }, // after what the mailbox held
  };
}

} // namespace vigie
