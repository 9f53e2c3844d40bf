"""Say what can go wrong in scoring."""

from __future__ import annotations

from messages import Message


class ScoringError(ValueError):
    """Something in scoring cannot be done; ``message`` says what and what to do."""

    def __init__(self, message: Message) -> None:
        """Take what to tell the user."""
        super().__init__(message.text("en"))
        self.message = message


class CriteriaError(ScoringError):
    """A file with criteria is not right; ``line`` is where, counted from 1 (0: not known)."""

    def __init__(self, message: Message, line: int = 0) -> None:
        """Take what to tell and the line that it is about."""
        super().__init__(message)
        self.line = line


class UnknownPlotError(ScoringError):
    """A plot was asked for that is not in the ranking."""
