"""Let each answer reach the browser that asked for it.

When a page begins to be drawn, Streamlit throws away what it had not sent yet of the drawing
before, and with it the answers to two questions that have nothing to do with drawing: to which
address a file is uploaded, and where the file is that a press made. Somebody who was quick saw
nothing happen: no file in the field, no download, and no word about it.
"""

from __future__ import annotations

from typing import Any, Final

from streamlit.runtime.forward_msg_queue import ForwardMsgQueue

_ANSWERS: Final = ("file_urls_response", "backend_operation_response")
_clear = ForwardMsgQueue.clear


def keep_answers() -> None:
    """Begin, once for the server."""
    ForwardMsgQueue.clear = _clear_but_answers  # type: ignore[method-assign,assignment]


def _clear_but_answers(queue: ForwardMsgQueue, *args: Any, **kwargs: Any) -> None:
    answers = [told for told in queue._queue if told.WhichOneof("type") in _ANSWERS]
    _clear(queue, *args, **kwargs)
    left = set(map(id, queue._queue))
    queue._queue = [*(told for told in answers if id(told) not in left), *queue._queue]
