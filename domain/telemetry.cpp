#include "domain/telemetry.hpp"

namespace vigie {

std::string_view to_string(job_end x) {
  switch (x) {
  case job_end::ok:
    return "ok";
  case job_end::failed:
    return "failed";
  case job_end::broken:
    return "broken";
  case job_end::quarantined:
    return "quarantined";
  case job_end::undone:
    return "undone";
  }
  return "failed";
}

} // namespace vigie
