#include "fixture.hpp"

using namespace vigie;

namespace {

TEST_F(HttpTest, AStreamBeginsWithItsHeadAndIsHandedOver) {
  std::string body;
  auto r = client->Get("/api/v1/ingestion/events",
                       [&](const char* data, std::size_t n) {
                         body.append(data, n);
                         return true;
                       });
  ASSERT_TRUE(r);
  EXPECT_EQ(r->get_header_value("Content-Type"),
            "text/event-stream; charset=utf-8");
  EXPECT_NE(body.find("id: 7"), std::string::npos);
}

} // namespace
