#include "storage/blob_store.hpp"
#include "storage/sqlite_reader.hpp"
#include "storage/sqlite_store.hpp"

#include <gtest/gtest.h>

#include <filesystem>

using namespace vigie;
namespace fs = std::filesystem;

namespace {

struct GeminiStoreTest : ::testing::Test {
  fs::path root;
  std::unique_ptr<batch_store> store;
  std::unique_ptr<reader> reading;
  batch_id id{"b"};

  void SetUp() override {
    auto pattern = (fs::temp_directory_path() / "vigie-XXXXXX").string();
    root = mkdtemp(pattern.data());
    open();
    auto blobs = make_blob_store(root);
    auto up = std::move(blobs->stage()).value();
    new_batch b;
    b.id = id;
    b.created_at = utc_now();
    ASSERT_TRUE(up->begin("a.png"));
    ASSERT_TRUE(up->write("x"));
    b.files.push_back(std::move(up->end()).value());
    b.files.back().content_type = "image/png";
    b.staging_dir = std::move(up->release()).value();
    ASSERT_TRUE(apply({id, b, {}}));
  }
  void TearDown() override {
    store.reset();
    reading.reset();
    fs::remove_all(root);
  }
  void open(std::string gate_owner = "key-1") {
    store_options options{root / "vigie.db", root, std::move(gate_owner)};
    store = std::move(open_store(options)).value();
    reading = std::move(open_reader(options)).value();
  }
  outcome<change_answer> apply(change c) {
    return std::move(store->apply({std::move(c)}).front());
  }
  gemini_begun begun(bool again = false) {
    gemini_begun g;
    g.record.status = "pending";
    g.record.requested_by = "pipeline:auto";
    g.record.created_at = utc_now();
    g.run.requested_by = "pipeline:auto";
    g.run.begun_at = *parse_time("2026-11-24T10:00:00.000000Z");
    g.run.deadline = *parse_time("2026-11-24T10:10:00.000000Z");
    g.again = again;
    return g;
  }
  gemini_result ended(const gemini_run& run, std::string label) {
    gemini_result r;
    r.record.status = "ok";
    r.record.model = "m";
    r.record.model_version = "m-1";
    r.record.attempts = 4;
    r.run = run;
    observation o;
    o.filename = "a.png";
    o.label = std::move(label);
    o.source = "gemini";
    r.observations.push_back(o);
    return r;
  }
  batch_view view() { return reading->snapshot(id).value(); }
};

TEST_F(GeminiStoreTest, ARunKeepsItsDeadlineOverARestart) {
  auto first = apply({id, begun(), {}});
  ASSERT_TRUE(first);
  ASSERT_TRUE(first.value().record);
  EXPECT_EQ(view().gemini_status, "pending");
  auto run = *store->load(id).value().run;
  run.attempts = 3;
  run.waited = std::chrono::milliseconds{1'500};
  run.resume_at = run.begun_at + std::chrono::seconds{37};
  ASSERT_TRUE(apply({id, gemini_progress{run}, {}}));
  store.reset();
  open();
  auto found = *store->load(id).value().run;
  EXPECT_EQ(found.record, *first.value().record);
  EXPECT_EQ(found.deadline, run.deadline);
  EXPECT_EQ(found.attempts, 3);
  EXPECT_EQ(found.waited, run.waited);
  EXPECT_EQ(found.resume_at, run.resume_at);
  auto twice = apply({id, begun(), {}});
  EXPECT_EQ(twice.value().how, applied::duplicate) << "no new budget";
}

TEST_F(GeminiStoreTest, ARerunReplacesOnlyWhatTheModelSaw) {
  file_result done; // else the batch reads as one of the old server's
  done.file = view().files.at(0).id;
  done.input_hash = "x";
  ASSERT_TRUE(apply({id, done, {}}));
  observation local;
  local.filename = "a.png";
  local.label = "general";
  ASSERT_TRUE(apply({id, join_result{{local}}, {}}));
  ASSERT_TRUE(apply({id, begun(), {}}));
  auto run = *store->load(id).value().run;
  ASSERT_TRUE(apply({id, ended(run, "security_fire"), {}}));
  EXPECT_FALSE(store->load(id).value().run) << "it has ended";
  EXPECT_EQ(apply({id, begun(true), {}}).why().id, code::batch_busy);
  ASSERT_TRUE(apply({id, status_change{batch_status::completed, {}}, {}}));
  auto again = apply({id, begun(true), {}});
  ASSERT_TRUE(again);
  EXPECT_EQ(view().status, batch_status::processing);
  EXPECT_EQ(view().observations.size(), 2u) << "readable until replaced";
  run = *store->load(id).value().run;
  ASSERT_TRUE(apply({id, ended(run, "security_access"), {}}));
  std::vector<std::string> labels;
  for (auto& o : view().observations)
    labels.push_back(o.label);
  EXPECT_EQ(labels, (std::vector<std::string>{"general", "security_access"}));
  auto records = reading->analyses(id).value();
  ASSERT_EQ(records.size(), 2u);
  EXPECT_EQ(records[0].model_version, "m-1");
  EXPECT_EQ(records[0].attempts, 4);
}

TEST_F(GeminiStoreTest, PaidAnswersAndGatesAreFoundAgain) {
  model_answer a;
  a.input_hash = "f1";
  a.prompt_hash = "p1";
  a.model = "m";
  a.text = "{}";
  a.prompt_tokens = 1'120;
  ASSERT_TRUE(apply({{}, a, {}}));
  gate_memory m;
  m.model = "m";
  m.state = "paused";
  m.saved_at = utc_now();
  m.until = utc_now();
  m.rpm = 15;
  m.ledger.push_back({utc_now(), 1'300});
  ASSERT_TRUE(apply({{}, m, {}}));
  store.reset();
  open();
  EXPECT_EQ(store->answers("p1", {"f0", "f1"}).value().size(), 1u);
  EXPECT_TRUE(store->answers("p2", {"f1"}).value().empty());
  auto gates = store->gates().value();
  ASSERT_EQ(gates.size(), 1u);
  EXPECT_EQ(gates[0].until, m.until);
  EXPECT_EQ(gates[0].rpm, 15);
  ASSERT_EQ(gates[0].ledger.size(), 1u);
  EXPECT_EQ(gates[0].ledger[0].at, m.ledger[0].at);
}

TEST_F(GeminiStoreTest, ARerunThatFailsKeepsWhatItCouldNotReplace) {
  file_result done;
  done.file = view().files.at(0).id;
  done.input_hash = "x";
  ASSERT_TRUE(apply({id, done, {}}));
  ASSERT_TRUE(apply({id, begun(), {}}));
  ASSERT_TRUE(
      apply({id, ended(*store->load(id).value().run, "security_fire"), {}}));
  auto again = [&](gemini_result r) {
    ASSERT_TRUE(apply({id, status_change{batch_status::completed, {}}, {}}));
    ASSERT_TRUE(apply({id, begun(true), {}}));
    r.run = *store->load(id).value().run;
    ASSERT_TRUE(apply({id, std::move(r), {}}));
  };
  gemini_result failed;
  failed.record.status = "failed";
  again(failed);
  ASSERT_EQ(view().observations.size(), 1u) << "it was paid for";
  EXPECT_EQ(view().observations[0].label, "security_fire");
  EXPECT_EQ(view().gemini_status, "failed");
  gemini_result clean;
  clean.record.status = "no_insights";
  clean.answers.emplace_back("a.png", model_answer{});
  again(clean);
  EXPECT_TRUE(view().observations.empty()) << "answered: nothing is wrong now";
}

TEST_F(GeminiStoreTest, GatesBelongToTheKeyTheyWereLearnedWith) {
  gate_memory m;
  m.model = "m";
  m.state = "day_off";
  m.saved_at = utc_now();
  ASSERT_TRUE(apply({{}, m, {}}));
  store.reset();
  open("key-2");
  EXPECT_TRUE(store->gates().value().empty()) << "another key starts fresh";
  m.state = "open";
  ASSERT_TRUE(apply({{}, m, {}}));
  store.reset();
  open("key-1");
  auto gates = store->gates().value();
  ASSERT_EQ(gates.size(), 1u);
  EXPECT_EQ(gates[0].state, "day_off");
}

TEST_F(GeminiStoreTest, SinceWhenItWaitsOutlivesARestart) {
  ASSERT_TRUE(apply({id, begun(), {}}));
  auto run = *store->load(id).value().run;
  EXPECT_FALSE(run.waiting_since);
  run.waiting_since = run.begun_at + std::chrono::seconds{5};
  ASSERT_TRUE(apply({id, gemini_progress{run}, {}}));
  store.reset();
  open();
  EXPECT_EQ(store->load(id).value().run->waiting_since, run.waiting_since);
}

} // namespace
