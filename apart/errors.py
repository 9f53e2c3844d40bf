"""What can go wrong with work in a process of its own."""

from __future__ import annotations


class ApartError(Exception):
    """The work gave nothing back."""


class TooSlowError(ApartError):
    """It was stopped because it took too long."""


class CrashedError(ApartError):
    """It ended by itself without a result: out of memory, out of bounds, or astray."""
