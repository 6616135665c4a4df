#include "analysis/sandbox.hpp"

#include "tests/analysis/confined.hpp"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <linux/capability.h>
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>

using namespace vigie;
using samples::confined;
using samples::refusals;

namespace {

class SandboxTest : public samples::sandbox_test {};

TEST_F(SandboxTest, NoSocketCanBeMade) {
  int before[2];
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, before), 0);
  sandbox_limits limits;
  limits.keep = {before[0]};
  auto end = confined(
      [&] {
        refusals r;
        int ends[2];
        char byte = 0;
        for (auto family : {AF_UNIX, AF_INET, AF_INET6, AF_NETLINK, AF_PACKET})
          r.expect("socket", ::socket(family, SOCK_DGRAM, 0));
        r.expect("pair", ::socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
        r.expect("connect", ::connect(before[0], nullptr, 0));
        r.expect("accept", ::accept4(before[0], nullptr, nullptr, 0));
        r.expect("send", ::send(before[0], &byte, 1, 0));
        r.expect("recv", ::recv(before[0], &byte, 1, MSG_DONTWAIT));
        msghdr nothing{};
        r.expect("sendmsg", ::sendmsg(before[0], &nothing, 0));
        r.expect("recvmsg", ::recvmsg(before[0], &nothing, MSG_DONTWAIT));
        return r.list();
      },
      limits);
  EXPECT_EQ(end.said, "");
}

TEST_F(SandboxTest, IoUringIsRefused) {
  auto end = confined([] {
    refusals r;
    char parameters[256] = {};
    r.expect("setup", ::syscall(SYS_io_uring_setup, 4, parameters));
    r.expect("enter", ::syscall(SYS_io_uring_enter, 0, 0, 0, 0, nullptr, 0));
    r.expect("register", ::syscall(SYS_io_uring_register, 0, 0, nullptr, 0));
    return r.list();
  });
  EXPECT_EQ(end.said, "");
}

TEST_F(SandboxTest, LimitsCannotBeRaised) {
  auto end = confined([] {
    refusals r;
    rlimit more{128, 128}, time{10, 20}, raised{10, 30};
    r.expect("files", ::setrlimit(RLIMIT_NOFILE, &more));
    r.expect("other process",
             ::syscall(SYS_prlimit64, ::getppid(), RLIMIT_CPU, &more, nullptr));
    if (::setrlimit(RLIMIT_CPU, &time) != 0)
      return std::string{"the time of a tool cannot be limited"};
    r.expect("time", ::setrlimit(RLIMIT_CPU, &raised));
    rlimit now{};
    ::getrlimit(RLIMIT_NOFILE, &now);
    if (now.rlim_cur != 64 || now.rlim_max != 64)
      return std::string{"open files are not limited"};
    return r.list();
  });
  EXPECT_EQ(end.said, "");
}

TEST_F(SandboxTest, OtherProcessesCannotBeSignalled) {
  auto parent = ::getpid();
  auto end = confined([&] {
    refusals r;
    r.expect("kill", ::kill(parent, 0));
    r.expect("kill all", ::kill(-1, 0));
    r.expect("tgkill", ::syscall(SYS_tgkill, parent, parent, 0));
    r.expect("tkill", ::syscall(SYS_tkill, parent, 0));
    r.expect("queue", ::syscall(SYS_rt_sigqueueinfo, parent, 0, nullptr));
    r.expect("pidfd", ::syscall(SYS_pidfd_open, parent, 0));
    r.expect("owner", ::fcntl(0, F_SETOWN, parent));
    r.expect("ptrace", ::ptrace(PTRACE_ATTACH, parent, nullptr, nullptr));
    r.expect("memory", ::syscall(SYS_process_vm_readv, parent, nullptr, 0,
                                 nullptr, 0, 0));
    r.expect("group", ::setpgid(0, 0));
    r.expect("session", ::setsid());
    return r.list();
  });
  EXPECT_EQ(end.said, "");
}

TEST_F(SandboxTest, ItsOwnAbortStillEndsIt) {
  EXPECT_EQ(confined([]() -> std::string { std::abort(); }).signal, SIGABRT);
}

TEST_F(SandboxTest, TheCapabilitiesAreGone) {
  auto root = ::getuid() == 0;
  auto end = confined([&] {
    __user_cap_header_struct head{_LINUX_CAPABILITY_VERSION_3, 0};
    __user_cap_data_struct sets[2]{};
    ::syscall(SYS_capget, &head, sets);
    std::string left;
    for (auto& s : sets)
      if ((s.effective | s.permitted | s.inheritable) != 0)
        left += "a set is not empty\n";
    for (int n = 0; root && n <= CAP_LAST_CAP; ++n)
      if (::prctl(PR_CAPBSET_READ, n, 0, 0, 0) != 0)
        left += "bounding " + std::to_string(n) + '\n';
    if (::prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1)
      left += "new privileges\n";
    if (::prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) != 0)
      left += "dumpable\n";
    return left;
  });
  EXPECT_EQ(end.said, "");
}

TEST_F(SandboxTest, TheSystemCannotBeChanged) {
  auto end = confined([] {
    refusals r;
    char key = 'x';
    r.expect("unshare", ::unshare(CLONE_NEWUSER));
    r.expect("clone", ::syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, nullptr,
                                nullptr, nullptr, nullptr));
    r.expect("clone3", ::syscall(SYS_clone3, nullptr, 0), ENOSYS);
    r.expect("sibling", ::syscall(SYS_clone, CLONE_PARENT | SIGCHLD, nullptr,
                                  nullptr, nullptr, nullptr));
    r.expect("setns", ::setns(0, 0));
    r.expect("mount", ::syscall(SYS_mount, "", "/", "tmpfs", 0, nullptr));
    r.expect("chroot", ::chroot("/"));
    r.expect("setuid", ::setuid(0));
    r.expect("personality", ::syscall(SYS_personality, 0));
    r.expect("bpf", ::syscall(SYS_bpf, 0, nullptr, 0));
    r.expect("perf", ::syscall(SYS_perf_event_open, nullptr, 0, 0, 0, 0));
    r.expect("userfaultfd", ::syscall(SYS_userfaultfd, 0));
    r.expect("keyctl", ::syscall(SYS_keyctl, 0, 0));
    r.expect("mknod", ::syscall(SYS_mknod, "/tmp/x", 0010600, 0));
    r.expect("handle", ::syscall(SYS_open_by_handle_at, 0, nullptr, 0));
    r.expect("tty", ::ioctl(0, TIOCSTI, &key));
    r.expect("dumpable", ::prctl(PR_SET_DUMPABLE, 1, 0, 0, 0));
    r.expect("mm", ::prctl(PR_SET_MM, PR_SET_MM_BRK, 0, 0, 0));
    r.expect("symlink", ::symlink("/etc", "/tmp/x"));
    r.expect("seccomp", ::syscall(SYS_seccomp, 0, 0, nullptr));
    return r.list();
  });
  EXPECT_EQ(end.said, "");
}

#ifdef __x86_64__
TEST_F(SandboxTest, AForeignSystemCallKills) {
  auto end = confined([]() -> std::string {
    long result = 20; // getpid of the 32-bit world
    asm volatile("int $0x80" : "+a"(result) : : "memory");
    return "alive";
  });
  EXPECT_EQ(end.said, "");
  EXPECT_EQ(end.signal, SIGSYS);
}
#endif

} // namespace
