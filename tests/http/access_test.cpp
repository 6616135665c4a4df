// Who gets what: each route, each kind of caller.

#include "fixture.hpp"

#include "http/page.hpp"

#include <algorithm>
#include <regex>

using namespace vigie;

namespace {

/// Statuses of one request, by who sends it. `reader` and so on may see all.
struct row {
  const char* method;
  std::string path;
  int nobody, reader, auditor, admin;
};

const std::string batches = "/api/v1/ingestion/batches";

const std::vector<row>& table() {
  static const auto all = [] {
    auto b = batches + "/b1";
    auto r = std::string{"/api/v1/ingestion/reports/b1"};
    std::vector<row> rows{
        {"GET", batches, 401, 200, 200, 200},
        {"POST", batches, 401, 403, 422, 422},
        {"GET", b, 401, 200, 200, 200},
        {"DELETE", b, 401, 403, 403, 204},
        {"GET", b + "/analysis", 401, 200, 200, 200},
        {"POST", b + "/analysis", 401, 403, 202, 202},
        {"POST", b + "/cancel", 401, 403, 202, 202},
        {"POST", b + "/retry", 401, 403, 202, 202},
        {"GET", b + "/files/1", 401, 200, 200, 200},
        {"GET", b + "/files/1/thumbnail", 401, 200, 200, 200},
        {"GET", r, 401, 200, 200, 200},
        {"GET", r + "/verify", 401, 200, 200, 200},
        {"GET", "/api/v1/ingestion/events", 401, 200, 200, 200},
        {"GET", "/api/v1/gemini/quota", 401, 200, 200, 200},
        {"GET", "/api/v1/session", 401, 200, 200, 200},
        {"POST", "/api/v1/session", 401, 200, 200, 200},
        {"DELETE", "/api/v1/session", 401, 204, 204, 204},
        {"GET", "/", 200, 200, 200, 200},
        {"GET", "/docs", 200, 200, 200, 200},
        {"GET", "/health", 200, 200, 200, 200},
        {"GET", "/api/v1/health", 200, 200, 200, 200},
        {"GET", "/livez", 200, 200, 200, 200},
        {"GET", "/readyz", 200, 200, 200, 200},
        {"GET", "/metrics", 401, 200, 200, 200},
    };
    for (auto& a : web_assets())
      rows.push_back({"GET", std::string{a.path}, 200, 200, 200, 200});
    return rows;
  }();
  return all;
}

struct AccessHttpTest : HttpTest {
  AccessHttpTest() {
    o.access.failures = {0.001, 5};
    f.posted.push_back({}); // there is a batch, whatever its id
    f.stored = stored_file{VIGIE_SOURCE_DIR "/README.md", "text/plain", "s",
                           "r.txt", 1};
  }

  /// A token whose secret is its name.
  void add(const std::string& name, access_role role, bool own_only = false) {
    f.tokens[name] = {name, role, own_only, false, {}, "t" + name};
  }

  void add_all() {
    add("reader", access_role::reader);
    add("auditor", access_role::auditor);
    add("admin", access_role::admin);
    add("own", access_role::auditor, true);
    f.owners = {{"mine", "own"}, {"b1", "auditor"}};
  }

  httplib::Result send(const std::string& method, const std::string& path,
                       httplib::Headers headers) {
    httplib::Client c{"127.0.0.1", port};
    httplib::Request q;
    q.method = method;
    q.path = path;
    q.headers = std::move(headers);
    if (method == "POST")
      q.body = ""; // a POST has a length
    return c.send(q);
  }

  int status(const std::string& method, const std::string& path,
             const std::string& token = "") {
    auto r = send(method, path,
                  token.empty()
                      ? httplib::Headers{}
                      : httplib::Headers{{"Authorization", "Bearer " + token}});
    return r ? r->status : -1;
  }

  std::string words(const httplib::Result& r) {
    return json::parse(r->body).at("detail").get<std::string>();
  }
};

TEST_F(AccessHttpTest, EveryRouteIsInTheTable) {
  for (auto& route : server->routes()) {
    auto space = route.rfind(' ');
    std::regex pattern{route.substr(space + 1)};
    for (auto method : {"GET", "POST", "DELETE", "PUT", "PATCH"}) {
      if (route.substr(0, space).find(method) == std::string::npos)
        continue;
      EXPECT_TRUE(std::any_of(table().begin(), table().end(),
                              [&](auto& r) {
                                return r.method == std::string{method}
                                       && std::regex_match(r.path, pattern);
                              }))
          << method << ' ' << route
          << ": who may do that? Add a row to the table";
    }
  }
}

TEST_F(AccessHttpTest, EachRoleGetsWhatTheTableSays) {
  add_all();
  for (auto& r : table()) {
    auto cell = std::string{r.method} + ' ' + r.path;
    EXPECT_EQ(status(r.method, r.path), r.nobody) << cell;
    EXPECT_EQ(status(r.method, r.path, "reader"), r.reader) << cell;
    EXPECT_EQ(status(r.method, r.path, "auditor"), r.auditor) << cell;
    EXPECT_EQ(status(r.method, r.path, "admin"), r.admin) << cell;
  }
}

TEST_F(AccessHttpTest, AnothersBatchIsNotThereForWhoSeesOnlyHisOwn) {
  add_all();
  for (auto& r : table()) {
    auto at = r.path.find("/b1");
    auto own = r.path;
    if (at != own.npos) {
      auto hidden = r.auditor == 403 ? 403 : 404; // the role is asked first
      EXPECT_EQ(status(r.method, r.path, "own"), hidden) << r.path;
      own.replace(at, 3, "/mine");
    }
    EXPECT_EQ(status(r.method, own, "own"), r.auditor) << own;
  }
}

TEST_F(AccessHttpTest, WithoutTokensEverythingIsAsItWas) {
  for (auto& r : table()) {
    auto sign_in = r.path == "/api/v1/session" && r.method[0] == 'P';
    EXPECT_EQ(status(r.method, r.path), sign_in ? 401 : r.admin) << r.path;
  }
  EXPECT_EQ(f.adopted, 1);
}

TEST_F(AccessHttpTest, WithoutTokensAnotherSitesPageChangesAndReadsNothing) {
  auto cancel = [&](httplib::Headers more) {
    return send("POST", batches + "/b1/cancel", more)->status;
  };
  auto list = [&](const std::string& host) {
    return send("GET", batches, {{"Host", host}})->status;
  };
  EXPECT_EQ(cancel({}), 202) << "no browser";
  EXPECT_EQ(cancel({{"Sec-Fetch-Site", "same-origin"}}), 202);
  EXPECT_EQ(cancel({{"Origin", "http://localhost:5173"},
                    {"Sec-Fetch-Site", "cross-site"}}),
            202)
      << "in http.cors_origins";
  EXPECT_EQ(cancel({{"Origin", "http://evil.example"}}), 403);
  EXPECT_EQ(cancel({{"Origin", "null"}}), 403);
  EXPECT_EQ(cancel({{"Sec-Fetch-Site", "cross-site"}}), 403);
  EXPECT_EQ(
      cancel({{"Host", "localhost:5173"}, {"Origin", "http://evil.example"}}),
      403)
      << "a listed name is no licence for others";
  for (auto* ours :
       {"localhost:8000", "127.0.0.1", "[::1]:8000", "vigie:80", "a.localhost"})
    EXPECT_EQ(list(ours), 200) << ours;
  EXPECT_EQ(list("evil.example:8000"), 403) << "DNS rebinding";
  EXPECT_EQ(list("127.0.0.1.evil.example"), 403);
}

TEST_F(AccessHttpTest, A401SaysHowToComeInAndTellsNothingElse) {
  add_all();
  auto r = send("GET", batches + "/b1", {{"Origin", "http://localhost:5173"}});
  ASSERT_EQ(r->status, 401);
  EXPECT_EQ(r->get_header_value("WWW-Authenticate"), "Bearer realm=\"vigie\"");
  EXPECT_EQ(r->get_header_value("Access-Control-Allow-Origin"),
            "http://localhost:5173");
  EXPECT_EQ(r->get_header_value("Content-Type"), "application/problem+json");
  EXPECT_EQ(json::parse(r->body).at("status"), 401);
}

TEST_F(AccessHttpTest, WrongTokensRunOutAndRightOnesDoNot) {
  add_all();
  for (int i = 0; i < 5; ++i)
    EXPECT_EQ(status("GET", batches, "wrong"), 401);
  auto r = send("GET", batches, {{"Authorization", "Bearer wrong"}});
  EXPECT_EQ(r->status, 429);
  EXPECT_GT(std::stoi(r->get_header_value("Retry-After")), 5);
  EXPECT_EQ(words(r).find("Too many wrong tokens from this address"), 0u);
  EXPECT_EQ(status("GET", batches, "reader"), 200);
  EXPECT_EQ(status("GET", batches), 401) << "no token is no wrong token";
}

TEST_F(AccessHttpTest, AWrongTokenIsRefusedEvenWhereNoneIsAskedFor) {
  EXPECT_EQ(status("GET", batches, "wrong"), 401);
  EXPECT_EQ(send("GET", batches, {{"Authorization", "Basic eA=="}})->status,
            200);
}

TEST_F(AccessHttpTest, SendersAndListsGoByTheName) {
  add_all();
  f.posted.clear();
  httplib::Headers own{{"Authorization", "bearer own"}}; // any case
  auto r = client->Post(batches, own,
                        httplib::MultipartFormDataItems{file("n.txt")});
  ASSERT_TRUE(r);
  EXPECT_EQ(r->status, 202);
  EXPECT_EQ(f.posted.at(0).owner, "own");
  EXPECT_TRUE(f.posted.at(0).own_only);
  send("GET", batches, own);
  EXPECT_EQ(f.asked.owner, "own");
  send("GET", batches, {{"Authorization", "Bearer auditor"}});
  EXPECT_EQ(f.asked.owner, std::nullopt);
}

TEST_F(AccessHttpTest, TheQuotaBoardNamesNoBatchesOfOthers) {
  add_all();
  gate_board board;
  board.waiters = {{"b1", 1, {}}, {"mine", 1, {}}};
  f.boards = {board};
  auto waiters = [&](const char* token) {
    auto r = send("GET", "/api/v1/gemini/quota",
                  {{"Authorization", std::string{"Bearer "} + token}});
    std::vector<std::string> ids;
    auto body = json::parse(r->body);
    for (auto& w : body["models"][0]["waiters"])
      ids.push_back(w["batch_id"]);
    return ids;
  };
  EXPECT_EQ(waiters("own"), std::vector<std::string>{"mine"});
  EXPECT_EQ(waiters("reader"), (std::vector<std::string>{"b1", "mine"}));
}

struct SessionTest : AccessHttpTest {
  SessionTest() {
    add_all();
    o.access.proxies = {*parse_network("127.0.0.1")};
  }

  httplib::Result sign_in(httplib::Headers more = {}) {
    more.emplace("Authorization", "Bearer admin");
    return send("POST", "/api/v1/session", more);
  }
};

TEST_F(SessionTest, ATokenOpensASessionThatScriptsCannotRead) {
  auto r = sign_in();
  ASSERT_EQ(r->status, 200);
  EXPECT_EQ(r->get_header_value("Set-Cookie"),
            "vigie=session-admin; Path=/; HttpOnly; SameSite=Strict; "
            "Max-Age=43200");
  EXPECT_EQ(json::parse(r->body)["name"], "admin");
  auto who =
      send("GET", "/api/v1/session", {{"Cookie", "a=b; vigie=session-admin"}});
  EXPECT_EQ(json::parse(who->body)["session"], true);
  EXPECT_EQ(json::parse(who->body)["role"], "admin");
  EXPECT_EQ(send("POST", "/api/v1/session",
                 {{"Cookie", "vigie=session-admin"},
                  {"Sec-Fetch-Site", "same-origin"}})
                ->status,
            401)
      << "a session opens no session";
}

TEST_F(SessionTest, ThroughHttpsTheCookieIsBoundToIt) {
  auto r = sign_in({{"X-Forwarded-Proto", "https"}});
  EXPECT_EQ(r->get_header_value("Set-Cookie"),
            "__Host-vigie=session-admin; Path=/; HttpOnly; SameSite=Strict; "
            "Secure; Max-Age=43200");
  httplib::Headers cookie{{"Cookie", "__Host-vigie=session-admin"}};
  EXPECT_EQ(send("GET", batches, cookie)->status, 401);
  cookie.emplace("X-Forwarded-Proto", "https");
  EXPECT_EQ(send("GET", batches, cookie)->status, 200);
}

TEST_F(SessionTest, SigningOutEndsTheSession) {
  sign_in();
  httplib::Headers cookie{{"Cookie", "vigie=session-admin"},
                          {"Sec-Fetch-Site", "same-origin"}};
  auto r = send("DELETE", "/api/v1/session", cookie);
  EXPECT_EQ(r->status, 204);
  EXPECT_EQ(r->get_header_value("Set-Cookie").find("vigie=; "), 0u);
  EXPECT_NE(r->get_header_value("Set-Cookie").find("Max-Age=0"),
            std::string::npos);
  EXPECT_EQ(send("GET", batches, cookie)->status, 401);
}

TEST_F(SessionTest, AnotherPageCannotBorrowTheSession) {
  sign_in();
  auto cancel = [&](httplib::Headers more) {
    more.emplace("Cookie", "vigie=session-admin");
    return send("POST", batches + "/b1/cancel", more)->status;
  };
  EXPECT_EQ(cancel({{"Sec-Fetch-Site", "same-origin"}}), 202);
  EXPECT_EQ(cancel({{"Origin", "http://127.0.0.1:" + std::to_string(port)}}),
            202);
  EXPECT_EQ(cancel({{"Origin", "http://localhost:5173"}}), 202) << "of ours";
  EXPECT_EQ(cancel({}), 403);
  EXPECT_EQ(cancel({{"Origin", "null"}}), 403);
  EXPECT_EQ(cancel({{"Origin", "http://evil.example"},
                    {"Sec-Fetch-Site", "cross-site"}}),
            403);
  EXPECT_EQ(cancel({{"Origin", "http://127.0.0.1:1"},
                    {"Sec-Fetch-Site", "same-site"}}),
            403)
      << "another server of this host";
  EXPECT_EQ(send("GET", batches, {{"Cookie", "vigie=session-admin"}})->status,
            200);
}

struct LimitTest : AccessHttpTest {
  LimitTest() {
    o.access.per_token = {0.001, 3};
    o.access.per_address = {0.001, 6};
    o.access.proxies = {*parse_network("127.0.0.1")};
  }
};

TEST_F(LimitTest, ATokenAndAnAddressHaveTheirLimits) {
  add_all();
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(status("GET", batches, "reader"), 200);
  auto r = send("GET", batches, {{"Authorization", "Bearer reader"}});
  EXPECT_EQ(r->status, 429);
  EXPECT_EQ(words(r).find("Too many requests of this token"), 0u);
  EXPECT_FALSE(r->get_header_value("Retry-After").empty());
  EXPECT_EQ(status("GET", batches, "auditor"), 200);
  EXPECT_EQ(status("GET", batches), 401);
  r = send("GET", batches, {});
  EXPECT_EQ(r->status, 429);
  EXPECT_EQ(words(r).find("Too many requests of this address"), 0u);
  EXPECT_EQ(status("GET", "/livez"), 200) << "health is never limited";
  EXPECT_EQ(send("GET", batches,
                 {{"Authorization", "Bearer admin"},
                  {"X-Forwarded-For", "203.0.113.5"}})
                ->status,
            200)
      << "another client behind the proxy";
}

TEST_F(LimitTest, LoopbackWithoutTokensHasNone) {
  for (int i = 0; i < 20; ++i)
    ASSERT_EQ(status("GET", batches), 200);
}

TEST_F(AccessHttpTest, EveryAnswerHasItsSecurityHeaders) {
  for (auto path : {"/", "/livez", "/nowhere", "/api/v1/nowhere",
                    "/api/v1/ingestion/batches"}) {
    auto r = client->Get(path);
    EXPECT_EQ(r->get_header_value("X-Content-Type-Options"), "nosniff");
    EXPECT_EQ(r->get_header_value("Referrer-Policy"), "no-referrer") << path;
    EXPECT_EQ(r->get_header_value("X-Frame-Options"), "DENY") << path;
    EXPECT_EQ(r->get_header_value_count("Content-Security-Policy"), 1u);
    EXPECT_NE(r->get_header_value("Content-Security-Policy")
                  .find("frame-ancestors 'none'"),
              std::string::npos);
  }
  auto bad = ask("GET / HTTP/9\r\nHost: h\r\n\r\n");
  EXPECT_NE(bad.find("Referrer-Policy: no-referrer"), std::string::npos) << bad;
  auto stream = ask("GET /api/v1/ingestion/events HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_NE(stream.find("X-Frame-Options: DENY"), std::string::npos) << stream;
}

} // namespace
