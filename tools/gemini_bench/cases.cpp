// Over budget: one function per row of the table.
// The workloads of GEMINI.md 3.9 and what is measured on them.

#include "tools/gemini_bench/cases.hpp"

#include "tools/gemini_bench/world.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <functional>
#include <map>
#include <numeric>

namespace vigie::bench {

namespace {

using sim::window;
using runner = result (*)(const workload&, uint64_t);

constexpr window kinds[] = {window::fixed, window::sliding, window::bucket};

sim::quota_options project(window kind, uint64_t seed) {
  sim::quota_options q;
  q.kind = kind;
  q.p503 = 0.02;
  q.phase = seconds{static_cast<double>(seed * 17 % 60)};
  return q;
}

/// Poisson batches of `size` at `rate` images a minute.
std::vector<job> poisson(int batches, int size, double rate, uint64_t seed) {
  dice u{seed + 77};
  std::vector<job> out;
  seconds t{};
  for (int b = 0; b < batches; ++b) {
    for (int i = 0; i < size; ++i)
      out.push_back({t, b});
    t += seconds{-std::log(1 - u()) * 60 * size / rate};
  }
  return out;
}

double p95(std::vector<double> x) {
  if (x.empty())
    return 0;
  std::sort(x.begin(), x.end());
  return x[std::min(x.size() - 1, static_cast<std::size_t>(
                                      static_cast<double>(x.size()) * 0.95))];
}

int64_t wins(const result& r, seconds until) {
  return std::count_if(r.successes.begin(), r.successes.end(),
                       [&](seconds t) { return t <= until; });
}

double refused_per_success(const result& r) {
  return static_cast<double>(r.refused)
         / std::max<double>(1, static_cast<double>(r.successes.size()));
}

/// By batch: complete?, and how long from its first image to its last answer.
struct batch_times {
  int complete = 0;
  std::vector<double> seconds_each;
};

batch_times times_of(const workload& w, const result& r) {
  std::map<int, std::pair<double, double>> span;
  std::map<int, bool> whole;
  for (std::size_t i = 0; i < w.jobs.size(); ++i) {
    auto b = w.jobs[i].batch;
    span.try_emplace(b, w.jobs[i].at.count(), 0);
    span[b].second = std::max(span[b].second, r.jobs[i].at.count());
    whole.try_emplace(b, true);
    whole[b] = whole[b] && r.jobs[i].ok;
  }
  batch_times out;
  for (auto& [b, s] : span) {
    out.complete += whole[b] ? 1 : 0;
    if (whole[b])
      out.seconds_each.push_back(s.second - s.first);
  }
  return out;
}

/// Mean, worst and the goal of one figure.
struct figure {
  std::vector<double> all;
  void add(double x) { all.push_back(x); }
  double mean() const {
    return std::accumulate(all.begin(), all.end(), 0.0)
           / static_cast<double>(all.size());
  }
  double most() const { return *std::max_element(all.begin(), all.end()); }
  double least() const { return *std::min_element(all.begin(), all.end()); }
};

bool everything = true;

void line(const char* id, const char* what, const figure& mine, bool good,
          const char* goal, const std::string& others) {
  everything = everything && good;
  std::printf(
      "%-4s %-44s mean %9.4f  min %9.4f  max %9.4f  goal %-22s %s  %s\n", id,
      what, mine.mean(), mine.least(), mine.most(), goal,
      good ? "ok    " : "MISSED", others.c_str());
  std::fflush(stdout);
}

/// One figure of a run.
using measure = std::function<double(const workload&, const result&, uint64_t)>;
using row = std::array<figure, 3>; ///< The desk, for itself, backoff.

/// Each run once, every figure of it.
template <class Make>
std::vector<row> measured(int seeds, Make make,
                          const std::vector<measure>& figures) {
  runner runners[] = {run_desk, run_selfish, run_backoff};
  std::vector<row> out(figures.size());
  for (auto kind : kinds)
    for (uint64_t s = 1; s <= static_cast<uint64_t>(seeds); ++s) {
      auto w = make(kind, s);
      for (std::size_t i = 0; i < 3; ++i) {
        auto r = runners[i](w, s);
        for (std::size_t f = 0; f < figures.size(); ++f)
          out[f][i].add(figures[f](w, r, s));
      }
    }
  return out;
}

std::string beside(const row& r) {
  char text[160];
  std::snprintf(text, sizeof text, "for itself %.3f, backoff %.3f", r[1].mean(),
                r[2].mean());
  return text;
}

double refused_each(const workload&, const result& r, uint64_t) {
  return refused_per_success(r);
}

double of_oracle(const workload& w, const result& r, uint64_t seed) {
  return static_cast<double>(r.successes.size())
         / static_cast<double>(run_oracle(w, seed).successes.size());
}

workload saturated(window kind, uint64_t seed) {
  workload w;
  w.quota = project(kind, seed);
  w.jobs = poisson(450, 4, 30, seed);
  return w;
}

workload burst(window kind, uint64_t seed) {
  workload w;
  w.quota = project(kind, seed);
  for (int i = 0; i < 200; ++i)
    w.jobs.push_back({seconds{0}, i / 8});
  return w;
}

double share_of_limit(const workload& w, const result& r, double rpm) {
  return static_cast<double>(wins(r, w.horizon))
         / (rpm * w.horizon.count() / 60);
}

void g1_g2_g10(int seeds) {
  auto f = measured(
      seeds, saturated,
      {[](auto& w, auto& r, uint64_t) { return share_of_limit(w, r, 15); },
       refused_each,
       [](auto&, auto& r, uint64_t) { return static_cast<double>(r.herds); }});
  line("G1", "saturated 1 h: share of the quota", f[0][0],
       f[0][0].mean() >= 0.97 && f[0][0].least() >= 0.95, ">= 0.97, worst 0.95",
       beside(f[0]));
  line("G2", "saturated 1 h: refused per success", f[1][0],
       f[1][0].mean() <= 0.02, "<= 0.02", beside(f[1]));
  line("G10", "requests beside a probe in its first second", f[2][0],
       f[2][0].most() == 0, "0", "");
}

void g3(int seeds) {
  auto make = [](window kind, uint64_t seed) {
    workload w;
    w.quota = project(kind, seed);
    w.jobs = poisson(30, 8, 22.5, seed);
    return w;
  };
  auto f = measured(
      seeds, make,
      {[](auto& w, auto& r, uint64_t) {
         return static_cast<double>(times_of(w, r).complete);
       },
       [](auto& w, auto& r, uint64_t seed) {
         auto ideal = p95(times_of(w, run_oracle(w, seed)).seconds_each);
         return p95(times_of(w, r).seconds_each) / std::max(1.0, ideal);
       },
       refused_each});
  line("G3", "W2 30 x 8 at 1.5x: complete batches", f[0][0],
       f[0][0].mean() >= 30, "30", beside(f[0]));
  line("G3", "W2: p95 of a batch / oracle", f[1][0], f[1][0].mean() <= 1.10,
       "<= 1.10", beside(f[1]));
  line("G3", "W2: refused per success", f[2][0], f[2][0].mean() <= 0.02,
       "<= 0.02", beside(f[2]));
}

void g4(int seeds) {
  auto f = measured(seeds, burst, {of_oracle, refused_each});
  line("G4", "W3 burst of 200: successes / oracle", f[0][0],
       f[0][0].mean() >= 0.95 && f[0][0].least() >= 0.88, ">= 0.95, worst 0.88",
       beside(f[0]));
  line("G4", "W3: refused per success", f[1][0], f[1][0].mean() <= 0.03,
       "<= 0.03", beside(f[1]));
}

workload small_beside_large(window kind, uint64_t seed) {
  workload w;
  w.quota = project(kind, seed);
  for (int i = 0; i < 100; ++i)
    w.jobs.push_back({seconds{0}, 0});
  dice u{seed};
  for (int b = 1; b <= 10; ++b) {
    auto at = seconds{b * 40 + 20 * u()};
    for (int i = 0; i < 4; ++i)
      w.jobs.push_back({at, b});
  }
  return w;
}

void g5(int seeds) {
  auto f =
      measured(seeds, small_beside_large, {[](auto& w, auto& r, uint64_t) {
                 auto small = w;
                 auto only = r;
                 small.jobs.erase(small.jobs.begin(), small.jobs.begin() + 100);
                 only.jobs.erase(only.jobs.begin(), only.jobs.begin() + 100);
                 auto t = times_of(small, only).seconds_each;
                 return std::accumulate(t.begin(), t.end(), 0.0)
                        / std::max<double>(1, static_cast<double>(t.size()));
               }});
  line("G5", "W2e small batch beside 100: seconds", f[0][0],
       f[0][0].mean() <= 60, "<= 60", beside(f[0]));
}

constexpr seconds reset_at{5'400};

/// A spent day: 100 a day, new batches go on coming, the reset at 5,400 s.
workload spent_day(window kind, uint64_t seed) {
  workload w;
  w.quota = project(kind, seed);
  w.quota.rpd = 100;
  w.quota.day_resets_at = reset_at;
  w.jobs = poisson(180, 4, 6, seed);
  std::erase_if(w.jobs, [](auto& j) { return j.at > seconds{7'000}; });
  w.horizon = seconds{7'200};
  return w;
}

double verdict_time(const workload& w, const result& r, uint64_t) {
  double worst = 0;
  auto known = r.first_refused.value_or(reset_at);
  for (std::size_t i = 0; i < w.jobs.size(); ++i)
    if (w.jobs[i].at > known && w.jobs[i].at < seconds{4'700} && !r.jobs[i].ok)
      worst = std::max(worst, (r.jobs[i].at - w.jobs[i].at).count());
  return worst;
}

double worst_hour(const workload&, const result& r, uint64_t) {
  auto known = r.first_refused.value_or(reset_at);
  int64_t most = 0;
  auto off = [&](seconds t) { return t > known && t < reset_at; };
  for (auto from : r.sends)
    if (off(from))
      most = std::max(
          most, std::count_if(r.sends.begin(), r.sends.end(), [&](auto t) {
            return off(t) && t >= from && t < from + seconds{3'600};
          }));
  return static_cast<double>(most);
}

double back_again(const workload& w, const result& r, uint64_t) {
  auto next = reset_at; // the reset, or the next arrival
  for (auto& j : w.jobs)
    if (j.at >= reset_at) {
      next = j.at;
      break;
    }
  auto first = seconds{99'999};
  for (auto t : r.successes)
    if (t > reset_at)
      first = std::min(first, t);
  return (first - next).count();
}

void g6(int seeds) {
  auto f = measured(seeds, spent_day, {verdict_time, worst_hour, back_again});
  line("G6", "W4 spent day: seconds to the verdict", f[0][0],
       f[0][0].most() <= 1, "<= 1", beside(f[0]));
  line("G6", "W4: requests in the worst hour while off", f[1][0],
       f[1][0].most() <= 6, "<= 6", beside(f[1]));
  line("G6", "W4: first success after reset or arrival, s", f[2][0],
       f[2][0].mean() <= 10, "<= 10", beside(f[2]));
}

void g7(int seeds) {
  auto make = [](window kind, uint64_t seed) {
    workload w;
    w.quota = project(kind, seed);
    w.quota.storms = {{seconds{60}, seconds{240}, 0.95}};
    w.jobs = poisson(120, 1, 5, seed); // a third of the quota
    return w;
  };
  auto f = measured(seeds, make,
                    {[](auto&, auto& r, uint64_t) {
                       return static_cast<double>(r.successes.size());
                     },
                     [](auto&, auto& r, uint64_t) {
                       return static_cast<double>(std::count_if(
                           r.sends.begin(), r.sends.end(), [](auto t) {
                             return t >= seconds{60} && t < seconds{240};
                           }));
                     },
                     [](auto& w, auto& r, uint64_t) {
                       std::vector<double> each;
                       for (std::size_t i = 0; i < w.jobs.size(); ++i)
                         each.push_back((r.jobs[i].at - w.jobs[i].at).count());
                       return p95(each);
                     }});
  line("G7", "W7 outage 180 s: successes of 120", f[0][0],
       f[0][0].least() >= 120, "120", beside(f[0]));
  line("G7", "W7: requests into the outage", f[1][0], f[1][0].mean() <= 25,
       "<= 25", beside(f[1]));
  line("G7", "W7: p95 of an image, seconds", f[2][0], f[2][0].mean() <= 180,
       "<= 180", beside(f[2]));
}

void g8(int seeds) {
  auto make = [](window kind, uint64_t seed) {
    auto w = saturated(kind, seed);
    w.quota.foreign_share = 0.3;
    return w;
  };
  auto f = measured(seeds, make,
                    {[](auto& w, auto& r, uint64_t) {
                       auto rest = 15 * w.horizon.count() / 60
                                   - static_cast<double>(r.foreign);
                       return static_cast<double>(wins(r, w.horizon)) / rest;
                     },
                     refused_each});
  line("G8", "W5 foreign 30 %: share of what is left", f[0][0],
       f[0][0].mean() >= 0.98, ">= 0.98", beside(f[0]));
  line("G8", "W5: refused per success", f[1][0], f[1][0].mean() <= 0.15,
       "<= 0.15", beside(f[1]));
}

/// Refusals and faults together: many probes, some answered 503.
void g10(int seeds) {
  auto make = [](window kind, uint64_t seed) {
    auto w = saturated(kind, seed);
    w.quota.foreign_share = 0.3;
    w.quota.p503 = 0.1;
    return w;
  };
  auto f = measured(
      seeds, make,
      {[](auto&, auto& r, uint64_t) { return static_cast<double>(r.herds); },
       [](auto&, auto& r, uint64_t) { return static_cast<double>(r.probes); }});
  line("G10", "foreign 30 %, 10 % 503: beside a probe", f[0][0],
       f[0][0].most() == 0 && f[1][0].least() > 0, "0, of some probes",
       "probes " + std::to_string(f[1][0].mean()));
}

void g9(int seeds) {
  auto make = [](window kind, uint64_t seed) {
    auto w = burst(kind, seed);
    w.quota.refusals_count = true;
    return w;
  };
  auto f = measured(seeds, make, {of_oracle});
  line("G9", "W6 refusals count: successes / oracle", f[0][0],
       f[0][0].mean() >= 0.90, ">= 0.90", beside(f[0]));
}

} // namespace

bool print_all(int seeds) {
  std::printf("real GEMINI_DESK, virtual time, RPM 15, 2 %% 503, answers after "
              "1-8 s; fixed, sliding and bucket windows x %d seeds\n",
              seeds);
  g1_g2_g10(seeds);
  g3(seeds);
  g4(seeds);
  g5(seeds);
  g6(seeds);
  g7(seeds);
  g8(seeds);
  g9(seeds);
  g10(seeds);
  return everything;
}

} // namespace vigie::bench
