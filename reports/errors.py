"""Name what can go wrong while an output is made."""

from __future__ import annotations

from messages import Message


class ReportError(ValueError):
    """An output cannot be made; ``message`` says why in the reader's language."""

    def __init__(self, message: Message) -> None:
        """Keep the message that the page shows."""
        super().__init__(message.text("en"))
        self.message = message


class ClassTooHighError(ReportError):
    """Something of a higher class than the readers may see was about to leave the app."""


class SnapshotError(ReportError):
    """A file is no snapshot, or one of a form that this version cannot read."""
