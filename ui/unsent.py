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
- What was pressed, when the whole page is asked for before the drawing that was asked for by the
  press has come to the button. It goes with that request here.
- What was chosen last, or pressed. A drawing that is told to stop goes on until it next says
  something, beside the one that takes its place: it then puts back what was chosen before, takes
  the press of the other for one of its own that is over, or changes what the other is just going
  through, so that this fails. Here the two take turns with what the session keeps, and the one that
  was told to stop has had its last.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar
from weakref import WeakKeyDictionary

import streamlit.runtime.state
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetStates
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
from streamlit.runtime.state.common import RegisterWidgetResult, WidgetMetadata
from streamlit.runtime.state.safe_session_state import SafeSessionState
from streamlit.runtime.state.session_state import SessionState

Value = TypeVar("Value")
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
        """Take what the browser says, once: where this drawing may not, the next one does.

        What a press calls is gone through to its end: the next drawing does not call it again.
        """
        runner = self._runner()
        with self._lock:
            if runner is None:
                self._state.on_script_will_rerun(*given, **named)
                return
            with _going_on(runner._requests):
                _heard[runner._requests] = _Heard(runner._requests._rerun_data)
            runner._execing = False
            try:
                self._state.on_script_will_rerun(*given, **named)
            finally:
                runner._execing = True

    def register_widget(
        self, metadata: WidgetMetadata[Value], user_key: str | None
    ) -> RegisterWidgetResult[Value]:
        """Come to a widget: from here on a press of it is a thing of this drawing."""
        self._yield_callback()
        with self._lock:
            runner = self._runner()
            if runner is not None:
                with _going_on(runner._requests):
                    if heard := _heard.get(runner._requests):
                        heard.reached.add(metadata.id)
            return self._state.register_widget(metadata, user_key)

    def on_script_finished(self, *given: Any, **named: Any) -> None:
        """Tidy up after a drawing, but for one whose place another took: that one does."""
        runner = self._runner()
        with self._lock:
            if runner is None or runner._requests._state is not ScriptRequestType.STOP:
                self._state.on_script_finished(*given, **named)

    def _runner(self) -> ScriptRunner | None:
        runner = getattr(self._yield_callback, "__self__", None)
        return runner if isinstance(runner, ScriptRunner) else None


@contextmanager
def _going_on(requests: ScriptRequests) -> Iterator[None]:
    """Do something that a drawing does only when it was not told to stop, in one with looking."""
    with requests._lock:
        if requests._state is ScriptRequestType.STOP:
            raise StopException
        yield


@dataclass
class _Heard:
    """What the browser said that a drawing was begun for, and the widgets it has come to."""

    said: RerunData
    reached: set[str] = field(default_factory=set)


_heard: Final[WeakKeyDictionary[ScriptRequests, _Heard]] = WeakKeyDictionary()


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
            if waiting._state is not ScriptRequestType.STOP:
                for pressed in _not_reached(waiting, page.session_state):
                    together = _coalesce_widget_states(pressed, asked.widget_states)
                    if together is not None:
                        asked.widget_states.CopyFrom(together)
                # as Streamlit does next; from here on that drawing comes to nothing more
                waiting._state = ScriptRequestType.STOP
    _request(page, asked)


def _not_reached(waiting: ScriptRequests, state: SessionState) -> Iterator[WidgetStates]:
    """Give what was said to a drawing that takes none of it any more, the latest first."""
    heard = _heard.get(waiting)
    if heard is None or heard.said is not waiting._rerun_data:
        yield waiting._rerun_data.widget_states or WidgetStates()
    if heard is None or heard.said.widget_states is None:
        return
    metadata = state._new_widget_state.widget_metadata
    left = WidgetStates()
    for one in heard.said.widget_states.widgets:
        known = metadata.get(one.id)
        # what a press calls was called when it was heard
        called = known is not None and bool(known.callback or known.callbacks)
        if not called and one.id not in heard.reached:
            left.widgets.append(one)
    yield left
