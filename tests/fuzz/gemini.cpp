// What Gemini, or a proxy in its place, answers: first byte the kind of answer,
// up to the first line end the Retry-After, the rest the body.

#include "http/gemini_answers.hpp"
#include "http/gemini_envelope.hpp"
#include "http/gemini_reply.hpp"
#include "http/retry_delay.hpp"
#include "target.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

using namespace vigie;
using fuzz::hold;

namespace {

constexpr std::array statuses{200, 400, 401, 402, 403, 404, 408,
                              429, 500, 502, 503, 504, 302, 0};

bool sane(const std::optional<seconds_f>& x) {
  return !x
         || (std::isfinite(x->count()) && x->count() >= 0
             && *x <= longest_delay);
}

void read_answers(const std::string& text) {
  static const auto answers = make_model_answers();
  if (auto image = answers->image(text, "a.jpg", utc_time{})) {
    hold(image.value().observations.size() <= 50, "at most 50 observations");
    for (auto& o : image.value().observations)
      hold(o.source == "gemini", "they are the model's");
  }
  (void)static_cast<bool>(answers->summary(text));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t n) {
  if (n == 0)
    return 0;
  auto rest = fuzz::text_of(data + 1, n - 1);
  auto line = std::min(rest.find('\n'), rest.size());
  auto header = rest.substr(0, line);
  auto body = rest.substr(std::min(line + 1, rest.size()));
  auto status = statuses[data[0] % statuses.size()];
  auto reply = classify(status, body, header);
  hold(sane(reply.delay), "a delay is between 0 and 25 h");
  hold(reply.message.size() <= 300, "words are cut");
  hold(sane(parse_duration(header)) && sane(parse_retry_in(body))
           && sane(parse_grpc_delay(body)),
       "each of them");
  read_error(body);
  read_answers(read_answer(body).text);
  read_answers(std::string{body});
  return 0;
}
