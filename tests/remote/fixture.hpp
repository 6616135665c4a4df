#pragma once

#include "remote/peer_register.hpp"
#include "remote/pki.hpp"

#include <gtest/gtest.h>

#include <stdlib.h>

#include <fstream>
#include <sstream>

namespace vigie {

/// A folder of its own, gone afterwards, and a clock that tests turn.
class pki_fixture : public ::testing::Test {
protected:
  pki_fixture() {
    char name[] = "/tmp/vigie-remote-XXXXXX";
    root = ::mkdtemp(name);
    pki = root / ".pki";
  }
  ~pki_fixture() override { std::filesystem::remove_all(root); }

  peer_register reg() {
    return peer_register{pki, [this] { return now; }};
  }
  issued_peer issue(const std::string& name, int days = 365) {
    auto made = reg().issue(name, peer_role::node, std::chrono::days{days});
    EXPECT_TRUE(made) << made.why().detail;
    return made.value();
  }
  /// Issues and writes the bundle; answers its path.
  std::filesystem::path bundle_of(const std::string& name, int days = 365) {
    auto path = root / (name + ".pem");
    std::ofstream{path} << issue(name, days).bundle;
    return path;
  }
  static std::string text_of(const std::filesystem::path& path) {
    std::ostringstream all;
    all << std::ifstream{path}.rdbuf();
    return all.str();
  }
  static unsigned mode_of(const std::filesystem::path& path) {
    return static_cast<unsigned>(std::filesystem::status(path).permissions());
  }

  std::filesystem::path root, pki;
  utc_time now = utc_now();
};

} // namespace vigie
