#pragma once

#include "storage/blob_store.hpp"
#include "storage/sqlite_reader.hpp"
#include "storage/sqlite_store.hpp"

#include "domain/stages.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>

namespace vigie {

namespace fs = std::filesystem;

/// A store and a reader on a folder of their own.
class StoreTest : public ::testing::Test {
protected:
  void SetUp() override {
    auto pattern = (fs::temp_directory_path() / "vigie-XXXXXX").string();
    root = mkdtemp(pattern.data());
    open();
  }

  void TearDown() override {
    store.reset();
    reading.reset();
    fs::remove_all(root);
  }

  void open() {
    options = {root / "vigie.db", root};
    auto opened = open_store(options);
    ASSERT_TRUE(opened) << opened.why().detail;
    store = std::move(opened).value();
    reading = std::move(open_reader(options)).value();
    blobs = make_blob_store(root);
  }

  new_batch staged(std::string id, std::string name, std::string bytes) {
    new_batch b;
    b.id = {std::move(id)};
    b.created_at = utc_now();
    auto up = std::move(blobs->stage()).value();
    EXPECT_TRUE(up->begin(name));
    EXPECT_TRUE(up->write(bytes));
    b.files.push_back(std::move(up->end()).value());
    b.files.back().content_type = "text/plain";
    b.staging_dir = std::move(up->release()).value();
    return b;
  }

  outcome<change_answer> apply(change c) {
    return std::move(store->apply({std::move(c)}).front());
  }

  outcome<change_answer> post(std::string id, std::string bytes = "hello") {
    auto b = staged(std::move(id), "n.txt", std::move(bytes));
    auto event = draft("ingestion:received", b.created_at, {});
    return apply({b.id, b, {event}});
  }

  bool staging_is_empty() { return fs::is_empty(root / ".staging"); }

  fs::path root;
  store_options options;
  std::unique_ptr<batch_store> store;
  std::unique_ptr<reader> reading;
  std::unique_ptr<blob_store> blobs;
};

inline file_result result_of(file_id file, stage what = stage::text,
                             bool ok = true) {
  file_result r;
  r.file = file;
  r.what = what;
  r.input_hash = "h";
  r.result.ok = ok;
  r.result.error_code = ok ? "" : "ocr-failed";
  return r;
}

} // namespace vigie
