#include "fixture.hpp"

#include "http/page.hpp"

#include <gmock/gmock.h>

using namespace vigie;

namespace {

TEST_F(HttpTest, ThePageAllowsNothingFromElsewhere) {
  auto r = client->Get("/");
  ASSERT_TRUE(r);
  EXPECT_EQ(r->status, 200);
  EXPECT_TRUE(r->get_header_value("Content-Security-Policy")
                  .starts_with("default-src 'self'"));
  EXPECT_EQ(r->body.find("<script>"), std::string::npos);
  EXPECT_EQ(r->body.find("http://"), std::string::npos);
  EXPECT_EQ(r->body.find("https://"), std::string::npos);
  EXPECT_NE(r->body.find("/assets/"), std::string::npos);
}

TEST_F(HttpTest, TheDocumentsAllowNothingFromElsewhere) {
  auto docs = client->Get("/docs");
  ASSERT_TRUE(docs);
  EXPECT_EQ(docs->get_header_value("Content-Security-Policy"),
            "default-src 'self'; img-src 'self' data:; object-src 'none'; "
            "base-uri 'none'; form-action 'self'; frame-ancestors 'none'");
  EXPECT_EQ(docs->body.find("<script>"), std::string::npos);
  EXPECT_EQ(docs->body, client->Get("/docs/index.html")->body);
}

TEST_F(HttpTest, EveryFileOfThePageIsServedWhole) {
  ASSERT_GT(web_assets().size(), 5u);
  client->set_decompress(false);
  for (auto& a : web_assets()) {
    auto r = client->Get(std::string{a.path});
    ASSERT_TRUE(r) << a.path;
    EXPECT_EQ(r->status, 200) << a.path;
    EXPECT_EQ(r->body, a.bytes) << a.path;
    EXPECT_EQ(r->get_header_value("Content-Type"), a.type);
  }
}

TEST_F(HttpTest, ThePageIsSentAsTheBrowserCanTakeIt) {
  client->set_decompress(false);
  auto& page = web_assets().back();
  std::string path{page.path};
  auto brotli = client->Get(path, {{"Accept-Encoding", "gzip, deflate, br"}});
  ASSERT_TRUE(brotli);
  EXPECT_EQ(brotli->get_header_value("Content-Encoding"), "br");
  EXPECT_EQ(brotli->body, page.brotli);
  auto gzip = client->Get(path, {{"Accept-Encoding", "gzip, br;q=0"}});
  ASSERT_TRUE(gzip);
  EXPECT_EQ(gzip->get_header_value("Content-Encoding"), "gzip");
  EXPECT_EQ(gzip->body, page.gzip);
  EXPECT_NE(gzip->get_header_value("ETag"), brotli->get_header_value("ETag"));
  auto known =
      client->Get(path, {{"Accept-Encoding", "br"},
                         {"If-None-Match", brotli->get_header_value("ETag")}});
  ASSERT_TRUE(known);
  EXPECT_EQ(known->status, 304);
}

TEST_F(HttpTest, EveryAnswerSaysTheTimeOfTheServer) {
  for (auto path : {"/", "/livez", "/nowhere"}) {
    auto r = client->Get(path);
    ASSERT_TRUE(r);
    EXPECT_THAT(r->get_header_value("Date"),
                testing::MatchesRegex(
                    "[A-Z][a-z]+, [0-9]+ [A-Z][a-z]+ 20.. ..:..:.. GMT"));
  }
}

TEST_F(HttpTest, OnlyWhatIsNamedByItsHashIsKeptForEver) {
  for (auto& a : web_assets()) {
    auto kept = client->Get(std::string{a.path})
                    ->get_header_value("Cache-Control")
                    .find("immutable");
    EXPECT_EQ(kept != std::string::npos, a.path.starts_with("/assets/"))
        << a.path;
  }
}

} // namespace
