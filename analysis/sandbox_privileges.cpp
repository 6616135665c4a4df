#include "analysis/sandbox_parts.hpp"

#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace vigie::sandbox {

namespace {

struct capability_sets {
  __user_cap_header_struct head{_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct sets[_LINUX_CAPABILITY_U32S_3]{};
};

} // namespace

outcome<done> drop_privileges() {
  ::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
  // Needs CAP_SETPCAP, which only somebody has who has something to lose.
  // Without it no_new_privs is what keeps exec from giving any.
  for (int n = 0; ::prctl(PR_CAPBSET_READ, n, 0, 0, 0) >= 0; ++n)
    ::prctl(PR_CAPBSET_DROP, n, 0, 0, 0);
  capability_sets none;
  if (::syscall(SYS_capset, &none.head, none.sets) != 0)
    return cannot("drop the capabilities");
  capability_sets left;
  if (::syscall(SYS_capget, &left.head, left.sets) != 0)
    return cannot("read the capabilities");
  for (auto& set : left.sets)
    if ((set.effective | set.permitted | set.inheritable) != 0)
      return problem{code::internal, "sandbox: capabilities are left"};
  return done{};
}

} // namespace vigie::sandbox
