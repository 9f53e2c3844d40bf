"""Bound what a session keeps on the server of uploads, and let go of what it uses no more.

Streamlit keeps every file that comes, for as long as its session lives, also where no page asks for
one. Here a file comes in only at an address that the server gave out over the websocket of the same
browser (:mod:`ui.guard` remembers these), a session holds so much and no more, and so does the
server. A file that no field of a page holds any more is let go after half a minute; one that never
was in a field after ten.
"""

from __future__ import annotations

import asyncio
import re
import time
from typing import Final

from google.protobuf.message import DecodeError
from streamlit import runtime
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.uploaded_file_manager import UploadedFileRec

ADDRESS: Final = re.compile(r"/_stcore/upload_file/([0-9A-Za-z-]{1,80})/([0-9A-Za-z-]{1,80})$")
MOST_OF_SESSION: Final = 160_000_000
MOST_OF_ALL: Final = 2_000_000_000
MOST_FILES: Final = 60
"""Bytes of one session and of all, and files of one session; choices of the team."""
LARGEST: Final = 52_500_000
"""What a file may be whose size is not told beforehand (``server.maxUploadSize``)."""
_UNUSED_S: Final = 30.0
_NEVER_USED_S: Final = 600.0
_LOOK_EVERY_S: Final = 10.0


class Uploads:
    """What was uploaded, who holds it, and what is on its way."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._held: dict[int, frozenset[str]] = {}
        self._came: dict[str, float] = {}
        self._last_held: dict[str, float] = {}
        self._on_its_way: dict[str, int] = {}
        self._tidying: asyncio.Task[None] | None = None

    def heard(self, connection: int, content: bytes) -> None:
        """Hear from a browser which files its fields hold."""
        try:
            said = BackMsg.FromString(content)
        except DecodeError:
            return
        if said.WhichOneof("type") != "rerun_script":
            return
        held = frozenset(
            file.file_id
            for state in said.rerun_script.widget_states.widgets
            if state.WhichOneof("value") == "file_uploader_state_value"
            for file in state.file_uploader_state_value.uploaded_file_info
        )
        now = time.monotonic()
        for name in held | self._held.get(connection, frozenset()):
            self._last_held[name] = now
        if held or connection in self._held:
            self._held[connection] = held

    def left(self, connection: int) -> None:
        """Hear that a browser has gone."""
        now = time.monotonic()
        for name in self._held.pop(connection, frozenset()):
            self._last_held[name] = now

    def begin(self, session: str, size: int | None) -> bool:
        """Say whether there is room for a file, and hold it until :meth:`end`."""
        self.tidy()
        asked = LARGEST if size is None else size
        sizes = {name: [len(f.data) for f in files] for name, files in self._kept().items()}
        own = sum(sizes.get(session, ())) + self._on_its_way.get(session, 0)
        whole = sum(map(sum, sizes.values())) + sum(self._on_its_way.values())
        full = len(sizes.get(session, ())) >= MOST_FILES
        if full or own + asked > MOST_OF_SESSION or whole + asked > MOST_OF_ALL:
            return False
        self._on_its_way[session] = self._on_its_way.get(session, 0) + asked
        if self._tidying is None or self._tidying.done():
            self._tidying = asyncio.get_running_loop().create_task(self._tidy_on())
        return True

    def end(self, session: str, size: int | None) -> None:
        """Hear that a file has come, or will not."""
        left = self._on_its_way.get(session, 0) - (LARGEST if size is None else size)
        if left > 0:
            self._on_its_way[session] = left
        else:
            self._on_its_way.pop(session, None)
        self.tidy()

    def tidy(self) -> None:
        """Let go of what nobody holds."""
        now = time.monotonic()
        held = frozenset().union(*self._held.values())
        there: set[str] = set()
        for session, files in self._kept().items():
            for file in files:
                there.add(file.file_id)
                came = self._came.setdefault(file.file_id, now)
                if file.file_id in held:
                    self._last_held[file.file_id] = now
                    continue
                last = self._last_held.get(file.file_id)
                since, most = (came, _NEVER_USED_S) if last is None else (last, _UNUSED_S)
                if now - since > most:
                    _manager().remove_file(session, file.file_id)
        for known in (self._came, self._last_held):
            for name in [name for name in known if name not in there]:
                del known[name]

    async def _tidy_on(self) -> None:
        while True:
            await asyncio.sleep(_LOOK_EVERY_S)
            self.tidy()
            if not self._came and not self._on_its_way:
                return

    @staticmethod
    def _kept() -> dict[str, list[UploadedFileRec]]:
        storage = _manager().file_storage
        return {name: list(files.values()) for name, files in list(storage.items()) if files}


def _manager() -> MemoryUploadedFileManager:
    manager = runtime.get_instance().uploaded_file_mgr
    assert isinstance(manager, MemoryUploadedFileManager)  # noqa: S101
    return manager
