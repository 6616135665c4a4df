#include "analysis/sandbox_parts.hpp"
#include "analysis/tool_box.hpp"

#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <initializer_list>
#include <vector>

namespace vigie::sandbox {

namespace {

/// Allowed with whatever arguments: they reach this process, its children,
/// and files that the user and Landlock let it open. A kind a line.
constexpr int harmless[] = {
    // clang-format off
    // files by descriptor
    SCMP_SYS(read), SCMP_SYS(readv), SCMP_SYS(pread64), SCMP_SYS(preadv),
    SCMP_SYS(write), SCMP_SYS(writev), SCMP_SYS(pwrite64), SCMP_SYS(pwritev),
    SCMP_SYS(lseek), SCMP_SYS(ftruncate), SCMP_SYS(fsync), SCMP_SYS(fdatasync),
    SCMP_SYS(fadvise64), SCMP_SYS(fallocate), SCMP_SYS(flock),
    SCMP_SYS(sendfile), SCMP_SYS(copy_file_range), SCMP_SYS(close),
    SCMP_SYS(close_range), SCMP_SYS(dup), SCMP_SYS(dup2), SCMP_SYS(dup3),
    SCMP_SYS(pipe), SCMP_SYS(pipe2), SCMP_SYS(poll), SCMP_SYS(ppoll),
    SCMP_SYS(select), SCMP_SYS(pselect6), SCMP_SYS(eventfd2),
    // files by name
    SCMP_SYS(open), SCMP_SYS(openat), SCMP_SYS(stat), SCMP_SYS(lstat),
    SCMP_SYS(fstat), SCMP_SYS(newfstatat), SCMP_SYS(statx), SCMP_SYS(statfs),
    SCMP_SYS(fstatfs), SCMP_SYS(access), SCMP_SYS(faccessat),
    SCMP_SYS(faccessat2), SCMP_SYS(readlink), SCMP_SYS(readlinkat),
    SCMP_SYS(getdents64), SCMP_SYS(getcwd), SCMP_SYS(mkdir), SCMP_SYS(mkdirat),
    SCMP_SYS(rmdir), SCMP_SYS(unlink), SCMP_SYS(unlinkat), SCMP_SYS(rename),
    SCMP_SYS(renameat), SCMP_SYS(renameat2), SCMP_SYS(umask),
    // memory that is not mapped at an address of the caller's choice
    SCMP_SYS(brk), SCMP_SYS(membarrier), SCMP_SYS(mincore),
    // threads and children
    SCMP_SYS(exit), SCMP_SYS(exit_group), SCMP_SYS(fork), SCMP_SYS(vfork),
    SCMP_SYS(wait4), SCMP_SYS(waitid), SCMP_SYS(futex), SCMP_SYS(rseq),
    SCMP_SYS(set_tid_address), SCMP_SYS(set_robust_list),
    SCMP_SYS(sched_yield), SCMP_SYS(sched_getaffinity), SCMP_SYS(getcpu),
    // signals of its own
    SCMP_SYS(rt_sigaction), SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigreturn),
    SCMP_SYS(rt_sigpending), SCMP_SYS(rt_sigsuspend),
    SCMP_SYS(rt_sigtimedwait), SCMP_SYS(sigaltstack),
    SCMP_SYS(restart_syscall), SCMP_SYS(pause), SCMP_SYS(alarm),
    SCMP_SYS(setitimer), SCMP_SYS(getitimer),
    // time
    SCMP_SYS(clock_gettime), SCMP_SYS(clock_getres), SCMP_SYS(gettimeofday),
    SCMP_SYS(time), SCMP_SYS(nanosleep), SCMP_SYS(clock_nanosleep),
    // questions
    SCMP_SYS(getpid), SCMP_SYS(getppid), SCMP_SYS(gettid), SCMP_SYS(getpgrp),
    SCMP_SYS(getuid), SCMP_SYS(geteuid), SCMP_SYS(getgid), SCMP_SYS(getegid),
    SCMP_SYS(getresuid), SCMP_SYS(getresgid), SCMP_SYS(getgroups),
    SCMP_SYS(getrlimit), SCMP_SYS(getrusage), SCMP_SYS(times),
    SCMP_SYS(sysinfo), SCMP_SYS(uname), SCMP_SYS(getrandom),
    SCMP_SYS(capget),
    // clang-format on
};

using comparisons = std::vector<scmp_arg_cmp>;

scmp_arg_cmp is(unsigned argument, uint64_t value) {
  return {argument, SCMP_CMP_EQ, value, 0};
}
scmp_arg_cmp above(unsigned argument, uint64_t value) {
  return {argument, SCMP_CMP_GT, value, 0};
}
scmp_arg_cmp without(unsigned argument, uint64_t bits) {
  return {argument, SCMP_CMP_MASKED_EQ, bits, 0};
}

/// Rules collected until one fails.
class filter {
public:
  filter() : ctx_(::seccomp_init(SCMP_ACT_ERRNO(EPERM))) {
    if (ctx_ == nullptr)
      error_ = -ENOMEM;
    set(SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
    set(SCMP_FLTATR_CTL_TSYNC, 1);
    set(SCMP_FLTATR_CTL_OPTIMIZE, 2); // a binary tree
  }
  ~filter() { ::seccomp_release(ctx_); }
  filter(const filter&) = delete;
  filter& operator=(const filter&) = delete;

  void allow(int call, const comparisons& when = {}) {
    add(SCMP_ACT_ALLOW, call, when);
  }
  void add(uint32_t action, int call, const comparisons& when) {
    if (error_ == 0)
      error_ = ::seccomp_rule_add_array(
          ctx_, action, call, static_cast<unsigned>(when.size()), when.data());
  }
  int load() { return error_ != 0 ? error_ : ::seccomp_load(ctx_); }

private:
  void set(scmp_filter_attr what, uint32_t value) {
    if (error_ == 0)
      error_ = ::seccomp_attr_set(ctx_, what, value);
  }
  scmp_filter_ctx ctx_;
  int error_ = 0;
};

/// Children and threads of our own world, told to nobody but us. clone3 hides
/// its flags behind a pointer: libc falls back to clone.
void allow_children(filter& f) {
  constexpr uint64_t elsewhere = CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS
                                 | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID
                                 | CLONE_NEWNET | CLONE_PARENT | CLONE_PTRACE
                                 | CLONE_UNTRACED | CLONE_PIDFD;
  f.allow(SCMP_SYS(clone), {without(0, elsewhere)});
  f.add(SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), {});
  auto self = static_cast<uint64_t>(::getpid());
  f.allow(SCMP_SYS(tgkill), {is(0, self)}); // abort
}

/// execve never; execveat of the pinned descriptors. Nothing may be mapped
/// over the empty path, nor below it, from where a mapping could cover it.
void allow_tools(filter& f) {
  constexpr uint64_t path = empty_path_page;
  for (std::size_t i = 0; i < tool_names.size(); ++i)
    f.allow(SCMP_SYS(execveat), {is(0, tool_base + i), is(1, path),
                                 is(4, uint64_t{AT_EMPTY_PATH})});
  f.allow(SCMP_SYS(mmap), {is(0, 0), without(3, MAP_FIXED)});
  for (auto call : {SCMP_SYS(mmap), SCMP_SYS(munmap), SCMP_SYS(mprotect),
                    SCMP_SYS(madvise)})
    f.allow(call, {above(0, path)});
  f.allow(SCMP_SYS(mremap), {above(0, path), without(3, MREMAP_FIXED)});
}

void allow_some_arguments(filter& f) {
  // Not F_SETOWN: it sends signals to others.
  for (auto command : {F_DUPFD, F_DUPFD_CLOEXEC, F_GETFD, F_SETFD, F_GETFL,
                       F_SETFL, F_GETLK, F_SETLK, F_SETLKW})
    f.allow(SCMP_SYS(fcntl), {is(1, static_cast<uint64_t>(command))});
  for (auto question : {TCGETS, FIONREAD})
    f.allow(SCMP_SYS(ioctl), {is(1, question)});
  for (auto option : {PR_SET_PDEATHSIG, PR_SET_NAME, PR_GET_NAME,
                      PR_GET_DUMPABLE, PR_CAPBSET_READ, PR_GET_NO_NEW_PRIVS})
    f.allow(SCMP_SYS(prctl), {is(0, static_cast<uint64_t>(option))});
  f.allow(SCMP_SYS(arch_prctl), {is(0, 0x1002)}); // ARCH_SET_FS of the loader
  // Its own limits: read all, set the CPU time of a tool (only ever lower).
  f.allow(SCMP_SYS(prlimit64), {is(0, 0), is(2, 0)});
  f.allow(SCMP_SYS(prlimit64), {is(0, 0), is(1, RLIMIT_CPU)});
}

} // namespace

outcome<done> load_filter() {
  filter f;
  for (auto call : harmless)
    f.allow(call);
  allow_children(f);
  allow_tools(f);
  allow_some_arguments(f);
  if (auto error = f.load(); error != 0) {
    errno = -error;
    return cannot("load the system call filter");
  }
  return done{};
}

} // namespace vigie::sandbox
