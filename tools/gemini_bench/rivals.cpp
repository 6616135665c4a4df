// The oracle, and the two ways clients go about it today.

#include "tools/gemini_bench/world.hpp"

#include "http/gemini_reply.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace vigie::bench {

namespace {

/// Events by time; equal times in the order they were put in.
class agenda {
public:
  void at(seconds t, std::function<void(seconds)> what) {
    all_.emplace(std::pair{t.count(), ++n_}, std::move(what));
  }
  void run() {
    while (!all_.empty()) {
      auto first = all_.extract(all_.begin());
      first.mapped()(seconds{first.key().first});
    }
  }

private:
  std::map<std::pair<double, uint64_t>, std::function<void(seconds)>> all_;
  uint64_t n_ = 0;
};

struct rival {
  const workload& w;
  dice u;
  sim::quota_model quota;
  result out;
  agenda plan;
  std::function<std::optional<seconds>(int tries, const model_reply&, dice&)>
      again;

  rival(const workload& work, uint64_t seed)
      : w(work), u(seed), quota(work.quota) {
    out.jobs.resize(w.jobs.size());
  }

  void send(std::size_t i, int tries, seconds now) {
    out.sends.push_back(now);
    auto v = quota.arrive(now, 1'500, [this] { return u(); });
    auto back = now + latency(v.http, u);
    out.refused += v.http == 429 ? 1 : 0;
    auto last = w.jobs[i].at + w.budget;
    if (v.http == 200) {
      plan.at(back, [this, i, last](seconds t) {
        out.jobs[i] = {t <= last, t};
        if (t <= last)
          out.successes.push_back(t);
      });
      return;
    }
    auto reply = classify(v.http, v.body);
    if (reply.kind == reply_kind::day && !out.first_refused)
      out.first_refused = back;
    plan.at(back, [this, i, tries, reply, last](seconds t) {
      auto wait = again(tries, reply, u);
      if (!wait || t + *wait >= last) {
        out.jobs[i] = {false, wait ? last : t};
        return;
      }
      plan.at(t + *wait,
              [this, i, tries](seconds then) { send(i, tries + 1, then); });
    });
  }

  result run() {
    for (std::size_t i = 0; i < w.jobs.size(); ++i)
      plan.at(w.jobs[i].at, [this, i](seconds t) { send(i, 0, t); });
    plan.run();
    out.foreign = quota.foreign();
    return std::move(out);
  }
};

double exponential(int tries, dice& u) {
  return std::min(60.0, std::exp2(tries)) + u();
}

} // namespace

seconds latency(int http, dice& u) {
  return seconds{http == 200 ? 1 + 7 * u() : 0.1 + 0.2 * u()};
}

result run_oracle(const workload& w, uint64_t seed) {
  dice u{seed};
  auto calm = w.quota;
  calm.p503 = 0;
  calm.storms.clear();
  sim::quota_model quota{calm};
  auto draw = [&] { return u(); };
  result out;
  out.jobs.resize(w.jobs.size());
  seconds now{};
  for (std::size_t i = 0; i < w.jobs.size(); ++i) {
    now = std::max(now, w.jobs[i].at);
    auto last = w.jobs[i].at + w.budget;
    for (auto more = quota.wait(now); more > seconds{0} && now < last;
         more = quota.wait(now))
      now += more + seconds{1e-6};
    auto took = latency(200, u);
    if (now + took > last) {
      out.jobs[i] = {false, last};
      now = std::min(now, last);
      continue;
    }
    (void)quota.arrive(now, 1'500, draw);
    out.sends.push_back(now);
    out.jobs[i] = {true, now + took};
    out.successes.push_back(now + took);
  }
  return out;
}

result run_selfish(const workload& w, uint64_t seed) {
  rival r{w, seed};
  r.again = [](int tries, const model_reply& reply, dice& u) {
    return std::optional{reply.delay ? *reply.delay
                                     : seconds{exponential(tries, u)}};
  };
  return r.run();
}

result run_backoff(const workload& w, uint64_t seed) {
  rival r{w, seed};
  r.again = [](int tries, const model_reply&, dice& u) {
    return tries >= 4 ? std::nullopt
                      : std::optional{seconds{exponential(tries, u)}};
  };
  return r.run();
}

} // namespace vigie::bench
