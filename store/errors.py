"""Say what can go wrong in the store."""

from __future__ import annotations

from messages import Message


class StoreError(RuntimeError):
    """Something cannot be kept or changed; ``message`` says what and what to do."""

    def __init__(self, message: Message) -> None:
        """Keep the message that the page shows."""
        super().__init__(message.text("en"))
        self.message = message


class AccessDeniedError(StoreError):
    """The acting user may not do this."""


class ChangedSinceError(StoreError):
    """What was to be changed or undone has been changed by others since."""


class NotFoundError(StoreError):
    """There is no such plot, delivery or snapshot."""
