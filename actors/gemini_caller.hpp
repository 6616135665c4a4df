#pragma once

#include "actors/protocol.hpp"

#include <functional>
#include <memory>

namespace vigie {

struct caller_args {
  std::shared_ptr<model_client> client;
  std::shared_ptr<const model_answers> answers;
  std::function<utc_time()> now;
};

/// GEMINI_CALLER: blocks in `client`, so it needs a thread of its own
/// (detached). Several callers share the client, which is thread-safe.
caller_actor::behavior_type gemini_caller(caller_actor::pointer self,
                                          caller_args args);

} // namespace vigie
