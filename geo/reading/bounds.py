"""Bound what a file may ask of the machine: whatever is uploaded is taken to be hostile."""

from sandbox.bounds import MAX_MEMORY_BYTES, MAX_SECONDS

__all__ = ["MAX_MEMORY_BYTES", "MAX_SECONDS"]

MAX_FILE_BYTES = 50_000_000
MAX_UNPACKED_BYTES = 300_000_000
MAX_ZIP_ENTRIES = 500
MAX_ZIP_RATIO = 200
MAX_FEATURES = 20_000
MAX_LINES = 150_000
MAX_VERTICES = 2_000_000
MAX_VERTICES_PER_PLOT = 100_000
MAX_COLUMNS = 300
MAX_TEXT = 5_000
MAX_DEPTH = 60
"""Limits of one file; choices of the team."""


def most_features(*, lines: bool) -> int:
    """Give how many features a file may hold; more where it is a network of lines."""
    return MAX_LINES if lines else MAX_FEATURES
