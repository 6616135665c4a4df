#include "actors/pipeline.hpp"

#include "actors/metered.hpp"
#include "domain/stages.hpp"

#include <algorithm>
#include <utility>

namespace vigie {

namespace {

/// Of what METADATA stored: is one of these more than null?
bool tells_anything(const std::string& json) {
  for (std::string key : {R"("captured_at")", R"("gps")", R"("camera")"})
    if (auto at = json.find(key); at != std::string::npos)
      if (auto value = json.find_first_not_of(": ", at + key.size());
          value != std::string::npos && json.compare(value, 4, "null") != 0)
        return true;
  return false;
}

caf::error fatal(const problem& why) {
  return caf::make_error(caf::sec::runtime_error, why.detail);
}

ticket_ptr ticket_for(const batch_state& batch, std::size_t i) {
  auto t = std::make_shared<ticket>();
  t->batch = batch.id;
  t->file = batch.files[i];
  t->position = i + 1;
  t->total = batch.files.size();
  t->quarantined = t->file.status == file_status::quarantined;
  auto& known = t->file.metadata_json;
  t->has_metadata = known && tells_anything(*known);
  for (auto& entry : batch.done)
    if (entry.file == t->file.id) {
      t->done.push_back(entry.what);
      if (entry.perceptual_hash)
        t->perceptual_hash = entry.perceptual_hash;
    }
  return t;
}

} // namespace

bool pipeline_state::said(std::string_view event_code) const {
  return std::find(batch.said.begin(), batch.said.end(), event_code)
         != batch.said.end();
}

bool pipeline_state::stands(stage what) const {
  return std::find(batch.done_after.begin(), batch.done_after.end(), what)
         != batch.done_after.end();
}

void pipeline_state::commit(change what, std::function<void()> then) {
  // Infinite: a full disk is waited out.
  self->request(args.store, caf::infinite, persist_atom_v,
                std::make_shared<const change>(std::move(what)))
      .then([this, then = std::move(then)](const answer_ptr& answer) {
        if (!*answer)
          end(fatal(answer->why()));
        else if (!ending)
          then();
      });
}

void pipeline_state::look(std::function<void(const batch_view&)> use) {
  // Infinite, as below: a slow store ends no batch.
  self->request(args.store, caf::infinite, view_atom_v, id)
      .then([this, use = std::move(use)](const view_ptr& view) {
        if (!*view)
          end(fatal(view->why()));
        else if (!ending)
          use(view->value());
      });
}

void pipeline_state::load(bool resumed) {
  self->request(args.store, caf::infinite, load_atom_v, id)
      .then([this, resumed](const state_ptr& found) {
        if (!*found) {
          end(fatal(found->why()));
          return;
        }
        batch = found->value();
        if (!ending)
          start(resumed);
      });
}

void pipeline_state::start(bool resumed) {
  if (batch.status != batch_status::processing) {
    end({});
    return;
  }
  if (draining)
    return;
  spawn_file_stages();
  if (!resumed) {
    feed();
    return;
  }
  auto event = draft("pipeline:resumed", args.now(),
                     {{"filesDone", static_cast<int64_t>(batch.done.size())}});
  commit({id, nothing{}, {std::move(event)}}, [this] { feed(); });
}

void pipeline_state::feed() {
  for (std::size_t i = 0; i < batch.files.size(); ++i)
    self->send(first, ticket_atom_v, ticket_for(batch, i));
  if (batch.files.empty()) // an old server's row without files
    all_read();
}

void pipeline_state::spawn_file_stages() {
  file_stage_args base;
  base.store = args.store;
  base.hub = args.hub;
  base.owner = pipeline_actor{self};
  base.wait = args.wait;
  base.now = args.now;
  auto spawn = [&](stage what, file_stage_actor next) {
    auto mine = base;
    mine.what = what;
    mine.next = std::move(next);
    auto child = spawn_metered(self, tag_below(self, kind_of(what)), file_stage,
                               std::move(mine));
    self->link_to(child);
    children.push_back(caf::actor_cast<caf::actor>(child));
    return child;
  };
  third = spawn(stage::text, file_stage_actor{});
  second = spawn(stage::vision, third);
  first = spawn(stage::metadata, file_stage_actor{});
}

void pipeline_state::passed(const ticket_ptr& t, stage what) {
  if (what == stage::gemini) {
    gemini_done();
    return;
  }
  auto& through = what == stage::metadata ? read : joined;
  through.push_back(t);
  if (through.size() < batch.files.size())
    return;
  if (what == stage::metadata)
    all_read();
  else
    all_joined();
}

void pipeline_state::all_read() {
  std::vector<event_draft> events;
  auto any = std::any_of(read.begin(), read.end(),
                         [](auto& t) { return t->has_metadata; });
  if (!said("metadata:extracted"))
    events.push_back(
        draft("metadata:extracted", args.now(), {{"hasMetadata", any}}));
  if (!said("analysis:start"))
    events.push_back(
        draft("analysis:start", args.now(),
              {{"fileCount", static_cast<int64_t>(batch.files.size())}}));
  commit({id, nothing{}, std::move(events)}, [this] {
    for (auto& t : read)
      self->send(second, ticket_atom_v, t);
    if (read.empty())
      all_joined();
  });
}

pipeline_actor::behavior_type
pipeline(pipeline_actor::stateful_pointer<pipeline_state> self, batch_id id,
         pipeline_args args) {
  self->state.self = self;
  self->state.id = std::move(id);
  self->state.args = std::move(args);
  self->set_exit_handler(
      [self](caf::exit_msg& m) { self->state.end(std::move(m.reason)); });
  self->set_down_handler([self](const caf::down_msg& down) {
    self->state.stage_gone(down.source);
  });
  return {
      [self](begin_atom, bool resumed) { self->state.load(resumed); },
      [self](ticket_atom, const ticket_ptr& t, stage what) {
        if (!self->state.ending)
          self->state.passed(t, what);
      },
      [self](closing_atom) {
        if (!self->state.ending)
          self->state.finish();
      },
      [self](drain_atom) { self->state.drain(); },
  };
}

} // namespace vigie
