"""Work that tries to get out of the process that is locked in, and tells what it got."""

import ctypes
import json
import os
import signal
import socket
import subprocess
import threading
import time
from pathlib import Path


def sandboxed(request, given, tell):
    if request["do"] == "compute":
        while True:
            pass
    if request["do"] == "sleep":
        Path(given.parent / "tmp").write_text("x")
        tell(0.5)
        time.sleep(request["seconds"])
        return b"slept"
    return json.dumps(
        {name: _tried(attempt, request) for name, attempt in ATTEMPTS.items()}
    ).encode()


def _tried(attempt, request):
    try:
        return f"got {attempt(request)!r}"
    except OSError as problem:
        return f"{type(problem).__name__} {problem.errno}"
    except subprocess.SubprocessError:
        return "SubprocessError"


def _tcp(request):
    with socket.create_connection(("127.0.0.1", request["port"]), timeout=3) as made:
        return made.getpeername()


def _udp(request):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as made:
        return made.sendto(b"x", ("127.0.0.1", request["port"]))


def _unix(request):
    with socket.socket(socket.AF_UNIX) as made:
        made.connect(request["unix"])
        return "connected"


def _raw_call(request):
    # past the interpreter, as code in a hostile file would
    libc = ctypes.CDLL(None, use_errno=True)
    made = libc.socket(2, 1, 0)
    if made < 0:
        raise OSError(ctypes.get_errno(), "socket")
    return made


def _ring(request):
    libc = ctypes.CDLL(None, use_errno=True)
    made = libc.syscall(425, 8, ctypes.create_string_buffer(120))
    if made < 0:
        raise OSError(ctypes.get_errno(), "io_uring_setup")
    return made


def _in_thread(request):
    found = []
    thread = threading.Thread(target=lambda: found.append(_tried(_tcp, request)))
    thread.start()
    thread.join()
    if "got" not in found[0]:
        raise PermissionError(1, found[0])
    return found[0]


def _fork(request):
    child = os.fork()
    if child == 0:
        os._exit(0)
    return child


ATTEMPTS = {
    "tcp": _tcp,
    "udp": _udp,
    "unix": _unix,
    "a call past the interpreter": _raw_call,
    "io_uring": _ring,
    "from a thread": _in_thread,
    "another program": lambda request: subprocess.run(["/bin/true"], check=True),
    "another process": _fork,
    "a signal to its parent": lambda request: os.kill(os.getppid(), signal.SIGCONT),
    "read a secret": lambda request: Path(request["secret"]).read_text(),
    "list a folder": lambda request: list(Path(request["secret"]).parent.iterdir()),
    "write beside": lambda request: Path(request["secret"]).with_name("new").write_text("x"),
    "read the users": lambda request: Path("/etc/passwd").read_text(),
    "environment of the parent": lambda request: Path(f"/proc/{os.getppid()}/environ").read_bytes(),
    "change the code": lambda request: (Path(__file__).parents[2] / "geo" / "x").write_text("x"),
    "link out": lambda request: Path("link").symlink_to(request["secret"]),
}
