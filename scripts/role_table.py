"""Write the table of roles into docs/beheer.md: ``python -m scripts.role_table``."""

from __future__ import annotations

import re
from pathlib import Path

from store.access import POLICY, Action, Grant, Role

DOCUMENT = Path(__file__).parents[1] / "docs" / "beheer.md"
_BETWEEN = re.compile(r"(<!-- roles -->\n).*(<!-- /roles -->)", re.DOTALL)


def role_table() -> str:
    """Give the table as Markdown, from the policy itself."""
    heads = ["action", *(str(role) for role in Role)]
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    for action in Action:
        cells = [_words(POLICY[role].get(action, Grant())) for role in Role]
        lines.append("| " + " | ".join([f"`{action}`", *cells]) + " |")
    return "\n".join(lines) + "\n"


def _words(grant: Grant) -> str:
    if grant.own is None and grant.elsewhere is None:
        return "–"
    if grant.own == grant.elsewhere:
        return str(grant.own)
    return f"{grant.own or '–'} / {grant.elsewhere or '–'}"


def main() -> None:
    """Put the table in its place."""
    text = DOCUMENT.read_text("utf-8")
    DOCUMENT.write_text(_BETWEEN.sub(lambda m: m[1] + role_table() + m[2], text), "utf-8")


if __name__ == "__main__":
    main()
