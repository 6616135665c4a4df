#include "metrics/families.hpp"
#include "metrics/metrics_book.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

using namespace vigie;
using ::testing::HasSubstr;
using ::testing::Not;

namespace {

std::string text_of(const metrics_book& m) {
  return exposition_of(m.collect());
}

served_request get(int status, std::string route = "/livez") {
  served_request r;
  r.method = "GET";
  r.route = std::move(route);
  r.status = status;
  r.bytes = 10;
  r.took = seconds_f{0.02};
  r.id = "secret-id";
  r.batch = "secret-batch";
  r.trace = "secret-trace";
  return r;
}

TEST(MeterTest, ARequestIsCountedByRouteMethodAndClass) {
  metrics_book m;
  m.served(get(200));
  m.served(get(204));
  m.served(get(503));
  auto text = text_of(m);
  EXPECT_THAT(text, HasSubstr("vigie_http_requests_total{method=\"GET\",route="
                              "\"/livez\",status=\"2xx\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("status=\"5xx\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("vigie_http_response_bytes_total 30\n"));
  EXPECT_THAT(text, HasSubstr("_duration_seconds_bucket{method=\"GET\",route="
                              "\"/livez\",le=\"0.01\"} 0\n"));
  EXPECT_THAT(text, HasSubstr("le=\"0.025\"} 3\n"));
}

TEST(MeterTest, NothingOfARequestButItsRouteBecomesALabel) {
  metrics_book m;
  m.served(get(200));
  EXPECT_THAT(text_of(m), Not(HasSubstr("secret")));
}

TEST(MeterTest, AThousandRequestsToOneRouteMakeOneSeries) {
  metrics_book m;
  m.served(get(200));
  auto before = text_of(m).size();
  for (int i = 0; i < 1'000; ++i) {
    auto r = get(200);
    r.id = r.batch = std::to_string(i);
    m.served(r);
  }
  EXPECT_LT(text_of(m).size(), before + 100); // longer numbers, no new lines
}

TEST(MeterTest, ClosedListsBeginAtZero) {
  auto text = text_of(metrics_book{});
  for (auto* line :
       {"vigie_batches_ended_total{status=\"failed\"} 0\n",
        "vigie_gemini_requests_total{outcome=\"minute\"} 0\n",
        "vigie_leases_broken_total{stage=\"text\"} 0\n",
        "vigie_store_changes_refused_total{reason=\"room\"} 0\n",
        "vigie_stage_duration_seconds_count{outcome=\"ok\",stage=\"vision\"} 0"
        "\n"})
    EXPECT_THAT(text, HasSubstr(line));
}

TEST(MeterTest, OnlyTheLastBrokenLeaseOfAFileIsAQuarantine) {
  metrics_book m;
  m.worked(stage::text, job_end::broken, seconds_f{1});
  m.worked(stage::text, job_end::broken, seconds_f{1});
  m.worked(stage::text, job_end::quarantined, seconds_f{1});
  auto text = text_of(m);
  EXPECT_THAT(text, HasSubstr("vigie_leases_broken_total{stage=\"text\"} 3\n"));
  EXPECT_THAT(text, HasSubstr("vigie_files_quarantined_total 1\n"));
}

TEST(MeterTest, AReplyIsCountedByKindAndItsTokensByUse) {
  metrics_book m;
  model_reply r;
  r.kind = reply_kind::ok;
  r.prompt_tokens = 100;
  r.output_tokens = 7;
  m.asked_model(r, seconds_f{2});
  auto text = text_of(m);
  EXPECT_THAT(text,
              HasSubstr("vigie_gemini_requests_total{outcome=\"ok\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("_tokens_total{kind=\"prompt\"} 100\n"));
  EXPECT_THAT(text, HasSubstr("_tokens_total{kind=\"thought\"} 0\n"));
}

TEST(FamiliesTest, AFamilyWithoutASampleIsLeftOut) {
  family_list all;
  all.gauge("vigie_a", "A.");
  all.counter("vigie_b_total", "B.").put(2, {{"kind", "x\"y"}});
  EXPECT_EQ(exposition_of(all.all),
            "# HELP vigie_b_total B.\n# TYPE vigie_b_total counter\n"
            "vigie_b_total{kind=\"x\\\"y\"} 2\n");
}

} // namespace
