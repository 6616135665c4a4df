#include "domain/names.hpp"

#include <gtest/gtest.h>

using namespace vigie;

TEST(NamesTest, ABatchNeverTakesANameOfTheDatabase) {
  for (auto id : {"reports", "REPORTS", "vigie.db", "vigie.db-journal",
                  "vigie.db-wal", "Vigie.DB-shm", "vigie.db.new"})
    EXPECT_TRUE(reserved_batch_id(id)) << id;
  for (auto id : {"vigie", "vigie.d", "report", "my-vigie.db"})
    EXPECT_FALSE(reserved_batch_id(id)) << id;
  EXPECT_TRUE(named_after("old.DB-journal", "old.db"));
}
