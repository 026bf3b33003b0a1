"""Who may do what: the key that a request carries (RFC 6750), as dependencies of endpoints."""

import datetime
from dataclasses import dataclass
from typing import Annotated

from fastapi import Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer, SecurityScopes

from app.auth.credentials import sent_key
from app.auth.key import KeyRecord, Scope
from app.auth.last_used import KeyUses
from app.auth.queries import any_key, find_key
from app.errors.problem import Problem
from app.errors.writing import InsufficientScope, ReadOnly, Unauthenticated
from app.http.dependencies import DatabaseDependency
from app.http.request_state import request_state
from app.values.dates import now

bearer = HTTPBearer(
    scheme_name="key",
    bearerFormat="cp_<id>_<secret>",
    description="A key of this server. `company-profiles keys create NAME --scope write` makes one, and shows it once.",
    auto_error=False,
)


@dataclass(frozen=True)
class Actor:
    """Who a request is from: the id and the name of its key, and every scope that it has."""

    key_id: str
    name: str
    scopes: frozenset[Scope]


async def require_key(
    needed: SecurityScopes,
    request: Request,
    database: DatabaseDependency,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Security(bearer)],
) -> Actor:
    """The owner of the key that a request carries. It is looked up each time, so that what happens to a key holds at once.

    Raises Unauthenticated and InsufficientScope, and ReadOnly where no key was ever made.
    """
    scope = Scope(needed.scopes[0])
    sent = sent_key(request.scope)
    stored = await database.read(find_key, sent.id) if sent is not None else None
    proved = sent is not None and sent.is_that_of(stored.sha256 if stored is not None else None)
    if stored is None and not await database.read(any_key):
        raise _no_key_made(scope)
    if stored is None or not proved or stored.revoked_at is not None:
        raise _unproved(scope, credentials)
    return _allowed(request, stored, scope)


def _no_key_made(scope: Scope) -> Problem:
    """Without keys nobody can write; what is read is either open to all or, for now, closed to all."""
    if scope is not Scope.READ:
        return ReadOnly(ReadOnly.example)
    return Unauthenticated("Reading needs a key here, and none was made yet. company-profiles keys create makes one.")


def _unproved(scope: Scope, credentials: HTTPAuthorizationCredentials | None) -> Problem:
    """It does not tell an unknown key from a revoked one, or a right id from a wrong one."""
    if credentials is None:
        return Unauthenticated(f"This needs a key with the scope {scope}. Send one as Authorization: Bearer …")
    return Unauthenticated("This is no key of this server, or it was revoked.", error="invalid_token")


def _allowed(request: Request, key: KeyRecord, scope: Scope) -> Actor:
    """What only the owner of a key is told: that it has expired, or is not for this."""
    request_state(request.scope).key_name = key.name
    time = now().replace(microsecond=0)
    if key.state(time) == "expired":
        raise Unauthenticated(f"The key {key.name!r} expired at {key.expires_at:%Y-%m-%d %H:%M} UTC.", error="invalid_token")
    _note_use(request, key, time)
    if scope not in key.scopes:
        raise InsufficientScope(
            f"This needs a key with the scope {scope}; the key {key.name!r} has {', '.join(key.scopes)}.", scope=scope
        )
    request_state(request.scope).is_private = True
    return Actor(key.id, key.name, frozenset(key.scopes))


def _note_use(request: Request, key: KeyRecord, time: datetime.datetime) -> None:
    uses: KeyUses = request.app.state.key_uses
    uses.note(key, time)


require_reader = Security(require_key, scopes=[Scope.READ])
"""For the ``dependencies=`` of a router whose reads are closed."""
WriterDependency = Annotated[Actor, Security(require_key, scopes=[Scope.WRITE])]
AdminDependency = Annotated[Actor, Security(require_key, scopes=[Scope.ADMIN])]
