"""Let all be heard that browser and server say to each other, however quick or busy they are.

Streamlit loses four things, each in the moment in which one drawing follows another:

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
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

import streamlit.runtime.state
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue
from streamlit.runtime.scriptrunner_utils.script_requests import (
    RerunData,
    ScriptRequestType,
    _coalesce_widget_states,
)
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


def keep_unsent() -> None:
    """Begin, once for the server."""
    ForwardMsgQueue.clear = _kept  # type: ignore[method-assign,assignment]
    AppSession._create_scriptrunner = _after_what_ended  # type: ignore[method-assign,assignment]
    AppSession.request_rerun = _with_what_waits  # type: ignore[method-assign,assignment]
    AppSession._enqueue_forward_msg = _noted  # type: ignore[method-assign,assignment]
    # a session looks it up when it begins
    streamlit.runtime.state.SessionState = NotingState  # type: ignore[misc]


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
            if waiting._state is ScriptRequestType.RERUN:
                pressed = waiting._rerun_data.widget_states
                together = _coalesce_widget_states(pressed, asked.widget_states)
                if together is not None:
                    asked.widget_states.CopyFrom(together)
    _request(page, asked)
