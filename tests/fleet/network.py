"""
The hosts of a fleet: network namespaces that reach a store and Globus Auth over links of their own.

Each host has a link to the address of the store and another one to that of Globus Auth, so that a
test can cut one of them. Where that takes rights that the tests do not have, the hosts are only
processes of this machine, and say so.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import typing as t

LOOPBACK = "127.0.0.1"


class Host:
    """
    A place for processes.

    :param name: its name
    :param prefix: the command that runs another one there
    :param link: the end of its link to the store which is outside of it; None if there is none
    """

    def __init__(self, name: str, prefix: tuple[str, ...] = (), link: str | None = None) -> None:
        self.name = name
        self.prefix = prefix
        self._link = link

    @contextlib.contextmanager
    def cut(self) -> t.Iterator[None]:
        """What is sent between this host and the store is lost for a ``with`` block."""
        assert self._link is not None, "a host without a network of its own cannot be cut off"
        _ip(f"link set {self._link} down")
        try:
            yield
        finally:
            _ip(f"link set {self._link} up")


class Network(t.NamedTuple):
    """
    Hosts, and the addresses at which they reach the store and Globus Auth.

    :param lacks: why the hosts have no networks of their own; empty if they have
    """

    hosts: list[Host]
    store_address: str = LOOPBACK
    auth_address: str = LOOPBACK
    lacks: str = ""


@contextlib.contextmanager
def network(count: int) -> t.Iterator[Network]:
    """
    Make hosts, for a ``with`` block.

    :param count: how many
    """
    lacks = _lacks()
    if lacks:
        yield Network([Host(f"process group {number}") for number in range(count)], lacks=lacks)
        return
    # a part of 10.0.0.0/8 that another run of the tests hardly takes at the same time
    space = f"10.{64 + os.getpid() // 256 % 192}.{os.getpid() % 256}"
    with contextlib.ExitStack() as ended:
        hosts = [ended.enter_context(_namespace(space, number)) for number in range(count)]
        yield Network(hosts, f"{space}.1", f"{space}.2")


def _lacks() -> str:
    missing = [name for name in ("ip", "nsenter", "unshare") if shutil.which(name) is None]
    if missing:
        return f"there is no {' and no '.join(missing)} on this machine"
    if os.geteuid() != 0:
        return "network namespaces take root"
    command = "unshare --net ip link add one type veth peer name other"
    tried = subprocess.run(command.split(), capture_output=True, text=True)
    return tried.stderr.strip()


@contextlib.contextmanager
def _namespace(space: str, number: int) -> t.Iterator[Host]:
    """A namespace that lives as long as its process, which ends when its input does."""
    keeper = subprocess.Popen(
        ["unshare", "--net", "sh", "-c", "echo ready; exec cat"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    try:
        assert keeper.stdout is not None
        assert keeper.stdout.readline() == b"ready\n"
        inside = ("nsenter", f"--net=/proc/{keeper.pid}/ns/net", "--")
        links = {"store": f"g{os.getpid()}-{number}s", "auth": f"g{os.getpid()}-{number}a"}
        for kind, outer in links.items():
            _connect(keeper.pid, inside, kind, outer, space, number)
        yield Host(f"host {number}", inside, links["store"])
    finally:
        keeper.communicate()  # the links go with the namespace


def _connect(
    pid: int, inside: tuple[str, ...], kind: str, outer: str, space: str, number: int
) -> None:
    there = f"{space}.{1 if kind == 'store' else 2}"  # the same for all hosts
    here = f"{space}.{(10 if kind == 'store' else 130) + number}"
    _ip(f"link add {outer} type veth peer name {kind} netns {pid}")
    for run, device, own, peer in (((), outer, there, here), (inside, kind, here, there)):
        _ip(f"address add {own} peer {peer}/32 dev {device}", *run)
        _ip(f"link set {device} up", *run)
    _ip("link set lo up", *inside)


def _ip(command: str, *prefix: str) -> None:
    done = subprocess.run([*prefix, "ip", *command.split()], capture_output=True, text=True)
    assert done.returncode == 0, f"ip {command}: {done.stderr}"
