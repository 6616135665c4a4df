#include "tests/domain/gate_fixture.hpp"

#include <random>

using namespace vigie;

namespace {

/// What every batch has open, kept plainly: each question is a look at all.
struct plain_look {
  struct batch {
    int open = 0;
    std::size_t queued = 0;
    double since = 0;
  };
  std::map<std::string, batch> all;

  /// The least weight of those that have something queued.
  double least(double now) const {
    auto out = 1e18;
    for (auto& [name, b] : all)
      if (b.queued > 0)
        out = std::min(out, weight(b, now));
    return out;
  }
  static double weight(const batch& b, double now) {
    return b.open - (now - b.since) / 30;
  }
};

TEST_F(QuotaGateTest, WhoIsSentIsWhoAFullLookWouldPick) {
  std::mt19937 draw{7};
  plain_look look;
  std::map<uint64_t, std::string> batch_of;
  std::vector<uint64_t> out;
  auto check_sent = [&](double now) {
    for (auto id : sent) {
      auto& b = look.all.at(batch_of.at(id));
      EXPECT_NEAR(plain_look::weight(b, now), look.least(now), 1e-6) << id;
      --b.queued;
      out.push_back(id);
    }
    clear();
  };
  auto now = 0.0;
  for (int i = 0; i < 3'000; ++i) {
    now += 0.05 + static_cast<double>(draw() % 100) / 100;
    if (draw() % 5 < 3 || out.empty()) {
      auto name = "b" + std::to_string(draw() % 40);
      batch_of[last_id + 1] = name;
      auto& b = look.all[name];
      if (b.open++ == 0)
        b.since = now;
      ++b.queued;
      arrive(now, name, 1e6);
    } else {
      auto id = out.front();
      out.erase(out.begin());
      --look.all.at(batch_of.at(id)).open;
      answer(id, ok(), now);
    }
    check_sent(now);
  }
  EXPECT_GT(ended.size(), 500u);
}

TEST_F(QuotaGateTest, WhatCannotBeServedInTimeIsTurnedAwayAtOnceAndNoMore) {
  auto limited = rules();
  limited.configured.rpm = 15;
  gate = quota_gate{limited};
  for (int i = 0; i < 400; ++i)
    arrive(0, "b" + std::to_string(i / 8));
  slot_walker slots{gate.ledger(), at(0).t, 15};
  std::size_t fit = 0;
  while (slots.next() <= at(600 + 59).t) // who is a minute late may try
    ++fit;
  EXPECT_EQ(gate.queued(), fit);
  EXPECT_EQ(gate.queued() + ended.size() + 1, 400u); // one is in flight
}

} // namespace
