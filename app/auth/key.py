"""An API key as the database stores it."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal


class Scope(StrEnum):
    """What a key permits. Each scope includes those before it."""

    READ = "read"
    WRITE = "write"
    ADMIN = "admin"

    @property
    def included(self) -> tuple["Scope", ...]:
        """This scope and those that it includes."""
        order = tuple(Scope)
        return order[: order.index(self) + 1]


def every_scope(given: Iterable[Scope]) -> tuple[Scope, ...]:
    """The given scopes and all that they include, in order."""
    included = {scope for one in given for scope in one.included}
    return tuple(scope for scope in Scope if scope in included)


State = Literal["active", "expired", "revoked"]


@dataclass(frozen=True)
class KeyRecord:
    """A key without its secret. Times are in UTC, to the second."""

    id: str
    name: str
    sha256: str = field(repr=False)
    scopes: tuple[Scope, ...]
    created_at: datetime.datetime
    expires_at: datetime.datetime | None
    revoked_at: datetime.datetime | None
    last_used_at: datetime.datetime | None

    def state(self, now: datetime.datetime) -> State:
        """Whether the key can be used. A revoked key stays revoked, even after it would have expired."""
        if self.revoked_at is not None:
            return "revoked"
        return "expired" if self.expires_at is not None and self.expires_at <= now else "active"
