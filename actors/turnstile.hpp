#pragma once

#include <memory>

namespace vigie {

/// How many things of a kind are under way. Belongs to one actor.
class turnstile {
public:
  using ticket = std::shared_ptr<void>; ///< In while it lives.

  /// Null when `most` are in.
  ticket enter(unsigned most) {
    if (*inside_ >= most)
      return nullptr;
    ++*inside_;
    return {inside_.get(), [n = inside_](void*) { --*n; }};
  }
  unsigned inside() const { return *inside_; }

private:
  std::shared_ptr<unsigned> inside_ = std::make_shared<unsigned>(0);
};

} // namespace vigie
