#!/usr/bin/python3
"""Runs a program under the restrictions of a unit file that need no systemd:
under_unit.py UNIT PROGRAM [ARGUMENT...]. Emulates SystemCallFilter,
RestrictNamespaces, RestrictAddressFamilies, MemoryDenyWriteExecute,
RestrictRealtime, RestrictSUIDSGID, LockPersonality, CapabilityBoundingSet,
NoNewPrivileges, LimitNOFILE and UMask, as systemd.exec(5) describes them.
Debian's python3, for python3-seccomp."""
import ctypes
import errno
import os
import pathlib
import resource
import socket
import subprocess
import sys

from seccomp import ALLOW, ERRNO, EQ, MASKED_EQ, NE, Arg, SyscallFilter

NAMESPACES = (0x00020000, 0x02000000, 0x04000000, 0x08000000, 0x10000000,
              0x20000000, 0x40000000)  # CLONE_NEW*
libc = ctypes.CDLL(None, use_errno=True)


def members(name):
    """Calls of a set, as systemd has it; sets hold sets."""
    told = subprocess.run(["systemd-analyze", "syscall-filter", name],
                          capture_output=True, text=True, check=True).stdout
    for line in told.splitlines()[1:]:
        word = line.strip()
        if word.startswith("@"):
            yield from members(word)
        elif word and not word.startswith("#"):
            yield word


def allowed(lines):
    """The first line makes it a list of what may; later ones add or take."""
    calls = set(members("@default"))
    for line in lines:
        take = line.startswith("~")
        for word in line.lstrip("~").split():
            named = set(members(word)) if word.startswith("@") else {word}
            calls = calls - named if take else calls | named
    return calls


def refuse(f, call, *args):
    f.add_rule(ERRNO(errno.EPERM), call, *args)


def finer_rules(f, unit):
    if unit["RestrictNamespaces"] == ["yes"]:
        for flag in NAMESPACES:
            for call, at in (("clone", 0), ("unshare", 0), ("setns", 1)):
                refuse(f, call, Arg(at, MASKED_EQ, flag, flag))
        refuse(f, "setns", Arg(1, EQ, 0))
        f.add_rule(ERRNO(errno.ENOSYS), "clone3")
    if unit["MemoryDenyWriteExecute"] == ["yes"]:
        refuse(f, "mmap", Arg(2, MASKED_EQ, 6, 6))  # PROT_WRITE | PROT_EXEC
        for call in ("mprotect", "pkey_mprotect"):
            refuse(f, call, Arg(2, MASKED_EQ, 4, 4))
        refuse(f, "shmat", Arg(2, MASKED_EQ, 0o100000, 0o100000))
    if unit["RestrictSUIDSGID"] == ["yes"]:
        for bit in (0o4000, 0o2000):
            for call, at in (("chmod", 1), ("fchmod", 1), ("fchmodat", 2),
                             ("mkdir", 1), ("mkdirat", 2), ("mknod", 1),
                             ("mknodat", 2), ("creat", 1)):
                refuse(f, call, Arg(at, MASKED_EQ, bit, bit))
    if unit["LockPersonality"] == ["yes"]:
        refuse(f, "personality", Arg(0, NE, 0))
    families = {getattr(socket, x)
                for x in unit["RestrictAddressFamilies"][0].split()}
    for family in set(range(46)) - {int(x) for x in families}:
        f.add_rule(ERRNO(errno.EAFNOSUPPORT), "socket", Arg(0, EQ, family))


def enter(unit):
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    files = min(int(unit["LimitNOFILE"][0]), hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))
    os.umask(int(unit["UMask"][0], 8))
    # Two filters, as systemd has several: every one of them must let a call by.
    finer = SyscallFilter(ALLOW)
    finer_rules(finer, unit)
    calls = SyscallFilter(ERRNO(errno.EPERM))
    for call in sorted(allowed(unit["SystemCallFilter"])):
        try:
            calls.add_rule(ALLOW, call)
        except RuntimeError:
            pass  # a call that this processor does not have
    for cap in range(64):
        libc.prctl(24, cap, 0, 0, 0)  # PR_CAPBSET_DROP
    head = (ctypes.c_uint32 * 2)(0x20080522, 0)
    if libc.capset(head, (ctypes.c_uint32 * 6)()) != 0:
        raise OSError(ctypes.get_errno(), "capset")
    libc.prctl(38, 1, 0, 0, 0)  # PR_SET_NO_NEW_PRIVS
    finer.load()
    calls.load()


def main():
    unit = {}
    for line in pathlib.Path(sys.argv[1]).read_text().splitlines():
        name, equals, value = line.partition("=")
        if equals and not line.startswith("#"):
            unit.setdefault(name, []).append(value)
    enter(unit)
    os.execv(sys.argv[2], sys.argv[2:])


main()
