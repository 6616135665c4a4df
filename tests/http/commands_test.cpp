#include "tests/http/fixture.hpp"

using namespace vigie;

namespace {

struct CommandTest : HttpTest {
  const std::string url = "/api/v1/ingestion/batches/b";
  void SetUp() override {
    HttpTest::SetUp();
    ASSERT_EQ(post({file("a.txt")})->status, 202);
  }
  httplib::Result say(const std::string& what) {
    return client->Post(url + "/" + what, "", "application/json");
  }
  static std::string type_of(const httplib::Result& r) {
    return json::parse(r->body).at("type").get<std::string>();
  }
};

TEST_F(CommandTest, CancelAndRetryAnswerTheSnapshot) {
  for (std::string what : {"cancel", "retry"}) {
    f.status =
        what == "cancel" ? batch_status::cancelled : batch_status::processing;
    auto r = say(what);
    ASSERT_TRUE(r);
    EXPECT_EQ(r->status, 202);
    EXPECT_EQ(r->get_header_value("Content-Location"), url);
    auto body = json::parse(r->body);
    EXPECT_EQ(body.at("batch_id"), "b");
    EXPECT_EQ(body.at("status"), to_string(f.status));
  }
  EXPECT_EQ(f.commands, (std::vector<std::string>{"cancel b", "retry b"}));
}

TEST_F(CommandTest, ARefusalIsAProblemWithItsStatus) {
  struct expected {
    code id;
    int status;
    std::string type;
  };
  for (auto& x :
       {expected{code::batch_ended, 409, "/problems/batch_ended"},
        expected{code::batch_busy, 409, "/problems/batch_busy"},
        expected{code::no_such_batch, 404, "/problems/no_such_batch"}}) {
    f.command_refusal = problem{x.id, "no"};
    for (auto& r : {say("cancel"), say("retry"), client->Delete(url)}) {
      ASSERT_TRUE(r);
      EXPECT_EQ(r->status, x.status);
      EXPECT_EQ(type_of(r), x.type);
    }
  }
}

TEST_F(CommandTest, ADeletedBatchIsAnsweredWithNothing) {
  auto r = client->Delete(url);
  ASSERT_TRUE(r);
  EXPECT_EQ(r->status, 204);
  EXPECT_TRUE(r->body.empty());
  EXPECT_EQ(f.commands, std::vector<std::string>{"erase b"});
}

TEST_F(CommandTest, TheCacheForgetsADeletedBatch) {
  ASSERT_EQ(client->Get(url)->status, 200);
  f.snapshots = 0;
  ASSERT_EQ(client->Get(url)->status, 200);
  EXPECT_EQ(f.snapshots, 0) << "held";
  ASSERT_EQ(client->Delete(url)->status, 204);
  ASSERT_EQ(client->Get(url)->status, 200); // posted again, the same version
  EXPECT_EQ(f.snapshots, 1);
}

TEST_F(CommandTest, TheMethodsOfABatchAreTold) {
  auto r = client->Put(url, "", "text/plain");
  ASSERT_TRUE(r);
  EXPECT_EQ(r->status, 405);
  EXPECT_NE(r->get_header_value("Allow").find("DELETE"), std::string::npos);
  EXPECT_EQ(client->Get(url + "/cancel")->status, 405);
}

TEST_F(HttpTest, TheSearchIsHandedOnAndLinked) {
  f.page.next_cursor = "c";
  auto r = ask("GET /api/v1/ingestion/batches?q=%C3%A9t%25&status=failed "
               "HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(f.asked.search, "ét%");
  EXPECT_EQ(f.asked.status, batch_status::failed);
  EXPECT_NE(r.find("&q=%C3%A9t%25>; rel=\"next\""), std::string::npos) << r;
  ASSERT_TRUE(client->Get("/api/v1/ingestion/batches?q="));
  EXPECT_FALSE(f.asked.search) << "empty: no search";
  auto most = std::string(100, 'x');
  EXPECT_EQ(client->Get("/api/v1/ingestion/batches?q=" + most)->status, 200);
  EXPECT_EQ(client->Get("/api/v1/ingestion/batches?q=x" + most)->status, 400);
}

TEST_F(HttpTest, AListItemCarriesWhatACardShows) {
  batch_list_item item;
  item.id = {"b"};
  item.progress = 72;
  item.report_hash = "h";
  item.gemini_status = "pending";
  item.last_error = "why";
  f.page.items.push_back(item);
  auto r = client->Get("/api/v1/ingestion/batches");
  ASSERT_TRUE(r);
  auto got = json::parse(r->body).at("items").at(0);
  EXPECT_EQ(got.at("progress"), 72);
  EXPECT_EQ(got.at("report_url"), "/api/v1/ingestion/reports/b");
  EXPECT_EQ(got.at("gemini_status"), "pending");
  EXPECT_EQ(got.at("last_error"), "why");
  EXPECT_TRUE(got.at("normalized_score").is_null());
  EXPECT_EQ(got.at("file_count"), 0);
}

} // namespace
