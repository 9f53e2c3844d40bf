"""Bound what one file may ask of the machine: whatever is uploaded is taken to be hostile."""

MAX_SECONDS = 25
"""Of the processor, after which the work is stopped; the goal, measured in the tests, is 10 s."""
PATIENCE = 4
"""So many times as long it may take by the clock: a busy machine is no fault of a file."""
MAX_MEMORY_BYTES = 1_000_000_000
MAX_WRITTEN_BYTES = 600_000_000
"""Largest file that may be written: what is unpacked, and what is made of it."""
AT_ONCE = 2
"""So many run together on a machine, of all instances; the others wait. Choices of the team."""
