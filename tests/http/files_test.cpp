#include "fixture.hpp"

#include <fstream>

using namespace vigie;
namespace fs = std::filesystem;

namespace {

/// A stored file of ten bytes, named as the test wants.
struct FilesTest : HttpTest {
  fs::path path =
      fs::temp_directory_path() / ("vigie-file-" + std::to_string(::getpid()));
  const std::string url = "/api/v1/ingestion/batches/b/files/1";

  FilesTest() {
    std::ofstream{path} << "0123456789";
    store("image/png", "a.png");
  }
  ~FilesTest() override { fs::remove(path); }

  void store(const std::string& type, const std::string& name) {
    f.stored = stored_file{path, type, "abc", name, 10};
  }

  httplib::Result get(httplib::Headers headers = {}) {
    return client->Get(url, headers);
  }
};

TEST_F(FilesTest, APictureIsShownAndOtherEvidenceIsDownloaded) {
  EXPECT_EQ(get()->get_header_value("Content-Disposition"),
            "inline; filename=\"a.png\"");
  store("image/svg+xml", "a.svg");
  EXPECT_EQ(get()->get_header_value("Content-Disposition"),
            "attachment; filename=\"a.svg\"");
}

TEST_F(FilesTest, NothingOfTheEvidenceRunsInABrowser) {
  EXPECT_EQ(get()->get_header_value("Content-Security-Policy"),
            "sandbox; default-src 'none'");
}

TEST_F(FilesTest, AForeignNameIsWrittenInBothForms) {
  store("text/plain", "été\".txt");
  // Raw: httplib's client decodes what it reads.
  auto r =
      ask("GET " + url + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  EXPECT_NE(r.find("attachment; filename=\"__t___.txt\"; "
                   "filename*=UTF-8''%C3%A9t%C3%A9%22.txt"),
            std::string::npos)
      << r;
}

TEST_F(FilesTest, PartsAreServed) {
  struct {
    const char *range, *body, *content_range;
  } cases[] = {{"bytes=0-3", "0123", "bytes 0-3/10"},
               {"bytes=8-", "89", "bytes 8-9/10"},
               {"bytes=-3", "789", "bytes 7-9/10"},
               {"bytes=5-99", "56789", "bytes 5-9/10"}};
  for (auto& x : cases) {
    auto r = get({{"Range", x.range}});
    ASSERT_TRUE(r) << x.range;
    EXPECT_EQ(r->status, 206) << x.range;
    EXPECT_EQ(r->body, x.body);
    EXPECT_EQ(r->get_header_value("Content-Range"), x.content_range);
  }
}

TEST_F(FilesTest, ARangeBeyondTheEndIsRefusedWithTheLength) {
  auto r = get({{"Range", "bytes=10-12"}});
  ASSERT_TRUE(r);
  EXPECT_EQ(r->status, 416);
  EXPECT_EQ(r->get_header_value("Content-Range"), "bytes */10");
}

TEST_F(FilesTest, APartOfAnotherVersionIsNotMixedIn) {
  auto r = get({{"Range", "bytes=0-3"}, {"If-Range", "\"other\""}});
  ASSERT_TRUE(r);
  EXPECT_EQ(r->status, 200);
  EXPECT_EQ(r->body, "0123456789");
}

TEST_F(FilesTest, AKnownFileIsNotSentAgain) {
  auto r = get({{"If-None-Match", "\"zzz\", \"abc\""}});
  ASSERT_TRUE(r);
  EXPECT_EQ(r->status, 304);
}

TEST_F(FilesTest, HeadTellsTheLengthAndSendsNothing) {
  auto r = client->Head(url);
  ASSERT_TRUE(r);
  EXPECT_EQ(r->get_header_value("Content-Length"), "10");
  EXPECT_EQ(r->body, "");
}

TEST_F(FilesTest, AReportIsAnAttachmentUnderItsKeptName) {
  store("application/pdf", "report-b.pdf");
  auto r = client->Get("/api/v1/ingestion/reports/b");
  ASSERT_TRUE(r);
  EXPECT_EQ(r->get_header_value("Content-Disposition"),
            "attachment; filename=\"report-b.pdf\"");
}

} // namespace
