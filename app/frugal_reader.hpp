#pragma once

#include <caf/all.hpp>

#include <cstddef>
#include <cstdint>
#include <string>

namespace vigie {

/// CAF's reader for bytes that may be what a hostile file wants them to be: 16
/// MiB of empty strings in a list would become half a gigabyte. Ends with an
/// error at a list longer than what is left of `most_items` in all.
class frugal_reader : public caf::deserializer {
public:
  static constexpr std::size_t most_items = 200'000;

  explicit frugal_reader(const std::string& bytes)
      : in_(nullptr, bytes.data(), bytes.size()) {}
  bool at_end() const { return in_.remaining() == 0; }

  caf::error begin_object(uint16_t& number, std::string& name) override {
    return in_.begin_object(number, name);
  }
  caf::error end_object() override { return in_.end_object(); }
  caf::error begin_sequence(std::size_t& n) override {
    if (auto bad = in_.begin_sequence(n))
      return bad;
    if (n > left_)
      return caf::make_error(caf::sec::end_of_stream);
    left_ -= n;
    return caf::none;
  }
  caf::error end_sequence() override { return in_.end_sequence(); }
  caf::error apply_raw(std::size_t n, void* to) override {
    return in_.apply_raw(n, to);
  }

protected:
  caf::error apply_impl(int8_t& x) override { return in_.apply(x); }
  caf::error apply_impl(uint8_t& x) override { return in_.apply(x); }
  caf::error apply_impl(int16_t& x) override { return in_.apply(x); }
  caf::error apply_impl(uint16_t& x) override { return in_.apply(x); }
  caf::error apply_impl(int32_t& x) override { return in_.apply(x); }
  caf::error apply_impl(uint32_t& x) override { return in_.apply(x); }
  caf::error apply_impl(int64_t& x) override { return in_.apply(x); }
  caf::error apply_impl(uint64_t& x) override { return in_.apply(x); }
  caf::error apply_impl(float& x) override { return in_.apply(x); }
  caf::error apply_impl(double& x) override { return in_.apply(x); }
  caf::error apply_impl(long double& x) override { return in_.apply(x); }
  caf::error apply_impl(std::string& x) override { return in_.apply(x); }
  caf::error apply_impl(std::u16string& x) override { return in_.apply(x); }
  caf::error apply_impl(std::u32string& x) override { return in_.apply(x); }

private:
  caf::binary_deserializer in_;
  std::size_t left_ = most_items;
};

} // namespace vigie
