"""Know users, their role and municipality, and the sessions in which they work.

A user is known by issuer and subject, never by a name or an address that others can take. What
somebody may do stands in this table alone: claims of a provider grant nothing.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from messages import Message
from store import tables
from store.access import LOCAL_USER, Action, Actor, Resource, Role, require
from store.database import Store, note, now, read_only
from store.errors import StoreError

SESSION_HOURS = 10
"""A working day; after it one signs in again. A choice of the team."""

FRESH_MINUTES = 15
"""A sign-in that this app has not seen yet begins a session only when it is this fresh: an old
cookie that turns up again begins none."""


@dataclass(frozen=True)
class User:
    """Who is known."""

    issuer: str
    subject: str
    name: str
    role: Role
    municipality_code: str | None
    known_since: dt.datetime


@dataclass(frozen=True)
class Session:
    """A time in which a user works."""

    key: str
    issuer: str
    subject: str
    begun_at: dt.datetime
    expires_at: dt.datetime
    ended_at: dt.datetime | None
    ended_by: str | None


_TAKEN = (LOCAL_USER.name, "link", "opdrachtregel", "bezoeker")
"""Names of actors that are no users, in small letters."""


class SessionEndedError(StoreError):
    """The sign-in is over: signed out, ended by an administrator, expired or replayed."""


def begin_or_find_session(
    store: Store, claims: Mapping[str, Any], *, moment: dt.datetime | None = None
) -> tuple[Actor, str]:
    """Give who acts in a sign-in, and the key of its session; begins it when it is new.

    Args:
        store: where.
        claims: of the identity token: ``iss``, ``sub``, ``iat`` and what else there is.
        moment: now; only for tests.

    Raises:
        SessionEndedError: the session was ended or has expired, or the sign-in is not fresh.
    """
    at = moment or now()
    issuer, subject = str(claims.get("iss", "")), str(claims.get("sub", ""))
    issued = claims.get("iat")
    if not issuer or not subject or not isinstance(issued, int | float):
        raise SessionEndedError(Message("store.error.sign_in"))
    key = session_key(claims)
    sessions = tables.sessions.c
    with read_only(store) as connection:
        found = connection.execute(
            sa.select(tables.sessions).where(sessions.key == key)
        ).one_or_none()
    if found is None:
        begun = dt.datetime.fromtimestamp(float(issued), dt.UTC)
        if not dt.timedelta(minutes=-2) <= at - begun <= dt.timedelta(minutes=FRESH_MINUTES):
            raise SessionEndedError(Message("store.error.session_ended"))
        _begin(store, key, claims, at)
    elif found.ended_at is not None or found.expires_at <= at:
        raise SessionEndedError(Message("store.error.session_ended"))
    user = _user(store, issuer, subject)
    if user is None:
        raise SessionEndedError(Message("store.error.sign_in"))
    return Actor(user.name, user.role, user.municipality_code), key


def begin_or_find_proxied_session(
    store: Store, issuer: str, subject: str, name: str | None, *, moment: dt.datetime | None = None
) -> tuple[Actor, str]:
    """Give who acts where a signed-in proxy vouches for the user, and the key of the session.

    The proxy decides whether somebody is signed in; when our record has run out a new one begins.
    One that an administrator ended stays ended until it would have run out.

    Args:
        store: where.
        issuer: the name of the proxy, under which its users are known.
        subject: whom it vouches for.
        name: how they are called, if it says so.
        moment: now; only for tests.

    Raises:
        SessionEndedError: an administrator ended it.
    """
    at, sessions = moment or now(), tables.sessions.c
    with read_only(store) as connection:
        last = connection.execute(
            sa.select(tables.sessions)
            .where(sessions.issuer == issuer, sessions.subject == subject)
            .order_by(sessions.expires_at.desc())
            .limit(1)
        ).one_or_none()
    if last is None or last.expires_at <= at:
        claims = {"iss": issuer, "sub": subject, "name": name}
        key = secrets.token_hex(32)
        _begin(store, key, claims, at)
    elif last.ended_at is not None:
        raise SessionEndedError(Message("store.error.session_ended"))
    else:
        key = str(last.key)
    user = _user(store, issuer, subject)
    if user is None:
        raise SessionEndedError(Message("store.error.sign_in"))
    return Actor(user.name, user.role, user.municipality_code), key


def session_key(claims: Mapping[str, Any]) -> str:
    """Give the key of a sign-in: the same token always has the same, and no other has it."""
    parts = [str(claims.get(name, "")) for name in ("iss", "sub", "iat", "nonce", "sid", "jti")]
    return hashlib.sha256("\n".join(parts).encode("utf-8")).hexdigest()


def _begin(store: Store, key: str, claims: Mapping[str, Any], at: dt.datetime) -> None:
    issuer, subject = str(claims["iss"]), str(claims["sub"])
    name = str(claims.get("name") or claims.get("email") or subject)[:120]
    with store.transaction() as connection:
        known = connection.execute(
            sa.select(tables.users.c.name).where(
                tables.users.c.issuer == issuer, tables.users.c.subject == subject
            )
        ).scalar_one_or_none()
        if known is None:
            name = _free_name(connection, name)
            connection.execute(
                sa.insert(tables.users).values(
                    issuer=issuer,
                    subject=subject,
                    name=name,
                    role=str(Role.BEZOEKER),
                    municipality_code=None,
                    known_since=at,
                )
            )
        already = connection.execute(
            sa.select(tables.sessions.c.key).where(tables.sessions.c.key == key)
        ).one_or_none()
        if already is None:
            connection.execute(
                sa.insert(tables.sessions).values(
                    key=key,
                    issuer=issuer,
                    subject=subject,
                    begun_at=at,
                    expires_at=at + dt.timedelta(hours=SESSION_HOURS),
                )
            )
            note(connection, known or name, "sign_in", f"user {subject[:60]}", {"issuer": issuer})


def _free_name(connection: sa.Connection, wanted: str) -> str:
    """Give a name that nobody has: links and snapshots are known to be somebody's by it.

    A provider lets users choose how they are called, so two may be called the same, or one as
    another on purpose.
    """
    taken = {str(name).casefold() for name in connection.scalars(sa.select(tables.users.c.name))}
    taken.update(_TAKEN)
    name, number = wanted.strip() or "?", 1
    while name.casefold() in taken:
        number += 1
        name = f"{wanted.strip() or '?'} ({number})"
    return name


def _user(store: Store, issuer: str, subject: str) -> User | None:
    table = tables.users.c
    with read_only(store) as connection:
        row = connection.execute(
            sa.select(tables.users).where(table.issuer == issuer, table.subject == subject)
        ).one_or_none()
    return None if row is None else _user_of(row._mapping)


def _user_of(row: Mapping[Any, Any]) -> User:
    values = dict(row)
    try:
        values["role"] = Role(values["role"])
    except ValueError:
        # a role of a later version: doubt never makes anything more public
        values["role"] = Role.BEZOEKER
    return User(**values)


def end_session(store: Store, actor: Actor, key: str) -> None:
    """End one's own session, at signing out."""
    _end(store, actor, [key], "sign_out")


def end_sessions_of(store: Store, actor: Actor, issuer: str, subject: str) -> None:
    """End all sessions of a user, by an administrator.

    Raises:
        AccessDeniedError: the actor may not manage users.
    """
    require(actor, Action.MANAGE_USERS, Resource("users"))
    table = tables.sessions.c
    with read_only(store) as connection:
        keys = connection.execute(
            sa.select(table.key).where(
                table.issuer == issuer, table.subject == subject, table.ended_at.is_(None)
            )
        ).scalars()
        found = list(keys)
    _end(store, actor, found, "end_sessions")


def _end(store: Store, actor: Actor, keys: Sequence[str], action: str) -> None:
    with store.transaction() as connection:
        connection.execute(
            sa.update(tables.sessions)
            .where(tables.sessions.c.key.in_(keys), tables.sessions.c.ended_at.is_(None))
            .values(ended_at=now(), ended_by=actor.name)
        )
        note(connection, actor.name, action, "session", {"count": len(keys)})


def list_users(store: Store, actor: Actor) -> list[User]:
    """Give all who ever signed in, by name.

    Raises:
        AccessDeniedError: the actor may not manage users.
    """
    require(actor, Action.MANAGE_USERS, Resource("users"))
    with read_only(store) as connection:
        rows = connection.execute(sa.select(tables.users).order_by(tables.users.c.name))
        return [_user_of(row._mapping) for row in rows]


def list_sessions(store: Store, actor: Actor) -> list[Session]:
    """Give the sessions that still run, latest first.

    Raises:
        AccessDeniedError: the actor may not manage users.
    """
    require(actor, Action.MANAGE_USERS, Resource("users"))
    table = tables.sessions.c
    with read_only(store) as connection:
        rows = connection.execute(
            sa.select(tables.sessions)
            .where(table.ended_at.is_(None), table.expires_at > now())
            .order_by(table.begun_at.desc())
        )
        return [Session(**row._mapping) for row in rows]


def grant_role(
    store: Store,
    actor: Actor,
    issuer: str,
    subject: str,
    role: Role,
    municipality_code: str | None,
) -> None:
    """Give a user a role and a municipality; who never signed in is known from now on.

    Raises:
        AccessDeniedError: the actor may not manage users.
        StoreError: a municipal role has no municipality.
    """
    require(actor, Action.MANAGE_USERS, Resource("users"))
    if role in (Role.GEMEENTE, Role.RAADSLID) and not municipality_code:
        raise StoreError(Message("store.error.role_needs_municipality"))
    table = tables.users
    here = (table.c.issuer == issuer, table.c.subject == subject)
    with store.transaction() as connection:
        changed = connection.execute(
            sa.update(table)
            .where(*here)
            .values(role=str(role), municipality_code=municipality_code)
        )
        if changed.rowcount == 0:
            connection.execute(
                sa.insert(table).values(
                    issuer=issuer,
                    subject=subject,
                    name=_free_name(connection, subject[:120]),
                    role=str(role),
                    municipality_code=municipality_code,
                    known_since=now(),
                )
            )
        note(
            connection,
            actor.name,
            "grant_role",
            f"user {subject[:60]}",
            {"role": str(role), "municipality": municipality_code},
        )
