// GEMINI: one image on its way to the desk.

#include "actors/gemini_stage.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace vigie {

namespace {

constexpr uint64_t most_raw_bytes = 11'000'000; // 15 MB as base64
constexpr double image_tokens = 1'120;          // GEMINI.md 1.1

bool taken_as_is(const file_record& f) {
  static const std::set<std::string> types{"image/jpeg", "image/png",
                                           "image/webp"};
  return types.count(f.content_type) > 0 && f.size_bytes <= most_raw_bytes;
}

} // namespace

/// Other formats, and pictures too large for one request, are made into a
/// smaller JPEG by a worker: nothing is decoded in the server.
void gemini_stage_state::prepare(const file_record& file) {
  auto path = args.root + "/" + file.stored_path;
  if (taken_as_is(file)) {
    ask(file, {file.content_type, path, nullptr});
    return;
  }
  auto no_picture = [this, file] {
    model_told told;
    told.verdict = "bad_request";
    told.scope = "image";
    got(file, std::move(told));
  };
  auto left =
      std::max(std::chrono::microseconds{1'000'000}, run.deadline - args.now());
  self->request(args.hub, left, work_atom_v,
                job_for(args.id, file, stage::gemini))
      .then(
          [this, file, no_picture](analysis_result& r) {
            if (!r.ok || r.thumbnail_jpeg.empty()) {
              no_picture();
              return;
            }
            ask(file, {"image/jpeg", "",
                       std::make_shared<const std::string>(
                           std::move(r.thumbnail_jpeg))});
          },
          [no_picture](const caf::error&) { no_picture(); });
}

void gemini_stage_state::ask(const file_record& file, model_image image) {
  auto& plan = *args.plan;
  auto what = std::make_shared<model_ask>();
  what->batch = args.id;
  what->subject = file.filename;
  what->input_hash = file.sha256;
  what->prompt_hash = plan.image.hash;
  what->deadline = run.deadline;
  what->sends = sends_before;
  what->request.instruction = plan.image.system;
  auto known = [](const std::string& text) {
    return quote_as_data(text.empty() ? "non renseigné" : text, 255);
  };
  what->request.user_text =
      render(plan.image.user, {{"filename", known(file.filename)},
                               {"zone", known(file.zone)},
                               {"site", known(file.site_type)}});
  what->request.schema_json = plan.image_schema;
  what->request.image = std::move(image);
  what->tokens = image_tokens
                 + static_cast<double>(plan.image.system.size()
                                       + what->request.user_text.size()
                                       + plan.image_schema.size())
                       / 4;
  auto late = run.deadline - args.now() + std::chrono::seconds{60};
  self->request(plan.desk, std::max(late, std::chrono::microseconds{1}),
                ask_atom_v, ask_ptr{what}, gemini_stage_actor{self})
      .then([this, file](const told_ptr& told) { got(file, *told); },
            [this, file](const caf::error&) {
              model_told told;
              told.verdict = "provider_error";
              got(file, std::move(told));
            });
}

} // namespace vigie
