"""Put many sessions on a really started server, by Streamlit's own protocol over its websocket.

``python -m bench.load [--sessions 50] [--movers 25] [--seconds 60] [--instances 1|2]``

Measured, of the server's own processes (``/proc``), so that what else runs here counts for little:

- memory with each ten sessions on the front page, and with it megabytes a session and how straight
  the line is (R²);
- processor seconds of one weight that is let go, alone and with 25 people who do so all at once;
- seconds until the answer to a weight is whole, by the clock: median and 95th percentile;
- memory after 60 sessions came and went, twice, once the server has forgotten them;
- seconds until all sessions are told of a change that came from elsewhere.

Nothing here draws: a browser adds its own time, which :mod:`bench.bench_interaction` measures.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

from bench.bench_interaction import ROOT, free_port

FORGOTTEN_S = 5
"""So long after it left the server forgets a session, in this bench; else after two minutes."""
PATIENCE_S = 60
"""An answer that is not whole by then is counted as none."""
_SECRET = "s" * 40
_ISSUER = "bench"
_TICKS = os.sysconf("SC_CLK_TCK")


class Server:
    """One instance, and what it uses."""

    def __init__(self, address: str, folder: Path, mode: str) -> None:
        self.port, self.address = free_port(), address
        environment = {**os.environ, "HOME": str(folder), "LOCATIEWIJZER_DATABASE": address}
        if mode == "shared":
            environment |= {
                "LOCATIEWIJZER_MODE": "shared",
                "LOCATIEWIJZER_PROXY": _ISSUER,
                "LOCATIEWIJZER_PROXY_SECRET": _SECRET,
            }
        self.log = folder / f"server-{self.port}.log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "streamlit", "run", "app.py",
                 f"--server.port={self.port}", f"--server.disconnectedSessionTTL={FORGOTTEN_S}"],
                cwd=ROOT, env=environment, stdout=log, stderr=log,
            )  # fmt: skip

    def processor_s(self) -> float:
        """Seconds of processor so far, of the process and those it has waited for."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return sum(int(fields[place]) for place in (11, 12, 13, 14)) / _TICKS

    def memory_mb(self) -> float:
        """Memory that is this process' own."""
        for line in Path(f"/proc/{self.process.pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
        raise LookupError("Pss")


class Session:
    """What a browser says and hears: it runs again by itself what the server asked it to."""

    def __init__(self, socket: ClientConnection, user: int) -> None:
        self.socket = socket
        self.faults: list[str] = []
        self._bar = self._fragment = self._page = ""
        self._random = random.Random(user)
        self._whole: asyncio.Queue[str] = asyncio.Queue()
        self._again: dict[str, asyncio.Task[None]] = {}
        self.news: float | None = None
        self._reader = asyncio.create_task(self._read())

    async def open(self) -> None:
        """Ask for the front page and wait until it is whole."""
        asked = BackMsg()
        asked.rerun_script.query_string = ""
        asked.rerun_script.context_info.url = "http://localhost/"
        await self.socket.send(asked.SerializeToString())
        await self._until("")
        assert self._bar and self._fragment, f"no bar of weights was sent: {self.faults}"

    async def move(self) -> float:
        """Let go of a weight; gives the seconds until the answer is whole."""
        names = ("omvang", "voorzieningen", "integratie")
        value = {
            "kind": "azc",
            "groups": {name: self._random.randint(5, 95) for name in names},
            "points": {},
        }
        asked = self._ask_again(self._fragment)
        own = asked.rerun_script.widget_states.widgets.add()
        own.id, own.json_value = self._bar, "{}"
        state = asked.rerun_script.widget_states.widgets.add()
        state.id = f"$$STREAMLIT_INTERNAL_KEY_{self._bar}__events"
        state.json_trigger_value = json.dumps([{"event": "weights", "value": value}])
        while not self._whole.empty():
            self._whole.get_nowait()
        begun = time.monotonic()
        await self.socket.send(asked.SerializeToString())
        await self._until(self._fragment)
        return time.monotonic() - begun

    async def close(self) -> None:
        """Close the tab."""
        for task in (self._reader, *self._again.values()):
            task.cancel()
        await self.socket.close()

    def _ask_again(self, fragment: str) -> BackMsg:
        asked = BackMsg()
        asked.rerun_script.page_script_hash = self._page
        asked.rerun_script.fragment_id = fragment
        return asked

    async def _until(self, fragment: str) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while await self._whole.get() != fragment:
                pass

    async def _read(self) -> None:
        running: tuple[str, ...] = ()
        cut_off: tuple[str, ...] = ()
        while True:
            told = ForwardMsg.FromString(await self.socket.recv(decode=False))
            match told.WhichOneof("type"):
                case "new_session":
                    self._page = told.new_session.page_script_hash
                    running = tuple(told.metadata.run.fragment_ids)
                    # of a run that was cut off for this one, what is not run again was whole
                    for fragment in cut_off:
                        if running and fragment not in running:
                            self._whole.put_nowait(fragment)
                    cut_off = ()
                case "delta" if told.delta.WhichOneof("type") == "new_element":
                    self._look_at(told)
                case "auto_rerun":
                    name = told.auto_rerun.fragment_id
                    if name not in self._again:
                        every = told.auto_rerun.interval
                        self._again[name] = asyncio.create_task(self._repeat(name, every))
                case "script_finished":
                    if told.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                        cut_off = running
                        continue
                    # a run of the whole page brings its fragments too
                    for fragment in running or ("", self._fragment):
                        self._whole.put_nowait(fragment)

    def _look_at(self, told: ForwardMsg) -> None:
        element = told.delta.new_element
        kind = element.WhichOneof("type")
        if kind == "exception" or (kind == "alert" and element.alert.format == 1):
            self.faults.append(str(element)[:300])
        if kind == "alert" and "iets nieuws" in element.alert.body and self.news is None:
            self.news = time.monotonic()
        if kind == "bidi_component" and element.bidi_component.component_name.endswith("_weights"):
            self._bar, self._fragment = element.bidi_component.id, told.delta.fragment_id

    async def _repeat(self, fragment: str, every: float) -> None:
        await asyncio.sleep(every * self._random.random())
        while True:
            await self.socket.send(self._ask_again(fragment).SerializeToString())
            await asyncio.sleep(every)


async def session(server: Server, user: int) -> Session:
    """Open a websocket as the browser of some user does."""
    headers = {
        "X-Locatiewijzer-Subject": f"user{user % 26}",
        "X-Locatiewijzer-Name": f"Gebruiker {user % 26}",
        "X-Locatiewijzer-Secret": _SECRET,
        "Cookie": f"lw-browser={'b' * 40}{user:04d}",
    }
    origin = f"http://localhost:{server.port}"
    socket = await connect(
        f"ws://localhost:{server.port}/_stcore/stream",
        additional_headers=headers, origin=origin, max_size=None, compression=None,
        subprotocols=["streamlit"],
    )  # fmt: skip
    return Session(socket, user)


def fill(address: str) -> None:
    """Make the database and give 26 users a role: officers of as many municipalities."""
    from geo.examples import example_plots
    from geo.layers import municipalities
    from store.access import LOCAL_USER, Role
    from store.database import open_store
    from store.plots import load_examples
    from store.users import grant_role

    store = open_store(address)
    load_examples(store, LOCAL_USER, example_plots())
    for user, code in enumerate(municipalities().index):
        if user % 2:
            grant_role(store, LOCAL_USER, _ISSUER, f"user{user}", Role.GEMEENTE, code)
        else:
            grant_role(store, LOCAL_USER, _ISSUER, f"user{user}", Role.KANSENMAKER, None)
    store.close()


@contextmanager
def started(instances: int, mode: str) -> Iterator[list[Server]]:
    """Start instances on one new database."""
    folder = Path(tempfile.mkdtemp(prefix="load"))
    address = os.environ.get("LOAD_DATABASE") or f"sqlite:///{folder / 'load.sqlite'}"
    fill(address)
    servers = [Server(address, folder, mode) for _ in range(instances)]
    try:
        yield servers
    finally:
        for server in servers:
            server.process.kill()
            server.process.wait()
        shutil.rmtree(folder, ignore_errors=True)


async def ready(server: Server) -> Session:
    """Wait for a server, and open its first page: what is loaded once is loaded now."""
    for _ in range(600):
        try:
            first = await session(server, 0)
            break
        except OSError:
            await asyncio.sleep(0.1)
    else:
        raise RuntimeError(server.log.read_text()[-3000:])
    await first.open()
    for _ in range(3):
        await first.move()
    return first


async def measure_memory(servers: list[Server], count: int) -> list[Session]:
    """Open sessions ten by ten."""
    opened: list[Session] = []
    seen = [(0, sum(server.memory_mb() for server in servers))]
    before = sum(server.processor_s() for server in servers)
    print(f"{'sessions':>9} {'memory MB':>10}")
    while len(opened) < count:
        for _ in range(min(10, count - len(opened))):
            one = await session(servers[len(opened) % len(servers)], len(opened))
            await one.open()
            await one.move()
            opened.append(one)
        seen.append((len(opened), sum(server.memory_mb() for server in servers)))
        print(f"{seen[-1][0]:>9} {seen[-1][1]:>10.0f}")
    each = (sum(server.processor_s() for server in servers) - before) / count
    # the first ten users bring the views of ten municipalities, which later ones share
    numbers, memory = np.array(seen[1:], dtype=float).T
    slope, start = np.polyfit(numbers, memory, 1)
    residue = memory - (slope * numbers + start)
    straight = 1 - float(np.sum(residue**2)) / max(
        float(np.sum((memory - memory.mean()) ** 2)), 1e-9
    )
    whole = (seen[-1][1] - seen[0][1]) / count
    print(f"memory a session {whole:.2f} MB in all, {slope:.2f} MB from ten on, R² {straight:.3f}; "
          f"processor to open one and move once {each:.2f} s")  # fmt: skip
    return opened


async def measure_moves(
    servers: list[Server], opened: list[Session], movers: int, seconds: float
) -> None:
    """Let one person, and then many at once, move weights."""
    for one in opened[:5]:
        await one.move()
    before, begun = sum(server.processor_s() for server in servers), time.monotonic()
    alone = [await opened[0].move() for _ in range(30)]
    used = (sum(server.processor_s() for server in servers) - before) / len(alone)
    idle = time.monotonic() - begun
    print(f"one weight alone: processor {1000 * used:.0f} ms, by the clock median "
          f"{statistics.median(alone):.2f} s ({idle:.0f} s in all)")  # fmt: skip

    times: list[float] = []
    unanswered = 0
    end = time.monotonic() + seconds

    async def person(one: Session, number: int) -> None:
        nonlocal unanswered
        rest = random.Random(number)
        await asyncio.sleep(rest.random() * 2)
        while time.monotonic() < end:
            try:
                times.append(await one.move())
            except TimeoutError:
                unanswered += 1
            # a hand lets go, looks, and takes hold again
            await asyncio.sleep(rest.uniform(1.0, 3.0))

    before, begun = sum(server.processor_s() for server in servers), time.monotonic()
    await asyncio.gather(*(person(one, n) for n, one in enumerate(opened[:movers])))
    took = time.monotonic() - begun
    used = sum(server.processor_s() for server in servers) - before
    times.sort()
    print(f"not whole within {PATIENCE_S} s: {unanswered} moves")
    print(f"{movers} people at once for {took:.0f} s: {len(times)} moves, processor "
          f"{1000 * used / len(times):.0f} ms each ({used / took:.2f} processors), by the clock "
          f"median {times[len(times) // 2]:.2f} s, p95 {times[int(len(times) * 0.95)]:.2f} s, "
          f"longest {times[-1]:.2f} s")  # fmt: skip


async def measure_leaving(servers: list[Server], count: int) -> None:
    """Open and close sessions and see what stays; the first ten bring what all share."""
    seen = []
    for number in (26, count, count):
        for start in range(0, number, 10):
            ten = [await session(servers[n % len(servers)], n) for n in range(start, start + 10)]
            for one in ten:
                await one.open()
                await one.move()
            for one in ten:
                await one.close()
        await asyncio.sleep(FORGOTTEN_S + 1)
        # the server looks at who has left when somebody comes, and tidies every 15 seconds
        last = await session(servers[0], 0)
        await last.open()
        await last.close()
        await asyncio.sleep(FORGOTTEN_S + 16)
        seen.append(sum(server.memory_mb() for server in servers))
    growth = [f"{100 * (after / before - 1):+.1f} %" for before, after in itertools.pairwise(seen)]
    print(f"{count} sessions came and went, twice: memory "
          f"{' -> '.join(f'{m:.0f}' for m in seen)} MB ({', '.join(growth)})")  # fmt: skip


async def measure_idle(servers: list[Server], count: int, seconds: float = 15.0) -> None:
    """See what sessions cost that do nothing."""
    before, begun = sum(server.processor_s() for server in servers), time.monotonic()
    await asyncio.sleep(seconds)
    used = (sum(server.processor_s() for server in servers) - before) / (time.monotonic() - begun)
    print(f"{count} sessions that do nothing: {100 * used:.0f} % of one processor")


async def measure_news(servers: list[Server], opened: list[Session]) -> None:
    """Let somebody change a plot that all may see, at no instance of these, and see who hears."""
    from store.access import LOCAL_USER, Actor
    from store.database import open_store
    from store.plots import change_plot, list_plots

    store = open_store(servers[0].address)
    public = str(list_plots(store, Actor("bezoeker")).index[0])
    for one in opened:
        one.news = None
    change_plot(store, LOCAL_USER, public, {"name": "Nieuwe naam"}, reason="bench")
    begun = time.monotonic()
    store.close()
    while any(one.news is None for one in opened) and time.monotonic() - begun < 60:
        await asyncio.sleep(0.05)
    times = sorted(one.news - begun for one in opened if one.news is not None)
    print(f"a change elsewhere was told to {len(times)} of {len(opened)} sessions, median after "
          f"{statistics.median(times):.2f} s, the last after {times[-1]:.2f} s")  # fmt: skip


async def run(arguments: argparse.Namespace) -> bool:
    with started(arguments.instances, arguments.mode) as servers:
        firsts = [await ready(server) for server in servers]
        print(f"{arguments.instances} instance(s), {arguments.mode}; load of the machine at the "
              f"start {os.getloadavg()[0]:.1f}")  # fmt: skip
        if not arguments.moves_only:
            await measure_leaving(servers, arguments.leaving)
        opened = await measure_memory(servers, arguments.sessions)
        if arguments.mode == "shared":
            await measure_idle(servers, len(opened))
            await measure_news(servers, opened)
        await measure_moves(servers, opened, arguments.movers, arguments.seconds)
        faults = [fault for one in [*firsts, *opened] for fault in one.faults]
        # a session that leaves in the middle of an answer is a fault to uvicorn only
        told = [line for server in servers for line in server.log.read_text().splitlines()]
        grave = [line for line in told if '"ERROR"' in line or '"CRITICAL"' in line]
        logged = sum('"uvicorn.error"' not in line for line in grave)
        print(f"faults on screen {len(faults)}, in the log {logged}; "
              f"load of the machine at the end {os.getloadavg()[0]:.1f}")  # fmt: skip
        for fault in faults[:3]:
            print(fault)
        for one in [*firsts, *opened]:
            await one.close()
        return not faults and not logged


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--sessions", type=int, default=50)
    parser.add_argument("--movers", type=int, default=25)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--leaving", type=int, default=60)
    parser.add_argument("--instances", type=int, default=1)
    parser.add_argument("--mode", choices=("local", "shared"), default="shared")
    parser.add_argument("--moves-only", action="store_true")
    if not asyncio.run(asyncio.wait_for(run(parser.parse_args()), 1200)):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
