#include "http/conn_stream.hpp"

#include <gtest/gtest.h>

#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <string>
#include <thread>

using namespace vigie;
using namespace std::chrono_literals;

namespace {

/// A connection that gives one byte a time, however fast it is read.
struct slow_line {
  int ends[2] = {-1, -1};
  slow_line() {
    // Each recv() ends with its packet.
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends), 0);
  }
  ~slow_line() { ::close(ends[1]); }
  void say(const std::string& bytes) {
    for (auto c : bytes)
      ASSERT_EQ(::send(ends[1], &c, 1, MSG_NOSIGNAL), 1);
  }
};

const std::string body = "--boundary\r\nContent-Disposition: form-data\r\n";

TEST(ConnStream, TheFirstBoundaryLineIsGivenWhole) {
  slow_line line;
  line.say(body);
  conn_stream c{line.ends[0]};
  request_head h;
  h.body = framing::sized;
  h.length = body.size();
  c.begin_request("", h, 1'000, {});
  char got[4'096];
  ASSERT_EQ(c.read(got, sizeof got), static_cast<ssize_t>(body.size()));
  EXPECT_EQ((std::string{got, body.size()}), body);
  EXPECT_TRUE(c.body_read());
}

TEST(ConnStream, NothingBeyondTheBodyIsGivenWithIt) {
  slow_line line;
  line.say(body + "GET / HTTP/1.1");
  conn_stream c{line.ends[0]};
  request_head h;
  h.body = framing::sized;
  h.length = body.size();
  c.begin_request("", h, 1'000, {});
  char got[4'096];
  EXPECT_EQ(c.read(got, sizeof got), static_cast<ssize_t>(body.size()));
  EXPECT_EQ(c.read(got, sizeof got), -1);
}

TEST(ConnStream, ABodyThatIsCutWithinItsFirstPieceIsBad) {
  slow_line line;
  line.say(body);
  ::shutdown(line.ends[1], SHUT_WR);
  conn_stream c{line.ends[0]};
  request_head h;
  h.body = framing::sized;
  h.length = body.size() + 1;
  c.begin_request("", h, 1'000, {});
  char got[4'096];
  EXPECT_EQ(c.read(got, sizeof got), -1);
  EXPECT_FALSE(c.body_read());
}

TEST(ConnStream, AnUploadLongerThanAWindowOfItsPaceGoesOn) {
  slow_line line;
  conn_stream c{line.ends[0]};
  request_head h;
  h.body = framing::sized;
  h.length = body.size();
  // Windows end within the pauses.
  c.begin_request("", h, 1'000, {0ms, 5ms, 10s, 0});
  std::thread client{[&] {
    for (auto byte : body) {
      line.say({byte});
      std::this_thread::sleep_for(8ms);
    }
  }};
  char got[4'096];
  EXPECT_EQ(c.read(got, sizeof got), static_cast<ssize_t>(body.size()));
  client.join();
}

struct chunked_line : slow_line {
  explicit chunked_line(const std::string& text) {
    say(text);
    h.body = framing::chunked;
  }
  std::string all(conn_stream& c) {
    c.begin_request("", h, 1'000, {});
    std::string text;
    char got[7];
    ssize_t n = 0;
    while ((n = c.read(got, sizeof got)) > 0)
      text.append(got, static_cast<std::size_t>(n));
    return n == 0 ? text : "broken";
  }
  request_head h;
};

TEST(ConnStream, TheChunkedCodingIsTakenOff) {
  chunked_line line{"3\r\nabc\r\n9;x=1\r\ndefghijkl\r\n0\r\n\r\n"};
  conn_stream c{line.ends[0]};
  EXPECT_EQ(line.all(c), "abcdefghijkl");
  EXPECT_TRUE(c.body_read());
}

TEST(ConnStream, AnEmptyChunkedBodyEnds) {
  chunked_line line{"0\r\n\r\n"};
  conn_stream c{line.ends[0]};
  EXPECT_EQ(line.all(c), "");
  EXPECT_TRUE(c.body_read());
}

TEST(ConnStream, AChunkedBodyThatIsCutIsBad) {
  chunked_line line{"3\r\nabc\r\n"};
  ::shutdown(line.ends[1], SHUT_WR);
  conn_stream c{line.ends[0]};
  EXPECT_EQ(line.all(c), "broken");
  EXPECT_FALSE(c.body_read());
}

TEST(ConnStream, SmallChunksDoNotCutTheFirstBoundaryLine) {
  std::string chunks;
  for (auto byte : body)
    chunks += std::string{"1\r\n"} + byte + "\r\n";
  chunked_line line{chunks + "0\r\n\r\n"};
  conn_stream c{line.ends[0]};
  c.begin_request("", line.h, 1'000, {});
  char got[4'096];
  EXPECT_EQ(c.read(got, sizeof got), static_cast<ssize_t>(body.size()));
}

TEST(ConnStream, TextBeforeTheFirstBoundaryIsRefused) {
  slow_line line;
  line.say("junk\r\n" + body);
  conn_stream c{line.ends[0]};
  request_head h;
  h.body = framing::sized;
  h.length = body.size() + 6;
  h.fields = {{"Content-Type", "multipart/form-data; boundary=boundary"}};
  c.begin_request("", h, 1'000, {});
  char got[4'096];
  EXPECT_EQ(c.read(got, sizeof got), -1);
  ASSERT_TRUE(c.fault());
  EXPECT_EQ(c.fault()->id, code::bad_multipart);
}

} // namespace
