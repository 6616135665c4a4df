#include "app/slot_frames.hpp"

#include <gtest/gtest.h>

#include <sys/resource.h>
#include <unistd.h>

#include <cmath>
#include <limits>
#include <random>

using namespace vigie;

namespace {

constexpr auto infinity = std::numeric_limits<double>::infinity();

analysis_result full() {
  analysis_result r;
  r.ok = false;
  r.error_code = "x";
  r.error_message = std::string("h\xC3\xA9\0llo", 8);
  r.metadata.emplace();
  r.metadata->captured_at = "2026-01-02T03:04:05";
  r.metadata->gps = gps_point{-infinity, 2.5};
  r.metadata->extra = {{"pages", "3"}, {"", ""}};
  r.observations.resize(2);
  r.observations[0].label = "incendie";
  r.observations[0].severity = severity::critical;
  r.observations[0].confidence = infinity;
  r.observations[0].where = box{-0.0, 1, 2, infinity};
  r.observations[1].class_name = "";
  r.text.emplace();
  r.text->content = "text";
  r.text->warnings = {"a", ""};
  r.warnings = {{"c", "m"}};
  r.thumbnail_jpeg = std::string(1'000, '\xFF');
  r.perceptual_hash = ~uint64_t{0};
  return r;
}

template <class T>
std::string body(const T& value) {
  return to_frame(value).substr(4);
}

TEST(SlotFramesTest, AResultComesBackAsItWas) {
  auto r = from_bytes<analysis_result>(body(full()));
  ASSERT_TRUE(r);
  EXPECT_EQ(body(*r), body(full()));
  EXPECT_EQ(r->error_message.size(), 8u);
  EXPECT_EQ(r->metadata->gps->latitude, -infinity);
  EXPECT_FALSE(r->metadata->camera);
  EXPECT_EQ(r->observations[0].confidence, infinity);
  EXPECT_TRUE(std::signbit(r->observations[0].where->x1));
  EXPECT_FALSE(r->observations[1].where);
  EXPECT_EQ(r->observations[1].class_name, "");
  EXPECT_EQ(r->perceptual_hash, ~uint64_t{0});
  EXPECT_EQ(r->text->warnings.size(), 2u);
}

TEST(SlotFramesTest, AnEmptyResultStaysEmpty) {
  auto r = from_bytes<analysis_result>(body(analysis_result{}));
  ASSERT_TRUE(r);
  EXPECT_FALSE(r->metadata || r->text || r->perceptual_hash);
  EXPECT_TRUE(r->ok);
}

TEST(SlotFramesTest, ASetupAndAJobComeBack) {
  slot_setup s;
  s.how.ocr_languages = "fra";
  s.how.job_cpu = std::chrono::seconds{7};
  s.how.memory_bytes = ~uint64_t{0};
  s.readable = {"a", "b"};
  auto back = from_bytes<slot_setup>(body(s));
  ASSERT_TRUE(back);
  EXPECT_EQ(body(*back), body(s));
  EXPECT_EQ(back->how.job_cpu, s.how.job_cpu);
  analysis_job j;
  j.id = 3;
  j.what = stage::gemini;
  j.file.n = -1;
  auto job = from_bytes<analysis_job>(body(j));
  ASSERT_TRUE(job);
  EXPECT_EQ(job->what, stage::gemini);
  EXPECT_EQ(job->file.n, -1);
}

TEST(SlotFramesTest, WhatIsCutOrTooLongIsRefused) {
  auto bytes = body(full());
  for (std::size_t n = 0; n < bytes.size(); ++n)
    ASSERT_FALSE(from_bytes<analysis_result>(bytes.substr(0, n))) << n;
  EXPECT_FALSE(from_bytes<analysis_result>(bytes + 'x'));
}

TEST(SlotFramesTest, ALengthThatLiesCostsNoMemory) {
  rusage before{}, after{};
  ::getrusage(RUSAGE_SELF, &before);
  auto bytes = body(analysis_result{});
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    auto bad = bytes.substr(0, i) + "\xFF\xFF\xFF\xFF\x0F" + bytes.substr(i);
    from_bytes<analysis_result>(bad);
    from_bytes<analysis_result>(bytes.substr(0, i) + std::string(16, '\xFF'));
  }
  ::getrusage(RUSAGE_SELF, &after);
  EXPECT_LT(after.ru_maxrss - before.ru_maxrss, 16 * 1024) << "KiB";
}

TEST(SlotFramesTest, AListOfNothingsIsCutShort) {
  analysis_result r;
  r.text.emplace().warnings.resize(4'000'000);
  auto bytes = body(r);
  r = {};
  rusage before{}, after{};
  ::getrusage(RUSAGE_SELF, &before);
  EXPECT_FALSE(from_bytes<analysis_result>(bytes));
  ::getrusage(RUSAGE_SELF, &after);
  EXPECT_LT(after.ru_maxrss - before.ru_maxrss, 1024) << "KiB";
  r.text.emplace().warnings.resize(most_warnings);
  EXPECT_TRUE(from_bytes<analysis_result>(body(r)));
}

TEST(SlotFramesTest, AHundredThousandMutationsDoNoHarm) {
  std::mt19937 dice{7};
  const auto good = body(full());
  rusage before{}, after{};
  ::getrusage(RUSAGE_SELF, &before);
  std::size_t read = 0, sane = 0;
  for (int i = 0; i < 100'000; ++i) {
    auto bytes = good;
    for (auto n = 1 + dice() % 4; n > 0; --n) {
      auto at = dice() % bytes.size();
      switch (dice() % 4) {
      case 0:
        bytes[at] = static_cast<char>(dice());
        break;
      case 1:
        bytes[at] = static_cast<char>(bytes[at] ^ 1 << dice() % 8);
        break;
      case 2:
        bytes.erase(at, 1 + dice() % 8);
        bytes += 'x';
        break;
      case 3:
        bytes.insert(at, 1 + dice() % 8, static_cast<char>(dice()));
        break;
      }
    }
    if (auto r = from_bytes<analysis_result>(bytes)) {
      ++read;
      if (acceptable(*r)) {
        ++sane;
        for (auto& o : r->observations)
          ASSERT_LE(o.severity, severity::critical);
      }
    }
  }
  ::getrusage(RUSAGE_SELF, &after);
  EXPECT_LT(after.ru_maxrss - before.ru_maxrss, 64 * 1024) << "KiB";
  EXPECT_GT(sane, 0u);
  EXPECT_LT(sane, read) << "some have a severity that is none";
}

TEST(SlotFramesTest, FramesGoThroughAPipe) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  auto frame = to_frame(slot_ready{"why", 3});
  EXPECT_TRUE(write_frame(ends[1], frame + frame.substr(0, 6)));
  EXPECT_EQ(frame_length(frame), frame.size() - 4);
  EXPECT_EQ(read_frame(ends[0], 100), frame.substr(4));
  ::close(ends[1]);
  EXPECT_FALSE(read_frame(ends[0], 100)) << "half a frame";
  EXPECT_FALSE(read_frame(ends[0], 100)) << "the end";
  ::close(ends[0]);
}

TEST(SlotFramesTest, AFrameBeyondTheLimitIsNotRead) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  EXPECT_TRUE(write_frame(ends[1], std::string("\xFF\xFF\xFF\x7F", 4)));
  EXPECT_FALSE(read_frame(ends[0], longest_frame));
  ::close(ends[0]);
  ::close(ends[1]);
}

} // namespace
