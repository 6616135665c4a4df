"""Hosts on one machine: network namespaces around a switch of their own."""
import ctypes
import os
import subprocess
import threading

LIBC = ctypes.CDLL(None, use_errno=True)
CLONE_NEWNET = 0x40000000


def run(*words):
    done = subprocess.run(words, capture_output=True, text=True, timeout=20)
    if done.returncode != 0:
        raise OSError(f"{' '.join(words)}: {done.stderr.strip()}")


def enter(file):
    if LIBC.setns(file.fileno(), CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "setns")


class Host:
    """Starts programs there (`prefix`); sockets that a thread opens in a
    `with` block are there, too."""

    def __init__(self, lan, name, address):
        self.lan, self.name, self.address = lan, f"{lan.name}-{name}", address
        self.prefix = ("ip", "netns", "exec", self.name)
        self.before = threading.local()

    def __enter__(self):
        self.before.file = open("/proc/thread-self/ns/net")
        with open(f"/run/netns/{self.name}") as there:
            enter(there)
        return self

    def __exit__(self, *_):
        with self.before.file as back:
            enter(back)

    def cable(self, plugged):
        run("ip", "-n", self.lan.name, "link", "set", f"to-{self.address[-1]}",
            "up" if plugged else "down")


class Lan:
    """A switch, itself a namespace, and hosts with a cable each. Nothing of it
    is seen in the namespace of the tests."""

    def __init__(self, *names):
        self.name = f"vigie{os.getpid()}"
        self.made, self.hosts = [], {}
        try:
            self.add(self.name)
            run("ip", "-n", self.name, "link", "add", "switch", "up", "type",
                "bridge")
            for n, name in enumerate(names, 1):
                self.hosts[name] = self.host(n, name)
        except OSError:
            self.close()
            raise

    def add(self, namespace):
        run("ip", "netns", "add", namespace)
        self.made.append(namespace)

    def host(self, n, name):
        host = Host(self, name, f"10.83.0.{n}")
        self.add(host.name)
        run("ip", "-n", self.name, "link", "add", f"to-{n}", "type", "veth",
            "peer", "name", "eth0", "netns", host.name)
        run("ip", "-n", self.name, "link", "set", f"to-{n}", "master", "switch",
            "up")
        run("ip", "-n", host.name, "address", "add", host.address + "/24",
            "dev", "eth0")
        for device in ("lo", "eth0"):
            run("ip", "-n", host.name, "link", "set", device, "up")
        return host

    def close(self):
        for namespace in self.made:
            subprocess.run(["ip", "netns", "del", namespace], timeout=20,
                           capture_output=True)
