#include "actors/slot.hpp"

#include "actors/metered.hpp"

#include <exception>
#include <utility>

namespace vigie {

namespace {

/// The node lives on its slots' answers: a runner that throws (no memory for
/// what its process said) has still answered.
outcome<analysis_result> guarded(job_runner& runner, const analysis_job& job) {
  try {
    return runner.run(job);
  } catch (const std::exception&) {
    return problem{code::internal, "crash"};
  }
}

} // namespace

slot_actor::behavior_type slot(slot_actor::pointer self,
                               std::shared_ptr<job_runner> runner) {
  return {
      [runner](begin_atom) { runner->warm_up(); },
      [self, runner](work_atom, const analysis_job& job) -> report_ptr {
        auto report = std::make_shared<slot_report>();
        auto done = guarded(*runner, job);
        report->broke = !done;
        if (report->broke)
          count_restart(self); // the process has ended; there will be another
        if (done)
          report->result = std::move(done).value();
        else
          report->why = done.why().detail;
        return report;
      },
  };
}

} // namespace vigie
