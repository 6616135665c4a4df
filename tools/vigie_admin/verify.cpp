#include "tools/vigie_admin/verify.hpp"

#include <cstdio>
#include <utility>

namespace vigie {

namespace {

void tell(const verify_page& sum) {
  std::fprintf(stderr, "\r%llu of %llu",
               static_cast<unsigned long long>(sum.files + sum.reports),
               static_cast<unsigned long long>(sum.total));
  std::fflush(stderr);
}

} // namespace

outcome<admin_answer> verify_all(const verify_source& ask, bool progress) {
  admin_answer out;
  auto& sum = out.verified;
  do {
    auto got = ask(sum.next);
    if (!got) {
      if (progress)
        std::fputs("\n", stderr);
      return got.why();
    }
    auto& page = got.value().verified;
    sum.files += page.files;
    sum.reports += page.reports;
    sum.bytes += page.bytes;
    sum.total += page.total;
    sum.next = page.next;
    sum.faults.insert(sum.faults.end(), page.faults.begin(), page.faults.end());
    if (progress)
      tell(sum);
  } while (!sum.next.empty());
  if (progress)
    std::fputs("\r\x1b[K", stderr);
  return out;
}

} // namespace vigie
