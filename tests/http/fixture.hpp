#pragma once
// Over budget: one fake behind every port, one fixture.
// The real server on a real port; what stands behind it is a fake.

#include "http/server.hpp"

#include <gtest/gtest.h>
#include <httplib.h>
#include <nlohmann/json.hpp>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace vigie {

using nlohmann::json;

/// Speaks bytes, so that tests can say what no client library would.
struct raw_client {
  int fd = ::socket(AF_INET, SOCK_STREAM, 0);

  explicit raw_client(int port) {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(static_cast<uint16_t>(port));
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    timeval most{5, 0};
    ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &most, sizeof most);
    if (::connect(fd, reinterpret_cast<sockaddr*>(&to), sizeof to) != 0)
      ADD_FAILURE() << "cannot connect";
  }
  ~raw_client() { ::close(fd); }

  bool say(std::string_view bytes) {
    return ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL)
           == static_cast<ssize_t>(bytes.size());
  }

  /// Everything until the server closes; "RESET" is appended if it does so
  /// rudely, "SILENCE" if it does not close.
  std::string rest() {
    std::string all;
    char buffer[4'096];
    for (;;) {
      auto n = ::recv(fd, buffer, sizeof buffer, 0);
      if (n > 0)
        all.append(buffer, static_cast<std::size_t>(n));
      else
        return n == 0 ? all : all + (errno == EAGAIN ? "SILENCE" : "RESET");
    }
  }
};

struct fake_upload : staged_upload {
  std::atomic<int>& alive;
  file_record record;
  explicit fake_upload(std::atomic<int>& n) : alive(n) { ++alive; }
  ~fake_upload() override { --alive; }
  outcome<done> begin(const std::string& name) override {
    record = {};
    record.filename = name;
    return done{};
  }
  outcome<done> write(std::string_view bytes) override {
    record.size_bytes += bytes.size();
    return done{};
  }
  outcome<file_record> end() override { return record; }
  std::filesystem::path current() const override { return record.filename; }
  outcome<std::string> release() override { return std::string{"dir"}; }
};

struct fakes : batch_service,
               batch_reader,
               file_reader,
               blob_store,
               content_sniffer,
               event_streams,
               quota_reader,
               access_book,
               metrics_source {
  std::atomic<int> uploads{0};
  std::vector<new_batch> posted;

  struct seat : arrival {
    fakes& f;
    explicit seat(fakes& x) : f(x) { ++f.seats; }
    ~seat() override { --f.seats; }
    outcome<done> grow(uint64_t n) override {
      f.grown += n;
      if (f.growth_refusal)
        return *f.growth_refusal;
      return done{};
    }
  };
  std::atomic<int> seats{0}; ///< Uploads that hold room.
  uint64_t announced = 0, grown = 0;
  bool known = false; ///< Of the last upload.
  std::optional<problem> room_refusal, growth_refusal;
  outcome<std::unique_ptr<arrival>> arrive(uint64_t n, bool is_known) override {
    announced = n;
    known = is_known;
    if (room_refusal)
      return *room_refusal;
    return std::unique_ptr<arrival>{new seat{*this}};
  }
  std::optional<problem> submit_refusal;
  outcome<submitted> submit(new_batch b) override {
    if (submit_refusal)
      return *submit_refusal;
    posted.push_back(std::move(b));
    return submitted{};
  }
  outcome<done> ready() override { return done{}; }
  std::vector<std::string> lacking;
  std::vector<std::string> waits_for() override { return lacking; }
  std::vector<std::string> reruns; ///< Who asked.
  std::optional<problem> rerun_refusal;
  outcome<analysis_record> rerun(const batch_id&,
                                 const std::string& by) override {
    if (rerun_refusal)
      return *rerun_refusal;
    reruns.push_back(by);
    analysis_record r;
    r.id = 7;
    r.status = "pending";
    r.requested_by = by;
    return r;
  }
  std::vector<std::string> commands; ///< `cancel b`, in order.
  std::optional<problem> command_refusal;
  outcome<done> command(const std::string& what, const batch_id& id) {
    if (command_refusal)
      return *command_refusal;
    commands.push_back(what + " " + id.text);
    return done{};
  }
  outcome<done> cancel(const batch_id& id) override {
    return command("cancel", id);
  }
  outcome<done> retry(const batch_id& id) override {
    return command("retry", id);
  }
  outcome<done> erase(const batch_id& id) override {
    return command("erase", id);
  }
  std::vector<gate_board> boards;
  outcome<std::vector<gate_board>> board() override { return boards; }
  int snapshots = 0;  ///< How often the whole batch was read.
  bool blind = false; ///< Reads fail.
  batch_status status = batch_status::processing;
  std::string current_version = "v1";

  outcome<batch_view> snapshot(const batch_id& id) override {
    ++snapshots;
    if (blind)
      return problem{code::storage_down, "The store does not answer"};
    if (posted.empty())
      return problem{code::no_such_batch, "Batch not found"};
    batch_view v;
    v.id = id;
    v.status = status;
    v.files = posted.back().files;
    return v;
  }
  outcome<std::string> version(const batch_id&) override {
    if (posted.empty())
      return problem{code::no_such_batch, "Batch not found"};
    return current_version;
  }
  batch_page page;
  list_query asked; ///< Of the list, last.
  outcome<batch_page> list(const list_query& query) override {
    asked = query;
    return page;
  }
  std::vector<analysis_record> records;
  outcome<std::vector<analysis_record>> analyses(const batch_id&) override {
    return records;
  }
  outcome<log_slice> events_after(int64_t, std::size_t) override {
    return log_slice{};
  }
  int64_t last_seq() override { return 0; }
  std::optional<stored_file> stored;
  outcome<stored_file> file(const batch_id&, file_id) override {
    if (stored)
      return *stored;
    return problem{code::no_such_file, "File not found"};
  }
  outcome<stored_file> thumbnail(const batch_id&, file_id) override {
    if (stored)
      return *stored;
    return problem{code::no_such_file, "File not found"};
  }
  outcome<stored_file> report(const batch_id&) override {
    if (stored)
      return *stored;
    return problem{code::no_such_report, "Report not found"};
  }
  outcome<std::unique_ptr<staged_upload>> stage() override {
    return std::unique_ptr<staged_upload>{new fake_upload{uploads}};
  }
  int discards = 0; ///< Uploads that were thrown away.
  void discard(const std::string&) override { ++discards; }
  outcome<std::string> detect(const std::filesystem::path& p) override {
    return std::string{p.extension() == ".exe" ? "application/x-dosexec"
                                               : "text/plain"};
  }
  // Tokens by their secret; sessions by theirs.
  std::map<std::string, visitor> tokens, sessions;
  std::map<std::string, std::string> owners; ///< Of batches.
  outcome<bool> any_token() override { return !tokens.empty(); }
  static found look(const std::map<std::string, visitor>& in,
                    const std::string& secret) {
    auto x = in.find(secret);
    return x == in.end() ? std::nullopt : std::optional{x->second};
  }
  found by_token(const std::string& secret, utc_time) override {
    return look(tokens, secret);
  }
  found by_session(const std::string& secret, utc_time) override {
    return look(sessions, secret);
  }
  outcome<std::string> open_session(const visitor& who, utc_time,
                                    utc_time) override {
    auto secret = "session-" + who.name;
    sessions[secret] = who;
    sessions[secret].session = true;
    return secret;
  }
  outcome<done> end_session(const std::string& secret) override {
    sessions.erase(secret);
    return done{};
  }
  outcome<std::optional<std::string>>
  owner_of(const std::string& batch) override {
    auto x = owners.find(batch);
    return x == owners.end() ? std::nullopt : std::optional{x->second};
  }
  outcome<std::vector<std::string>> ended(const std::vector<std::string>&,
                                          utc_time) override {
    return std::vector<std::string>{};
  }
  std::atomic<int> adopted{0};
  void adopt(subscription s) override {
    ++adopted;
    [[maybe_unused]] auto n = ::write(s.fd, "id: 7\n\n", 7);
    ::close(s.fd);
  }
  std::size_t count() const override { return 0; }
  std::string exposition() override { return "vigie_up 1\n"; }
};

struct HttpTest : ::testing::Test {
  fakes f;
  int port = 0;
  std::unique_ptr<http_server> server;
  std::unique_ptr<httplib::Client> client;

  http_options o;

  HttpTest() {
    o.port = 0;
    o.threads = 4;
    o.max_file_bytes = 1'000;
    o.max_batch_bytes = 1'500;
    o.max_files = 3;
    o.linger = std::chrono::milliseconds{200};
  }

  void SetUp() override {
    server = std::make_unique<http_server>(
        o, http_ports{f, f, f, f, f, f, f, f, nullptr, &f});
    auto started = server->start();
    ASSERT_TRUE(started) << started.why().detail;
    port = started.value();
    client = std::make_unique<httplib::Client>("127.0.0.1", port);
  }

  /// One request on a connection of its own, until the server closes it.
  std::string ask(const std::string& request) {
    raw_client c{port};
    c.say(request);
    return c.rest();
  }

  httplib::Result post(const httplib::MultipartFormDataItems& parts) {
    return client->Post("/api/v1/ingestion/batches", parts);
  }

  static httplib::MultipartFormData file(std::string name,
                                         std::string bytes = "x") {
    return {"files", std::move(bytes), std::move(name), "text/plain"};
  }

  void expect_problem(const httplib::Result& r, int status,
                      const std::string& part) {
    ASSERT_TRUE(r);
    EXPECT_EQ(r->status, status);
    EXPECT_EQ(r->get_header_value("Content-Type"), "application/problem+json");
    auto detail = json::parse(r->body).at("detail").get<std::string>();
    EXPECT_NE(detail.find(part), std::string::npos) << detail;
    EXPECT_EQ(f.uploads, 0) << "something half-stored remains";
    EXPECT_TRUE(f.posted.empty());
  }
};

inline std::size_t count_of(const std::string& text, const std::string& what) {
  std::size_t n = 0;
  for (auto at = text.find(what); at != text.npos; at = text.find(what, at + 1))
    ++n;
  return n;
}

} // namespace vigie
