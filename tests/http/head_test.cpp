// The strict readers alone: examples, then seeded noise.

#include "http/chunk_decoder.hpp"
#include "http/head.hpp"
#include "http/pace.hpp"

#include <gtest/gtest.h>

#include <random>
#include <vector>

using namespace vigie;

namespace {

using verdict = chunk_decoder::verdict;
using namespace std::chrono_literals;

verdict feed(chunk_decoder& g, std::string_view all, std::size_t& used,
             std::size_t step, std::string* data = nullptr) {
  char room[3];
  for (used = 0; used < all.size();) {
    std::size_t n = 0, made = 0;
    auto said = g.decode(all.substr(used, step), room, n, made);
    used += n;
    if (data)
      data->append(room, made);
    if (said != verdict::more)
      return said;
  }
  return verdict::more;
}

TEST(HeadTest, ReadsWhatWasMeant) {
  request_head h;
  ASSERT_TRUE(parse_head("POST /a%20b?x=%2F HTTP/1.1\r\nhost: h\r\n"
                         "content-LENGTH: 12\r\nConnection: a, Close\r\n\r\n",
                         h));
  EXPECT_EQ(h.path, "/a b");
  EXPECT_EQ(h.length, 12u);
  EXPECT_TRUE(h.close);
  EXPECT_EQ(h.field("HOST"), "h");
}

TEST(HeadTest, KeepsTheOriginOfAFaultyHead) {
  request_head h;
  EXPECT_FALSE(parse_head("GET HTTP/1.1\r\nOrigin: o\r\nHost: h\r\n\r\n", h));
  EXPECT_EQ(h.field("origin"), "o");
}

TEST(HeadTest, APercentWithoutTwoHexDigitsIsRefused) {
  for (std::string target :
       {"/%", "/%4", "/%zz", "/%+1", "/a?x=%", "/%u0041"}) {
    request_head h;
    EXPECT_FALSE(
        parse_head("GET " + target + " HTTP/1.1\r\nHost: h\r\n\r\n", h))
        << target;
  }
}

/// Writes `h` again from what was understood.
std::string again(const request_head& h) {
  auto text = h.method + ' ' + h.target + " HTTP/1.1\r\n";
  for (auto& [name, value] : h.fields)
    text += name + ": " + value + "\r\n";
  return text + "\r\n";
}

TEST(HeadTest, WhateverIsAcceptedHasOneReading) {
  const std::vector<std::string> pieces{"GET",
                                        "POST",
                                        " ",
                                        " ",
                                        "/",
                                        "/a",
                                        "?",
                                        "%",
                                        "%41",
                                        "%00",
                                        "HTTP/1.1",
                                        "HTTP/1.1\r\n",
                                        "\r\n",
                                        "\r\n",
                                        "\n",
                                        "\r",
                                        "Host: h\r\n",
                                        ":",
                                        "Content-Length: ",
                                        "4",
                                        "Transfer-Encoding: ",
                                        "chunked",
                                        "\t",
                                        ",",
                                        "Connection: close\r\n",
                                        "X",
                                        std::string(1, '\0'),
                                        "\x80",
                                        "\r\n\r\n"};
  std::mt19937 dice{42};
  int accepted = 0;
  for (int i = 0; i < 200'000; ++i) {
    std::string raw = i % 2 ? "POST /a HTTP/1.1\r\nHost: h\r\n" : "";
    for (auto n = dice() % 9; n > 0; --n)
      raw += pieces[dice() % pieces.size()];
    raw += "\r\n\r\n";
    request_head h;
    if (!parse_head(raw, h))
      continue;
    ++accepted;
    request_head same;
    ASSERT_TRUE(parse_head(again(h), same)) << raw;
    EXPECT_EQ(same.path, h.path);
    EXPECT_EQ(same.fields, h.fields);
    EXPECT_EQ(same.length, h.length);
    EXPECT_EQ(same.body, h.body);
    for (auto& [name, value] : h.fields)
      EXPECT_EQ(value.find_first_of(std::string_view{"\r\n\0", 3}), value.npos);
    EXPECT_EQ(h.target.find_first_of(" \r\n"), h.target.npos);
  }
  EXPECT_GT(accepted, 500) << "the noise says too little";
}

TEST(ChunkDecoderTest, FindsTheEndWhateverTheSteps) {
  const std::string body = "5\r\nhello\r\nA;ext=1\r\n0123456789\r\n0\r\n\r\n";
  for (std::size_t step = 1; step < body.size() + 6; ++step) {
    chunk_decoder g{15};
    std::size_t used = 0;
    std::string data;
    EXPECT_EQ(feed(g, body + "GET /", used, step, &data), verdict::complete);
    EXPECT_EQ(data, "hello0123456789");
    EXPECT_EQ(used, body.size()) << "steps of " << step;
  }
}

TEST(ChunkDecoderTest, RefusesWhatOthersSwallow) {
  auto judge = [](std::string_view body) {
    chunk_decoder g{100};
    std::size_t used = 0;
    return feed(g, body, used, 1'000);
  };
  for (auto bad : {"-1\r\n", "0x1\r\n", " 1\r\n", "1 \r\n", "\r\n", "1\n",
                   "1\r\nab\r\n", "0\r\nTrailer: x\r\n\r\n", "1;\n"})
    EXPECT_EQ(judge(bad), verdict::broken) << bad;
  EXPECT_EQ(judge("65\r\n"), verdict::too_large);
  EXPECT_EQ(judge("fffffffffffffffff\r\n"), verdict::too_large);
  EXPECT_EQ(judge("1;" + std::string(300, 'x')), verdict::broken);
}

TEST(ChunkDecoderTest, NoiseHasOneReadingInAllSteps) {
  const std::vector<std::string> pieces{"0",    "1",    "3",  "a",  "x",   ";",
                                        "\r\n", "\r\n", "\n", "\r", "abc", "-"};
  std::mt19937 dice{7};
  for (int i = 0; i < 100'000; ++i) {
    std::string body = i % 2 ? "3\r\nabc\r\n" : "";
    for (auto n = dice() % 8; n > 0; --n)
      body += pieces[dice() % pieces.size()];
    chunk_decoder whole{20}, bytes{20};
    std::size_t a = 0, b = 0;
    std::string one, other;
    ASSERT_EQ(feed(whole, body, a, body.size(), &one),
              feed(bytes, body, b, 1, &other));
    ASSERT_EQ(a, b) << body;
    ASSERT_EQ(one, other) << body;
  }
}

TEST(PaceTest, ADripIsTooSlowAfterGraceAndOneWindow) {
  pace p{{10s, 30s, 10s, 1'024}};
  for (int i = 0; i < 39; ++i)
    ASSERT_TRUE(p.add(1s, 100)) << i;
  EXPECT_FALSE(p.add(1s, 100));
}

TEST(PaceTest, SilenceIsTooSlowAndSpeedIsNot) {
  pace p{{10s, 30s, 10s, 1'024}};
  for (int i = 0; i < 200; ++i)
    ASSERT_TRUE(p.add(1s, 2'000)) << i;
  EXPECT_EQ(p.patience(), 10s);
  EXPECT_FALSE(p.add(10s, 0));
}

} // namespace
