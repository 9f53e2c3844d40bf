"""No two users are called the same, and a snapshot knows what its maker could see.

Links and snapshots are somebody's by name; who works elsewhere now sees no snapshot of before.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0010"

_ELSEWHERE = {
    "beheerder": "vertrouwelijk",
    "kansenmaker": "vertrouwelijk",
    "gemeente": "gedeeld",
    "raadslid": "openbaar",
    "bezoeker": "openbaar",
}
_AT_HOME = {**_ELSEWHERE, "gemeente": "vertrouwelijk", "raadslid": "gedeeld"}
"""Up to which class a role read plots when this step was written; what it may do now is another
matter, and this step gives the same on every day."""


def _seen_by(role: str, municipality: str | None) -> str:
    if municipality is None:
        return _ELSEWHERE[role]
    return f"{_ELSEWHERE[role]} {municipality} {_AT_HOME[role]}"


def upgrade() -> None:
    op.add_column("snapshots", sa.Column("seen_by", sa.Text))
    connection = op.get_bind()
    names = ("issuer", "subject", "name", "role", "municipality_code", "known_since")
    users = sa.table("users", *(sa.column(name) for name in names))
    snapshots = sa.table("snapshots", sa.column("actor"), sa.column("seen_by"))
    taken = set()
    rows = connection.execute(sa.select(users).order_by(users.c.known_since, users.c.subject)).all()
    for row in rows:
        name, number = row.name, 1
        while name.casefold() in taken:
            number += 1
            name = f"{row.name} ({number})"
        taken.add(name.casefold())
        if name != row.name:
            connection.execute(
                sa.update(users)
                .where(users.c.issuer == row.issuer, users.c.subject == row.subject)
                .values(name=name)
            )
        elif row.role in _ELSEWHERE:
            seen_by = _seen_by(row.role, row.municipality_code)
            connection.execute(
                sa.update(snapshots).where(snapshots.c.actor == name).values(seen_by=seen_by)
            )
    op.create_index("users_name", "users", ["name"], unique=True)
