"""Name what can go wrong in geometry, layers and files."""

from __future__ import annotations

from messages import Message


class GeoError(ValueError):
    """Something with a geometry, layer or file is wrong; ``message`` says what to the reader."""

    def __init__(self, message: Message) -> None:
        """Keep the message that the page shows."""
        super().__init__(message.text("en"))
        self.message = message


class CrsError(GeoError):
    """Coordinates cannot be brought to RD New or WGS84."""
