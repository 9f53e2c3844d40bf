"""What can go wrong with work in a process of its own."""

from __future__ import annotations


class SandboxError(Exception):
    """The work gave nothing back."""


class TooSlowError(SandboxError):
    """It was stopped because it took too long."""


class CrashedError(SandboxError):
    """It ended by itself without a result: out of memory, out of bounds, or astray."""
