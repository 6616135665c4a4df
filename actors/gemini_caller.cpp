#include "actors/gemini_caller.hpp"

#include <utility>

namespace vigie {

namespace {

/// An answer that is not what the schema asks for is no answer.
void check(const caller_args& args, const model_errand& errand,
           model_reply& reply) {
  if (reply.kind != reply_kind::ok)
    return;
  auto fits = errand.subject.empty()
                  ? static_cast<bool>(args.answers->summary(reply.text))
                  : static_cast<bool>(args.answers->image(
                      reply.text, errand.subject, args.now()));
  if (!fits)
    reply.kind = reply_kind::malformed;
}

} // namespace

caller_actor::behavior_type gemini_caller(caller_actor::pointer,
                                          caller_args args) {
  return {
      [args = std::move(args)](call_atom, const errand_ptr& errand) {
        auto reply =
            args.client->call(errand->request, errand->stop.get_token());
        check(args, *errand, reply);
        return std::make_shared<const model_reply>(std::move(reply));
      },
  };
}

} // namespace vigie
