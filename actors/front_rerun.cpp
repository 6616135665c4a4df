// FRONT: the Gemini analysis of an ended batch, once more.

#include "actors/front.hpp"

#include "domain/stages.hpp"

#include <algorithm>
#include <utility>

namespace vigie {

namespace {

record_ptr refuse(code id, std::string detail) {
  return std::make_shared<const outcome<analysis_record>>(
      problem{id, std::move(detail)});
}

std::optional<problem> obstacle(const gemini_plan& plan, std::ptrdiff_t images,
                                bool at_work) {
  if (!plan.enabled)
    return problem{code::analysis_disabled, "Gemini analysis disabled."};
  if (!plan.has_key)
    return problem{code::analysis_no_key, "Gemini API key missing."};
  if (images == 0)
    return problem{code::bad_request, "The batch holds no image to analyse"};
  if (at_work)
    return problem{code::batch_busy, "The batch is still being processed"};
  return std::nullopt;
}

} // namespace

void front_state::rerun(const batch_id& id, const std::string& by,
                        caf::typed_response_promise<record_ptr> promise) {
  if (draining) {
    promise.deliver(refuse(code::draining, "The server is stopping"));
    return;
  }
  self->request(args.store, args.wait.store, load_atom_v, id)
      .then(
          [this, by, promise](const state_ptr& found) mutable {
            if (*found)
              begin_again(found->value(), by, promise);
            else
              promise.deliver(refuse(found->why().id, found->why().detail));
          },
          [promise](const caf::error&) mutable {
            promise.deliver(
                refuse(code::storage_down, "The store did not answer in time"));
          });
}

void front_state::begin_again(const batch_state& batch, const std::string& by,
                              caf::typed_response_promise<record_ptr> promise) {
  auto& plan = *args.plan;
  auto images =
      std::count_if(batch.files.begin(), batch.files.end(), [](auto& f) {
        return f.content_type.starts_with("image/");
      });
  auto at_work =
      batch.status == batch_status::processing || leaving.count(batch.id) > 0;
  if (auto why = obstacle(plan, images, at_work)) {
    promise.deliver(std::make_shared<const outcome<analysis_record>>(*why));
    return;
  }
  auto begun = beginning(plan, by, args.now());
  begun.again = true;
  auto record = begun.record;
  auto event = draft("gemini:start", args.now(),
                     {{"imageCount", static_cast<int64_t>(images)}});
  event.status = batch_status::processing;
  change what{batch.id, std::move(begun), {std::move(event)}};
  commit(std::move(what), [this, record, id = batch.id,
                           bytes = bytes_of(batch.files), promise](
                              const outcome<change_answer>& answer) mutable {
    if (!answer) {
      promise.deliver(refuse(answer.why().id, answer.why().detail));
      return;
    }
    record.id = answer.value().record.value_or(0);
    launch(id, bytes, false);
    promise.deliver(std::make_shared<const outcome<analysis_record>>(record));
  });
}

} // namespace vigie
