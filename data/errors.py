"""Name what can go wrong with the packaged data."""

from __future__ import annotations

from messages import Message


class DataError(ValueError):
    """A data file is missing or broken; ``message`` says where to the reader."""

    def __init__(self, message: Message) -> None:
        """Keep the message that the page shows."""
        super().__init__(message.text("en"))
        self.message = message
