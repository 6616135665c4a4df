// The document of the API against the router and the tables of domain/.

#include "fixture.hpp"

#include "domain/stages.hpp"
#include "http/page.hpp"
#include "http/routes.hpp"

#include <map>
#include <regex>
#include <set>

using namespace vigie;

namespace {

json document() {
  for (auto& a : web_assets())
    if (a.path == "/openapi.json")
      return json::parse(a.bytes);
  throw std::runtime_error{"no /openapi.json among the assets"};
}

/// `/a/{b}` as the router writes it.
std::string pattern_of(const std::string& path) {
  auto escaped = std::regex_replace(path, std::regex{"\\."}, "\\.");
  return std::regex_replace(escaped, std::regex{"\\{[^}]+\\}"}, "([^/]+)");
}

std::string methods_of(const json& path) {
  std::set<std::string> found;
  for (auto& [name, operation] : path.items())
    if (operation.contains("responses"))
      found.insert(name);
  std::string out;
  for (auto name : {"post", "get", "delete"})
    if (found.count(name))
      out += std::string{name} + ' ';
  return out;
}

/// As methods_of() writes them.
std::string routed(const std::string& allow) {
  std::string out;
  for (auto [name, called] :
       {std::pair{"POST", "post "}, {"GET", "get "}, {"DELETE", "delete "}})
    if (allow.find(name) != allow.npos)
      out += called;
  return out;
}

struct Openapi : HttpTest {
  std::map<std::string, std::string> documented, served;

  void SetUp() override {
    auto whole = document();
    for (auto& [path, what] : whole.at("paths").items())
      documented[pattern_of(path)] = methods_of(what);
    httplib::Server unused;
    router r{unused};
    add_routes(r, o, http_ports{f, f, f, f, f, f, f, f, nullptr, &f});
    for (auto& line : r.list()) {
      auto end = line.rfind(' ');
      served[line.substr(end + 1)] = routed(line.substr(0, end));
    }
    // Files of a page are not documented one by one.
    for (auto& a : web_assets())
      if (a.path != "/openapi.json")
        served.erase(pattern_of(std::string{a.path}));
  }
};

TEST_F(Openapi, DocumentsEveryRouteAndNoOther) {
  EXPECT_EQ(documented, served);
}

std::set<std::string> names_in(const json& schema) {
  std::set<std::string> out;
  for (auto& name : schema.at("enum"))
    out.insert(name);
  return out;
}

TEST(OpenapiNames, OfProblemsAreThoseOfTheTable) {
  std::set<std::string> table;
  for (auto& row : problems)
    table.insert("/problems/" + std::string{row.name});
  EXPECT_EQ(
      names_in(
          document()
              ["/components/schemas/Problem/properties/type"_json_pointer]),
      table);
}

TEST(OpenapiNames, OfEventsAreThoseOfTheTable) {
  std::set<std::string> table;
  for (auto& row : event_rows())
    table.insert(std::string{row.code});
  EXPECT_EQ(names_in(document()["/components/schemas/EventCode"_json_pointer]),
            table);
}

} // namespace
