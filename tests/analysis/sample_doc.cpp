#include "tests/analysis/samples.hpp"

#include <cstdint>

namespace vigie::samples {

namespace {

constexpr uint64_t unused = 0xFFFFFFFF, last = 0xFFFFFFFE;
constexpr std::size_t sector = 512;

std::string little(uint64_t x, int bytes) {
  std::string out;
  for (int i = 0; i < bytes; ++i)
    out += static_cast<char>(x >> (8 * i) & 0xFF);
  return out;
}

std::string padded(std::string s, std::size_t size) {
  s.resize(size, '\0');
  return s;
}

void put(std::string& s, std::size_t at, uint64_t x, int bytes) {
  s.replace(at, static_cast<std::size_t>(bytes), little(x, bytes));
}

std::string entry(const std::string& name, int kind, uint64_t child,
                  uint64_t start, uint64_t size) {
  auto wide = name.empty() ? "" : utf16(name, true) + std::string(2, '\0');
  return padded(wide, 64) + little(wide.size(), 2)
         + little(static_cast<uint64_t>(kind), 1) + little(1, 1)
         + little(unused, 4) + little(unused, 4) + little(child, 4)
         + std::string(36, '\0') + little(start, 4) + little(size, 8);
}

/// The text behind the FIB of Word 6.
std::string word_stream(const std::string& text) {
  auto body = text + '\r';
  std::string fib(0x300, '\0');
  put(fib, 0, 0xA5DC, 2);
  put(fib, 2, 101, 2);
  put(fib, 6, 0x40C, 2);
  put(fib, 0x18, 0x300, 4);
  put(fib, 0x1C, 0x300 + body.size(), 4);
  put(fib, 0x20, 4'096, 4);
  put(fib, 0x34, body.size(), 4);
  return padded(fib + body, 4'096);
}

} // namespace

std::string doc(const std::string& text) {
  auto stream = word_stream(text);
  std::string head = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1" + std::string(16, '\0');
  for (auto x : {0x3E, 3, 0xFFFE, 9, 6})
    head += little(static_cast<uint64_t>(x), 2);
  head += std::string(6, '\0');
  for (uint64_t x :
       {uint64_t{0}, uint64_t{1}, uint64_t{1}, uint64_t{0}, uint64_t{4'096},
        last, uint64_t{0}, last, uint64_t{0}, uint64_t{0}})
    head += little(x, 4);
  while (head.size() < sector)
    head += little(unused, 4);
  std::string fat = little(0xFFFFFFFD, 4) + little(last, 4);
  for (std::size_t i = 3; i < 2 + stream.size() / sector; ++i)
    fat += little(i, 4);
  fat += little(last, 4);
  while (fat.size() < sector)
    fat += little(unused, 4);
  return head + fat + entry("Root Entry", 5, 1, last, 0)
         + entry("WordDocument", 2, unused, 2, stream.size())
         + entry("", 0, unused, 0, 0) + entry("", 0, unused, 0, 0) + stream;
}

} // namespace vigie::samples
