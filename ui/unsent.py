"""Let all that the server said reach the browser.

When a page begins to be drawn, Streamlit throws away what it had not sent yet. It takes that for
drawings of before, which the new one replaces, but two things are lost for good. Answers: to which
address a file is uploaded, and where the file is that a press made. And the value that a field gets
from the server, as the language and the filters of a link: that is told once, so that the browser
then hands back an empty field as if somebody had emptied it. Somebody who was quick saw no file in
the field, no download, or a page in no language.

What was not sent stays in its place here, as when it had been sent a moment earlier.
"""

from __future__ import annotations

from typing import Any, Final

from streamlit.runtime.forward_msg_queue import ForwardMsgQueue

_clear: Final = ForwardMsgQueue.clear


def keep_unsent() -> None:
    """Begin, once for the server."""
    ForwardMsgQueue.clear = _kept  # type: ignore[method-assign,assignment]


def _kept(queue: ForwardMsgQueue, retain_lifecycle_msgs: bool = False, **_: Any) -> None:
    if not retain_lifecycle_msgs:
        _clear(queue)
        return
    # what comes next is a drawing of its own: it is not put in the place of something of before
    queue._delta_index_map = {}
