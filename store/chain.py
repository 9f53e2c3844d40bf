"""Chain entries of the audit: each bears a hash of itself and of the one before it."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from typing import Any


def link(
    before: str,
    at: dt.datetime,
    actor: str,
    action: str,
    resource: str,
    detail: Mapping[str, Any],
) -> str:
    """Give the hash (SHA-256, hexadecimal) of an entry and of all before it.

    Args:
        before: the hash of the entry before; empty for the first.
        at: the moment.
        actor: who.
        action: what.
        resource: with what.
        detail: what more is known; no text that users typed, so that erasing it elsewhere leaves
            the chain whole.
    """
    moment = at.astimezone(dt.UTC).isoformat()
    said = [before, moment, actor, action, resource, detail]
    content = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(content.encode("utf-8")).hexdigest()
