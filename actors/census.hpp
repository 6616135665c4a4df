#pragma once

#include "actors/meter.hpp"

#include <array>
#include <mutex>
#include <vector>

namespace vigie {

/// What a meter said at one moment.
struct meter_reading {
  meter_tag tag;
  caf::actor_addr who; ///< Weak: it may be gone by now.
  uint64_t id = 0;
  uint64_t mailbox = 0;
  uint64_t handled = 0;
  caf::atom_value what{};
  bool busy = false;
  uint32_t restarts = 0;
  meter::nanos since{}, asked{}; ///< By meter::now().

  actor_view view() const;
};

/// Every metered actor of this process. Thread-safe. Who is born or ends takes
/// a lock for a moment; who works takes none. For gauges: totals(), which
/// copies no reading.
class census {
public:
  static census& here();

  void add(meter& m, const caf::actor_addr& who);
  /// After this nobody reads it. May be called again.
  void remove(meter& m);
  /// All of them, in no order.
  std::vector<meter_reading> read();
  /// By kind; those that nobody is of are left out.
  std::vector<kind_total> totals();
  /// Asks an actor that has no question out. Any thread.
  void ask(const meter_reading& whom);

private:
  struct shard {
    std::mutex lock;
    meter* first = nullptr;
  };

  shard& of(const meter& m) { return shards_[m.id_ % shards_.size()]; }
  static meter_reading read(const meter& m);

  std::array<shard, 16> shards_;
};

} // namespace vigie
