#include "remote/peer_roll.hpp"

#include <utility>

namespace vigie {

namespace {

std::string key_of(bytes_view node) {
  return {reinterpret_cast<const char*>(node.data()), node.size()};
}

} // namespace

std::optional<std::string> peer_roll::enter(bytes_view node,
                                            const std::string& serial,
                                            std::function<void()> cut,
                                            const std::atomic<uint64_t>& sent) {
  std::lock_guard lock{guard_};
  auto [at, fresh] = here_.try_emplace(key_of(node));
  if (fresh) {
    at->second = {serial, std::move(cut), &sent};
    return std::nullopt;
  }
  if (at->second.serial != serial)
    return "has the node id of another peer";
  at->second.cut();
  return "is connected already; the older connection is cut";
}

void peer_roll::leave(bytes_view node) {
  std::lock_guard lock{guard_};
  here_.erase(key_of(node));
}

uint64_t peer_roll::sent_to(const std::string& node) const {
  std::lock_guard lock{guard_};
  auto at = here_.find(node);
  return at == here_.end() ? 0 : at->second.sent->load();
}

std::string peer_roll::serial_of(const std::string& node) const {
  std::lock_guard lock{guard_};
  auto at = here_.find(node);
  return at == here_.end() ? std::string{} : at->second.serial;
}

} // namespace vigie
