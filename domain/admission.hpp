#pragma once

#include "domain/batch.hpp"
#include "domain/outcome.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>

namespace vigie {

struct admission_limits {
  std::size_t batches = 1'000;         ///< Unfinished at once.
  uint64_t bytes = uint64_t{20} << 30; ///< Their evidence; 0: no limit.
};

/// Who may come in: counts what is unfinished and what is on its way in.
/// Pure; owned by FRONT.
class admission {
public:
  explicit admission(admission_limits limits = {}) : limits_(limits) {}

  /// An upload begins (`first`), or turns out larger by `bytes`: it is counted,
  /// or refused with when to come again.
  std::optional<problem> arrive(uint64_t bytes, bool first, utc_time now);
  /// It is over, whatever came of it.
  void depart(uint64_t bytes);

  /// Exact, for a batch that is whole: what still arrives does not count.
  std::optional<problem> refuses(const batch_id& id, uint64_t bytes,
                                 utc_time now) const;
  /// A batch is at work from now on.
  void begin(const batch_id& id, uint64_t bytes);
  /// It is not, or not any more; true if it was.
  bool leave(const batch_id& id);
  /// It has ended: from the pace of such ends comes when to ask again.
  void end(const batch_id& id, utc_time now);

  std::size_t batches() const { return at_work_.size(); }
  uint64_t bytes() const { return bytes_; }
  std::size_t arriving() const { return arriving_; }
  bool full() const { return at_work_.size() >= limits_.batches || crowded(); }

private:
  struct ending {
    utc_time at{};
    uint64_t bytes = 0;
  };

  bool crowded() const { return limits_.bytes > 0 && bytes_ >= limits_.bytes; }
  std::optional<problem> weigh(std::size_t batches, uint64_t bytes,
                               std::size_t more, uint64_t more_bytes,
                               utc_time now) const;
  std::chrono::seconds wait_for(std::size_t batches, uint64_t bytes,
                                utc_time now) const;

  admission_limits limits_;
  std::map<batch_id, uint64_t> at_work_;
  uint64_t bytes_ = 0;          ///< Of what is at work.
  std::size_t arriving_ = 0;    ///< Uploads.
  uint64_t arriving_bytes_ = 0; ///< Announced, or come so far.
  std::deque<ending> ended_;    ///< The last few.
};

} // namespace vigie
