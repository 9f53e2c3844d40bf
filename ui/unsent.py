"""Let all be heard that browser and server say to each other, however quick or busy they are.

Streamlit loses five things, each in the moment in which one drawing follows another:

- What the server had not sent yet when a page begins to be drawn. It takes that for drawings of
  before, which the new one replaces, but answers go with it (to which address a file is uploaded,
  where the file is that a press made), and the value that a field gets from the server, as the
  language and the filters of a link: that is told once, so that the browser then hands back an
  empty field as if somebody had emptied it. What was not sent stays in its place here, as when it
  had been sent a moment earlier.
- What a drawing said at its end, when a part of the page (the look for news) asks to be drawn just
  then: the new drawing begins before the words of the one that ended were passed on, and these are
  then those of a stranger. Somebody let go of a weight and no answer ever came. The new drawing
  waits here until what ended was heard.
- What a drawing had begun to say as another took its place: that is let fall as well, but a value
  that was on its way to a field is taken for told, so that the next drawing does not tell it. It
  stays new here until its field is really on its way to the browser.
- What was pressed and waits for its turn, when the whole page is asked for meanwhile. It goes with
  that request here.
- What was chosen last, or pressed. A drawing that is told to stop goes on until it next says
  something, beside the one that takes its place: it then puts back what was chosen before, takes
  the press of the other for one of its own that is over, or changes what the other is just going
  through, so that this fails. Here the two take turns with what the session keeps, and the one that
  was told to stop has had its last.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, Final
from weakref import WeakKeyDictionary

import streamlit.runtime.state
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue
from streamlit.runtime.scriptrunner import script_runner
from streamlit.runtime.scriptrunner.script_runner import ScriptRunner
from streamlit.runtime.scriptrunner_utils.exceptions import StopException
from streamlit.runtime.scriptrunner_utils.script_requests import (
    RerunData,
    ScriptRequests,
    ScriptRequestType,
    _coalesce_widget_states,
)
from streamlit.runtime.state.safe_session_state import SafeSessionState
from streamlit.runtime.state.session_state import SessionState

_clear: Final = ForwardMsgQueue.clear
_create: Final = AppSession._create_scriptrunner
_request: Final = AppSession.request_rerun
_send: Final = AppSession._enqueue_forward_msg


@dataclass
class NotingState(SessionState):
    """The state of a session that knows which fields were sent to its browser.

    They stand beside what pages keep, not in it: they are noted by the thread that sends, while the
    one that draws may be going through all that is kept.
    """

    fields_sent: set[str] = field(default_factory=set)
    """Their identifiers."""
    turn: AbstractContextManager[Any] = field(default_factory=threading.RLock, compare=False)
    """Held by the drawing that works with the state."""

    def _compact_state(self) -> None:
        """Take the values of a drawing for old ones, but for those whose field was not sent yet.

        Of a field that was not drawn yet Streamlit tells the value by itself.
        """
        field_of = self._key_id_mapper.get_id_from_key
        ready = {
            key: value
            for key, value in self._new_session_state.items()
            if (drawn := field_of(key, None)) is not None and drawn not in self.fields_sent
        }
        SessionState._compact_state(self)
        self._new_session_state.update(ready)

    def clear(self) -> None:
        """Forget all."""
        SessionState.clear(self)
        self.fields_sent.clear()


class _Turn:
    """The turn of a drawing: it is over before it begins for one that was told to stop."""

    def __init__(self, turn: AbstractContextManager[Any], go_on: Callable[[], None]) -> None:
        self._turn, self._go_on = turn, go_on

    def __enter__(self) -> None:
        self._turn.__enter__()
        try:
            self._go_on()
        except BaseException:
            self._turn.__exit__(None, None, None)
            raise

    def __exit__(self, *_: object) -> None:
        self._turn.__exit__(None, None, None)


class OneAtATime(SafeSessionState):
    """The state of a session as one drawing has it, while another may be taking its place."""

    def __init__(self, state: SessionState, yield_callback: Callable[[], None]) -> None:
        """Share the turn of the session, see :class:`SafeSessionState`."""
        super().__init__(state, yield_callback)
        if isinstance(state, NotingState):
            # the attributes of this class are what pages keep
            object.__setattr__(self, "_lock", _Turn(state.turn, yield_callback))

    def on_script_will_rerun(self, *given: Any, **named: Any) -> None:
        """Take what the browser says, once: where this drawing may not, the next one does."""
        requests = self._requests()
        with self._lock:
            if requests is not None:
                with requests._lock:
                    if requests._state is ScriptRequestType.STOP:
                        raise StopException
                    _heard[requests] = requests._rerun_data
            self._state.on_script_will_rerun(*given, **named)

    def on_script_finished(self, *given: Any, **named: Any) -> None:
        """Tidy up after a drawing, but for one whose place another took: that one does."""
        requests = self._requests()
        with self._lock:
            if requests is None or requests._state is not ScriptRequestType.STOP:
                self._state.on_script_finished(*given, **named)

    def _requests(self) -> ScriptRequests | None:
        runner = getattr(self._yield_callback, "__self__", None)
        return runner._requests if isinstance(runner, ScriptRunner) else None


_heard: Final[WeakKeyDictionary[ScriptRequests, RerunData]] = WeakKeyDictionary()
"""What the browser said last of what a drawing was asked for, and the drawing has taken."""


def keep_unsent() -> None:
    """Begin, once for the server."""
    ForwardMsgQueue.clear = _kept  # type: ignore[method-assign,assignment]
    AppSession._create_scriptrunner = _after_what_ended  # type: ignore[method-assign,assignment]
    AppSession.request_rerun = _with_what_waits  # type: ignore[method-assign,assignment]
    AppSession._enqueue_forward_msg = _noted  # type: ignore[method-assign,assignment]
    # a session looks it up when it begins
    streamlit.runtime.state.SessionState = NotingState  # type: ignore[misc]
    script_runner.SafeSessionState = OneAtATime  # type: ignore[attr-defined]


def _kept(queue: ForwardMsgQueue, retain_lifecycle_msgs: bool = False, **_: Any) -> None:
    if not retain_lifecycle_msgs:
        _clear(queue)
        return
    # what comes next is a drawing of its own: it is not put in the place of something of before
    queue._delta_index_map = {}


def _noted(page: AppSession, said: ForwardMsg) -> None:
    """Send a message, and note which field it draws."""
    _send(page, said)
    drawn = said.delta.new_element if said.HasField("delta") else None
    if drawn is None or not (kind := drawn.WhichOneof("type")):
        return
    if (sent := getattr(getattr(drawn, kind), "id", "")) and isinstance(
        page.session_state, NotingState
    ):
        page.session_state.fields_sent.add(sent)


def _after_what_ended(page: AppSession, asked: RerunData) -> None:
    """Begin a drawing once all that was said by the one that ended is passed on."""
    ended = page._scriptrunner
    if ended is None:
        _create(page, asked)
        return

    def begin() -> None:
        now = page._scriptrunner
        if now is None or now is ended:
            page._scriptrunner = None
            _create(page, asked)
        elif not now.request_rerun(asked):
            _after_what_ended(page, asked)

    # a drawing has said its last before it refuses a request: that comes first in the loop
    page._call_soon_on_event_loop(begin)


def _with_what_waits(page: AppSession, asked: ClientState | None) -> None:
    """Ask for a drawing; what was pressed and was not looked at yet is not let fall."""
    running = page._scriptrunner
    if running is not None and asked is not None and not asked.fragment_id:
        waiting = running._requests
        with waiting._lock:
            said = waiting._rerun_data
            if waiting._state is not ScriptRequestType.STOP and _heard.get(waiting) is not said:
                together = _coalesce_widget_states(said.widget_states, asked.widget_states)
                if together is not None:
                    asked.widget_states.CopyFrom(together)
                # as Streamlit does next; from here on that drawing does not take it as well
                waiting._state = ScriptRequestType.STOP
    _request(page, asked)
