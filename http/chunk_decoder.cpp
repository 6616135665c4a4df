#include "http/chunk_decoder.hpp"

#include <algorithm>

namespace vigie {

namespace {

constexpr unsigned most_digits = 12;
constexpr unsigned longest_extension = 200;

int hex(char c) {
  if (c >= '0' && c <= '9')
    return c - '0';
  if (c >= 'a' && c <= 'f')
    return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

} // namespace

chunk_decoder::verdict chunk_decoder::size_char(char c) {
  if (auto digit = hex(c); digit >= 0) {
    if (++digits_ > most_digits)
      return verdict::too_large;
    chunk_ = chunk_ * 16 + static_cast<unsigned>(digit);
    return verdict::more;
  }
  if (digits_ == 0 || (c != '\r' && c != ';'))
    return verdict::broken;
  at_ = c == ';' ? part::extension : part::size_lf;
  return verdict::more;
}

chunk_decoder::verdict chunk_decoder::step(char c) {
  auto expect = [&](char wanted, part next) {
    at_ = next;
    return c == wanted ? verdict::more : verdict::broken;
  };
  switch (at_) {
  case part::size:
    return size_char(c);
  case part::extension:
    if (c == '\r')
      at_ = part::size_lf;
    return ++extra_ > longest_extension || c == '\n' ? verdict::broken
                                                     : verdict::more;
  case part::size_lf:
    if (chunk_ > left_)
      return verdict::too_large;
    left_ -= chunk_;
    digits_ = extra_ = 0;
    return expect('\n', chunk_ == 0 ? part::end_cr : part::data);
  case part::data: // decode() takes these
    break;
  case part::data_cr:
    return expect('\r', part::data_lf);
  case part::data_lf:
    return expect('\n', part::size);
  case part::end_cr: // trailers are of no use here: refused
    return expect('\r', part::end_lf);
  case part::end_lf:
    return c == '\n' ? verdict::complete : verdict::broken;
  }
  return verdict::broken;
}

chunk_decoder::verdict chunk_decoder::decode(std::string_view bytes,
                                             std::span<char> to,
                                             std::size_t& used,
                                             std::size_t& made) {
  used = made = 0;
  while (used < bytes.size()) {
    if (at_ != part::data) {
      auto said = step(bytes[used++]);
      if (said != verdict::more)
        return said;
      continue;
    }
    auto n = static_cast<std::size_t>(
        std::min<uint64_t>({chunk_, bytes.size() - used, to.size() - made}));
    if (n == 0)
      return verdict::more; // `to` is full
    bytes.copy(to.data() + made, n, used);
    used += n;
    made += n;
    chunk_ -= n;
    if (chunk_ == 0)
      at_ = part::data_cr;
  }
  return verdict::more;
}

} // namespace vigie
