#include "tools/vigie_admin/commands.hpp"
#include "tools/vigie_admin/options.hpp"
#include "tools/vigie_admin/verify.hpp"

#include <gtest/gtest.h>

using namespace vigie;
using namespace std::chrono_literals;

namespace {

using words = std::vector<std::string>;

outcome<admin_options> parse(words more) {
  words all{"--connect", "h:1", "--bundle", "b.pem"};
  all.insert(all.end(), more.begin(), more.end());
  return admin_options::parse(all);
}

TEST(AdminOptionsTest, FlagsBelongToTheirCommand) {
  auto o = parse({"actors", "--limit", "7", "--kind", "slot"});
  ASSERT_TRUE(o) << o.why().detail;
  EXPECT_EQ(o.value().args(), (words{"kind=slot", "limit=7"}));
  EXPECT_EQ(parse({"nodes", "--limit", "7"}).why().detail,
            "--limit: not for nodes");
  EXPECT_EQ(parse({"actors", "--limit", "1001"}).why().detail,
            "--limit 1001: from 1 to 1000");
  EXPECT_EQ(parse({"batches", "--limit", "201"}).why().detail,
            "--limit 201: from 1 to 200");
  EXPECT_EQ(parse({"actors", "--limit", "7x"}).why().detail,
            "--limit 7x: from 1 to 1000");
  EXPECT_EQ(parse({"batches", "--status", "done"}).why().detail,
            "--status done: processing, completed, failed, cancelled or all");
}

TEST(AdminOptionsTest, BatchesAreThoseAtWorkUnlessAskedOtherwise) {
  EXPECT_EQ(parse({"batches"}).value().args(), words{"status=processing"});
  EXPECT_EQ(parse({"batches", "--status", "all"}).value().args(),
            words{"status=all"});
}

TEST(AdminOptionsTest, TheIntervalOfTopIsNotTheServersBusiness) {
  auto o = parse({"top", "--interval", "5"});
  ASSERT_TRUE(o) << o.why().detail;
  EXPECT_EQ(o.value().interval, 5s);
  EXPECT_TRUE(o.value().args().empty());
  EXPECT_FALSE(parse({"top", "--interval", "0"}));
}

TEST(AdminOptionsTest, CompletionNeedsNoServer) {
  EXPECT_TRUE(admin_options::parse({"completion", "bash"}));
  EXPECT_EQ(admin_options::parse({"completion", "tcsh"}).why().detail,
            "completion tcsh: bash is the one there is");
  EXPECT_EQ(admin_options::parse({"completion"}).why().detail,
            "usage: completion SHELL");
}

TEST(CommandsTest, WhoLooksForABackupIsToldWhereItIsMade) {
  for (auto& wanted : {words{"backup"}, words{"backup", "/srv/b"}})
    EXPECT_EQ(parse(wanted).why().detail,
              "backup: is made where the files are, by `vigied backup DEST` on "
              "the server");
}

TEST(CommandsTest, EveryCommandIsInTheHelpAndTheCompletion) {
  auto help = admin_usage(), bash = bash_completion();
  for (auto& c : commands()) {
    EXPECT_NE(help.find("  " + c.form() + "  "), help.npos) << c.form();
    EXPECT_NE(bash.find(c.begins[0]), bash.npos);
    for (auto& flag : c.flags)
      EXPECT_NE(help.find(flag), help.npos) << flag;
  }
  EXPECT_NE(bash.find("store_keeper"), bash.npos);
}

TEST(VerifyTest, PagesAreAskedForUntilTheLastOne) {
  words asked;
  auto sum = verify_all(
      [&](const std::string& from) -> outcome<admin_answer> {
        asked.push_back(from);
        admin_answer page;
        page.verified.files = 2;
        page.verified.faults.push_back({"b", "file", from, "missing"});
        page.verified.next =
            asked.size() < 3 ? "f" + std::to_string(asked.size()) : "";
        return page;
      },
      false);
  ASSERT_TRUE(sum);
  EXPECT_EQ(asked, (words{"", "f1", "f2"}));
  EXPECT_EQ(sum.value().verified.files, 6u);
  EXPECT_EQ(sum.value().verified.faults.size(), 3u);
}

TEST(VerifyTest, AServerThatGoesAwayEndsIt) {
  auto sum = verify_all(
      [](const std::string&) -> outcome<admin_answer> {
        return problem{code::internal, "gone"};
      },
      false);
  ASSERT_FALSE(sum);
  EXPECT_EQ(sum.why().detail, "gone");
}

} // namespace
