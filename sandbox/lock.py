"""Lock this process in, for good: bounded, without network, with its own folder alone.

Three locks, each by the kernel and each without rights of an administrator:

- limits of memory and of written files (``setrlimit``);
- seccomp (libseccomp): no socket of any kind, no other program, no new process, no look into or
  signal to another process;
- Landlock: of the file system only the interpreter, the system's libraries and our own packages to
  read, and one folder to read and write. The database, secrets and other users' files are out of
  reach.

The first two are required: where they fail the process ends and nothing is read. Landlock needs
Linux 5.13 or later; where the kernel has none, :func:`lock_in` says so and the other two stand.
"""

from __future__ import annotations

import errno
import logging
import math
import os
import resource
import signal
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import pyseccomp
from landlockpy import AccessFS, LandlockError, Ruleset, Scope, UnsupportedError

from sandbox import bounds

ROOT: Final = Path(__file__).parents[1]
_PACKAGES: Final = (
    "sandbox",
    "data",
    "geo",
    "messages",
    "presentation",
    "reports",
    "scoring",
    "store",
)
"""What the work may read of the app: code and packaged facts."""

_SYSTEM: Final = (
    "/usr", "/lib", "/lib64", "/etc/ld.so.cache", "/etc/localtime", "/etc/fonts", "/etc/mime.types",
    "/sys/devices/system/cpu", "/dev/urandom", "/dev/random", "/proc/meminfo", "/proc/cpuinfo",
)  # fmt: skip

_REFUSED: Final = (
    "socket", "socketpair", "socketcall", "connect", "bind", "listen", "accept", "accept4",
    "sendto", "sendmsg", "sendmmsg", "recvmsg", "recvmmsg",
    "io_uring_setup", "io_uring_enter", "io_uring_register",
    "execve", "execveat", "fork", "vfork",
    "ptrace", "process_vm_readv", "process_vm_writev", "pidfd_open", "pidfd_getfd",
    "pidfd_send_signal", "tkill", "bpf", "userfaultfd", "perf_event_open", "keyctl", "add_key",
    "request_key", "mount", "umount2", "pivot_root", "chroot", "unshare", "setns", "kexec_load",
    "init_module", "finit_module", "open_by_handle_at", "quotactl", "swapon", "reboot",
)  # fmt: skip
_CLONE_THREAD: Final = 0x00010000

_log = logging.getLogger("locatiewijzer")


def lock_in(folder: Path) -> bool:
    """Lock this process in.

    Args:
        folder: in which may be read and written.

    Returns:
        Whether the file system is locked too; the network is, always.

    Raises:
        OSError: a lock that is required failed.
    """
    bound_this_process()
    locked = _lock_files(folder)
    _lock_calls()
    return locked


def bound_this_process() -> None:
    """Bound the memory and the size of files of this process, for good."""
    most = bounds.MAX_MEMORY_BYTES
    resource.setrlimit(resource.RLIMIT_DATA, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    size = bounds.MAX_WRITTEN_BYTES
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def bound_processor(seconds: float) -> None:
    """Bound how long this process may compute: it is stopped by ``SIGXCPU``."""
    most = math.ceil(seconds)
    resource.setrlimit(resource.RLIMIT_CPU, (most, most + 1))


def ran_out(exit_code: int | None) -> bool:
    """Say whether a process ended because it computed for longer than it may."""
    return exit_code == -signal.SIGXCPU


def _lock_calls() -> None:
    rules = pyseccomp.SyscallFilter(pyseccomp.ALLOW)
    refuse = pyseccomp.ERRNO(errno.EPERM)
    for name in _REFUSED:
        rules.add_rule(refuse, name)
    # threads may be made, processes not; clone3 hides its flags: libraries fall back on clone
    rules.add_rule(pyseccomp.ERRNO(errno.ENOSYS), "clone3")
    new_process = pyseccomp.Arg(0, pyseccomp.MASKED_EQ, _CLONE_THREAD, 0)
    rules.add_rule(refuse, "clone", new_process)
    for name in ("kill", "tgkill"):
        rules.add_rule(refuse, name, pyseccomp.Arg(0, pyseccomp.NE, os.getpid()))
    rules.load()


def _lock_files(own: Path) -> bool:
    look = AccessFS.READ_FILE | AccessFS.READ_DIR
    change = (
        look | AccessFS.WRITE_FILE | AccessFS.TRUNCATE | AccessFS.MAKE_REG | AccessFS.MAKE_DIR
        | AccessFS.REMOVE_FILE | AccessFS.REMOVE_DIR | AccessFS.REFER
    )  # fmt: skip
    try:
        with Ruleset(scoped=Scope.ABSTRACT_UNIX_SOCKET | Scope.SIGNAL) as rules:
            for path in {*_code(), *map(Path, _SYSTEM)}:
                if path.exists():
                    folder = path.is_dir()
                    # libraries are mapped to be run
                    rules.allow_path(
                        path, look | AccessFS.EXECUTE if folder else AccessFS.READ_FILE
                    )
            # names alone, without what stands in them: without it nothing is found to import
            rules.allow_path(ROOT, AccessFS.READ_DIR)
            rules.allow_path(own, change)
            rules.allow_path("/dev/null", AccessFS.READ_FILE | AccessFS.WRITE_FILE)
            rules.restrict()
    except (UnsupportedError, LandlockError) as problem:
        _log.warning("the file system is not locked: %s", problem)
        return False
    return True


def _code() -> Iterable[Path]:
    """Give where the interpreter and its packages stand."""
    yield from (ROOT / name for name in _PACKAGES)
    for prefix in (sys.prefix, sys.base_prefix):
        yield from (Path(prefix) / name for name in ("lib", "lib64", "pyvenv.cfg", "share"))
