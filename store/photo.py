"""Encode a photo anew, upright and bounded, without what its file said beside the picture.

This is work for a process that is locked in (:mod:`sandbox`): nothing else decodes a picture of a
user.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from PIL import Image, ImageOps

MAX_PIXELS: Final = 60_000_000
MAX_SIDE_PIXELS: Final = 2400
"""Choices of the team."""

GIVEN: Final = "photo"
JPEG_BEGINS: Final = b"\xff\xd8\xff"
TOO_MANY_PIXELS: Final = b"too many pixels"
NO_PHOTO: Final = b"no photo"
"""What comes back: a JPEG, or one of these."""


def sandboxed(request: dict[str, Any], given: Path, tell: Callable[[float], None]) -> bytes:
    """Do the work, in the process that is locked in."""
    return _encoded_anew((given / GIVEN).read_bytes())


def _encoded_anew(content: bytes) -> bytes:
    """Give a photo (JPEG, PNG, WebP) as a JPEG, or one of the words above."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=("JPEG", "PNG", "WEBP")) as opened:
                if opened.width * opened.height > MAX_PIXELS:
                    return TOO_MANY_PIXELS
                opened.draft("RGB", (MAX_SIDE_PIXELS, MAX_SIDE_PIXELS))
                upright = ImageOps.exif_transpose(opened)
                picture = Image.new("RGB", upright.size, "white")
                clear = upright.convert("RGBA") if upright.mode != "RGB" else None
                picture.paste(upright if clear is None else clear, (0, 0), clear)
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombWarning,
            Image.DecompressionBombError):  # fmt: skip
        return NO_PHOTO
    picture.thumbnail((MAX_SIDE_PIXELS, MAX_SIDE_PIXELS))
    kept = io.BytesIO()
    picture.save(kept, "JPEG", quality=85)
    return kept.getvalue()
