"""No two users are called the same, and a snapshot knows what its maker could see.

Links and snapshots are somebody's by name; who works elsewhere now sees no snapshot of before.
"""

import sqlalchemy as sa
from alembic import op

from store.access import Actor, Role, view_key

revision = "0014"
down_revision = "0010"


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
        elif row.role in list(Role):
            seen_by = view_key(Actor(name, Role(row.role), row.municipality_code))
            connection.execute(
                sa.update(snapshots).where(snapshots.c.actor == name).values(seen_by=seen_by)
            )
    op.create_index("users_name", "users", ["name"], unique=True)
