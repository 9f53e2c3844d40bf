"""Say what can go wrong in the store."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from messages import Message


class StoreError(RuntimeError):
    """Something cannot be kept or changed; ``message`` says what and what to do."""

    def __init__(self, message: Message) -> None:
        """Keep the message that the page shows."""
        super().__init__(message.text("en"))
        self.message = message


class KeepingFailedError(StoreError):
    """The database failed while something was being kept."""


class NotKeptError(KeepingFailedError):
    """The database could not write (a full disk, a lost connection): nothing of it was kept."""


class PerhapsKeptError(KeepingFailedError):
    """The connection was lost in the moment of keeping: nobody knows whether it was kept."""


class AccessDeniedError(StoreError):
    """The acting user may not do this; ``action`` is what was asked."""

    def __init__(self, message: Message, action: str) -> None:
        """Take what to tell, and what was asked."""
        super().__init__(message)
        self.action = action


class ChangedSinceError(StoreError):
    """What was to be changed or undone has been changed by others since."""


class UndoBlockedError(ChangedSinceError):
    """A delivery cannot be taken back, because of what came after it and still holds.

    ``deliveries`` are the later deliveries in the order in which to take them back; ``by_hand``
    gives for each plot that was changed by hand the version that is to be restored first.
    """

    def __init__(
        self, message: Message, deliveries: tuple[int, ...], by_hand: Mapping[str, int]
    ) -> None:
        """Take what to tell, and what stands in the way."""
        super().__init__(message)
        self.deliveries = deliveries
        self.by_hand = by_hand


class PlotConflictError(ChangedSinceError):
    """Another changed the same plot in between.

    ``values`` gives for each column that both touched what stands there now and what was wanted;
    where a whole plot was to be taken out or put back, what stands there now and what was seen.
    """

    def __init__(self, message: Message, values: Mapping[str, tuple[Any, Any]]) -> None:
        """Take what to tell, and both values."""
        super().__init__(message)
        self.values = values


class NotFoundError(StoreError):
    """There is no such plot, delivery or snapshot."""
