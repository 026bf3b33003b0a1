"""The SQL of API keys."""

import datetime
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Row, exists, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from app.auth.credentials import Key
from app.auth.key import KeyRecord, Scope, every_scope
from app.database.models import ApiKey
from app.values.text import nearest

_KEYS = select(ApiKey.__table__)


class NameTaken(ValueError):
    """A key of this name exists, or existed."""


class KeyUnknown(LookupError):
    """No key has this name. ``nearest`` is the closest match."""

    def __init__(self, name: str, nearest: str | None) -> None:
        super().__init__(f"there is no key named {name!r}")
        self.nearest = nearest


def _record(row: Row[*tuple[Any, ...]]) -> KeyRecord:
    return KeyRecord(
        id=row.id,
        name=row.name,
        sha256=row.sha256,
        scopes=tuple(Scope(scope) for scope in row.scopes.split()),
        created_at=row.created_at,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
        last_used_at=row.last_used_at,
    )


def find_key(connection: Connection, identity: str, sha256: str | None = None) -> KeyRecord | None:
    """A key by its ID. With a digest, a key that has another one is not even read: that would take longer than no key does."""
    query = _KEYS.where(ApiKey.id == identity)
    row = connection.execute(query if sha256 is None else query.where(ApiKey.sha256 == sha256)).one_or_none()
    return None if row is None else _record(row)


def find_keys(connection: Connection, identities: Iterable[str]) -> dict[str, KeyRecord]:
    """Those of the keys that exist, by ID."""
    return {row.id: _record(row) for row in connection.execute(_KEYS.where(ApiKey.id.in_(identities)))}


def any_key(connection: Connection) -> bool:
    """Whether a key was ever created."""
    return bool(connection.scalar(select(exists().select_from(ApiKey))))


def list_keys(connection: Connection) -> list[KeyRecord]:
    """Every key, oldest first."""
    return [_record(row) for row in connection.execute(_KEYS.order_by(ApiKey.created_at, ApiKey.id))]


def create_key(
    connection: Connection,
    *,
    name: str,
    scopes: Iterable[Scope],
    expires_at: datetime.datetime | None,
    now: datetime.datetime,
) -> Key:
    """Create a key and store its digest. Raises NameTaken, after which the transaction cannot continue."""
    key = Key.new()
    values = {
        "id": key.id,
        "name": name,
        "sha256": key.sha256,
        "scopes": " ".join(every_scope(scopes)),
        "created_at": now,
        "expires_at": expires_at,
    }
    try:
        connection.execute(insert(ApiKey).values(values))
    except IntegrityError:
        raise NameTaken(name) from None
    return key


def revoke_key(connection: Connection, name: str, now: datetime.datetime) -> bool:
    """Revoke a key permanently. False if it already is. Raises KeyUnknown."""
    named = ApiKey.name == name
    if connection.execute(update(ApiKey).where(named, ApiKey.revoked_at.is_(None)).values(revoked_at=now)).rowcount:
        return True
    names = list(connection.scalars(select(ApiKey.name)))
    if name not in names:
        raise KeyUnknown(name, nearest(name, names))
    return False


def note_use(connection: Connection, identity: str, now: datetime.datetime, every: datetime.timedelta) -> None:
    """Record that a key was used, unless another process did so within ``every``. The time of a clock ahead is replaced."""
    last = ApiKey.last_used_at
    due = or_(last.is_(None), last <= now - every, last > now + every)
    connection.execute(update(ApiKey).where(ApiKey.id == identity, due).values(last_used_at=now))
