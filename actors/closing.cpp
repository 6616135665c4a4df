#include "actors/closing.hpp"

#include "domain/stages.hpp"

#include <utility>

namespace vigie {

namespace {

caf::error fatal(const problem& why) {
  return caf::make_error(caf::sec::runtime_error, why.detail);
}

change scored(const closing_args& args, const batch_view& view) {
  auto now = args.now();
  auto has_risk = !view.observations.empty();
  auto risk = score(view.observations, args.weights, now);
  auto event = draft("scoring:complete", now, {{"hasRisk", has_risk}});
  if (has_risk)
    event.details["score"] = risk.total;
  return {args.id, score_result{std::move(risk), has_risk}, {std::move(event)}};
}

change printed(const closing_args& args, const report_result& report) {
  auto event = draft("report:generated", args.now(), {{"hash", report.sha256}});
  return {args.id, report, {std::move(event)}};
}

} // namespace

void closing_state::look(std::function<void(const batch_view&)> use) {
  // Infinite: a slow store ends no batch.
  self->request(args.store, caf::infinite, view_atom_v, args.id)
      .then([this, use = std::move(use)](const view_ptr& view) {
        if (*view)
          use(view->value());
        else
          self->quit(fatal(view->why()));
      });
}

void closing_state::commit(change what) {
  // Infinite: a full disk is waited out.
  self->request(args.store, caf::infinite, persist_atom_v,
                std::make_shared<const change>(std::move(what)))
      .then([this](const answer_ptr& answer) {
        if (*answer)
          pass_on();
        else
          self->quit(fatal(answer->why()));
      });
}

void closing_state::pass_on() { self->send(args.next, closing_atom_v); }

closing_actor::behavior_type on_wake(closing_pointer self, closing_args args,
                                     std::function<void()> work) {
  self->state.self = self;
  self->state.args = std::move(args);
  return {
      [self, work = std::move(work)](closing_atom) {
        if (self->state.draining)
          return; // the next start goes on here
        if (self->state.args.already)
          self->state.pass_on();
        else
          work();
      },
      [self](drain_atom) { self->state.draining = true; },
  };
}

closing_actor::behavior_type scoring_stage(closing_pointer self,
                                           closing_args args) {
  return on_wake(self, std::move(args), [self] {
    self->state.look([self](const batch_view& view) {
      self->state.commit(scored(self->state.args, view));
    });
  });
}

closing_actor::behavior_type report_stage(closing_pointer self,
                                          closing_args args) {
  return on_wake(self, std::move(args), [self] {
    auto& args_now = self->state.args;
    self->request(args_now.printer, args_now.wait.print, print_atom_v,
                  args_now.id)
        .then([self](const pdf_ptr& pdf) {
          if (*pdf)
            self->state.commit(printed(self->state.args, pdf->value()));
          else
            self->quit(fatal(pdf->why()));
        });
  });
}

} // namespace vigie
