#include "fixture.hpp"

using namespace vigie;

namespace {

TEST_F(HttpTest, ThePageAllowsNothingFromElsewhere) {
  for (auto path : {"/", "/app.js", "/app.css"}) {
    auto r = client->Get(path);
    ASSERT_TRUE(r) << path;
    EXPECT_EQ(r->status, 200);
    EXPECT_TRUE(r->get_header_value("Content-Security-Policy")
                    .starts_with("default-src 'self'"));
    EXPECT_EQ(r->body.find("<script>"), std::string::npos);
    EXPECT_EQ(r->body.find("http://"), std::string::npos);
  }
}

} // namespace
