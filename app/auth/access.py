"""Authorisation: the API key of a request (RFC 6750), as dependencies of endpoints."""

import datetime
from dataclasses import dataclass
from typing import Annotated

from fastapi import Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer, SecurityScopes

from app.auth.credentials import sent_key
from app.auth.key import KeyRecord, Scope
from app.auth.last_used import KeyUses
from app.auth.queries import any_key, find_key
from app.database.database import Database
from app.errors.problem import Problem
from app.errors.writing import InsufficientScope, ReadOnly, Unauthenticated
from app.http.dependencies import DatabaseDependency
from app.http.request_state import request_state
from app.values.dates import now

bearer = HTTPBearer(
    scheme_name="key",
    bearerFormat="cp_<id>_<secret>",
    description="An API key of this server. `company-profiles keys create NAME --scope write` creates one and shows it once.",
    auto_error=False,
)


@dataclass(frozen=True)
class Actor:
    """Who sent a request: the ID, name and scopes of the API key."""

    key_id: str
    name: str
    scopes: frozenset[Scope]


async def require_key(
    needed: SecurityScopes,
    request: Request,
    database: DatabaseDependency,
    _credentials: Annotated[HTTPAuthorizationCredentials | None, Security(bearer)],
) -> Actor:
    """As ``actor_of``, for endpoints."""
    return await actor_of(request, database, Scope(needed.scopes[0]))


async def actor_of(request: Request, database: Database, scope: Scope) -> Actor:
    """The actor whose key the request carries. The key is looked up on every request, so that revoking it works immediately.

    Raises Unauthenticated and InsufficientScope, and ReadOnly if no key was ever created.
    """
    state = request_state(request.scope)
    if not isinstance(state.key, KeyRecord):
        state.key = await _stored_key(request, database, scope)
    return _allowed(request, state.key, scope)


async def _stored_key(request: Request, database: Database, scope: Scope) -> KeyRecord:
    """The key that a request sends, if it is valid and not revoked.

    A refusal takes the same statements whatever is known of the key: their time would tell whether its ID exists.
    """
    sent = sent_key(request.scope)
    stored = await database.read(find_key, sent.id, sent.sha256) if sent is not None else None
    is_valid = sent is not None and sent.is_that_of(stored.sha256 if stored is not None else None)
    if stored is not None and is_valid and stored.revoked_at is None:
        return stored
    if not await database.read(any_key):
        raise _without_keys(scope)
    raise _unauthenticated(scope, await bearer(request))


def _without_keys(scope: Scope) -> Problem:
    """Without keys nobody can write. Reads are open to all or, until a key is created, closed to all."""
    if scope is not Scope.READ:
        return ReadOnly()
    return Unauthenticated("Reading requires an API key, and none exists yet. Create one with company-profiles keys create.")


def _unauthenticated(scope: Scope, credentials: HTTPAuthorizationCredentials | None) -> Problem:
    """The problem does not reveal whether a key is unknown or revoked, or whether its ID exists."""
    if credentials is None:
        return Unauthenticated(f"This requires an API key with the scope {scope}. Send it as Authorization: Bearer …")
    return Unauthenticated("Unknown or revoked API key.", error="invalid_token")


def _allowed(request: Request, key: KeyRecord, scope: Scope) -> Actor:
    """The actor, if the key has not expired and has the scope. Only the owner of a key learns which of these is wrong."""
    request_state(request.scope).key_name = key.name
    time = now().replace(microsecond=0)
    if key.state(time) == "expired":
        raise Unauthenticated(f"The key {key.name!r} expired at {key.expires_at:%Y-%m-%d %H:%M} UTC.", error="invalid_token")
    _note_use(request, key, time)
    if scope not in key.scopes:
        raise InsufficientScope(
            f"This requires an API key with the scope {scope}; the key {key.name!r} has {', '.join(key.scopes)}.", scope=scope
        )
    request_state(request.scope).is_private = True
    return Actor(key.id, key.name, frozenset(key.scopes))


def _note_use(request: Request, key: KeyRecord, time: datetime.datetime) -> None:
    uses: KeyUses = request.app.state.key_uses
    uses.note(key, time)


require_reader = Security(require_key, scopes=[Scope.READ])
"""For the ``dependencies=`` of a router whose reads require a key."""
WriterDependency = Annotated[Actor, Security(require_key, scopes=[Scope.WRITE])]
AdminDependency = Annotated[Actor, Security(require_key, scopes=[Scope.ADMIN])]
