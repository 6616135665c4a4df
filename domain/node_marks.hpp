#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <utility>

namespace vigie {

struct bench_rules {
  std::size_t most = 3; ///< Files in a row; then the node is benched.
  /// As long as all of them are of one batch: it may be the files.
  std::chrono::seconds of_one_batch{2};
  std::chrono::seconds first{30};
  std::chrono::seconds longest{600}; ///< The pause doubles up to this.
};

/// What speaks against a node: files that broke their slots there, one after
/// another, with no answer in between. A node that collects too many of them is
/// benched: it gets no work for a pause, then one job at a time until it
/// answers one. Pure.
class node_marks {
public:
  using time = std::chrono::steady_clock::time_point;
  using file_key = std::pair<std::string, int64_t>; ///< Batch, file.

  explicit node_marks(bench_rules rules = {}) : rules_(rules) {}

  /// A slot ended at this file. `fresh`: for the first time on this node; a
  /// file that broke here before says more of itself than of the node. True:
  /// the node is benched by it.
  bool broke(const file_key& file, bool fresh, time now);
  /// It has answered: nothing speaks against it any more. True: it was benched,
  /// or on trial.
  bool answered();

  bool benched(time now) const { return now < until_; }
  /// From the bench to the next answer.
  bool in_doubt() const { return pause_.count() > 0; }
  /// All of one batch: it may be the files, so others may still come.
  bool one_batch() const {
    return files_.empty() || files_.begin()->first == files_.rbegin()->first;
  }
  /// It is benched, as far as this batch goes.
  bool refuses(const std::string& batch, time now) const {
    return benched(now)
           && (!one_batch() || files_.empty()
               || files_.begin()->first == batch);
  }
  /// After the pause.
  bool on_trial(time now) const { return pause_.count() > 0 && !benched(now); }
  std::chrono::milliseconds left(time now) const;
  std::chrono::seconds pause() const { return pause_; }
  std::size_t files() const { return files_.size(); }
  /// Nothing of it needs to be remembered any more.
  bool over(time now) const { return now > until_ + 2 * rules_.longest; }

private:
  bench_rules rules_;
  std::set<file_key> files_;
  std::chrono::seconds pause_{0}; ///< 0: not benched since it answered.
  time until_{};
};

} // namespace vigie
