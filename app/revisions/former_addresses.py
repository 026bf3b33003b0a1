"""Former URLs of resources, and where they lead after a slug changed, companies were merged, or a resource was deleted."""

from collections.abc import Sequence
from typing import NamedTuple

import orjson
from sqlalchemy import Connection, Select, delete, exists, func, insert, select
from sqlalchemy.orm import aliased

from app.database.models import Base, Company, FormerAddress, Revision, RevisionHead
from app.errors.writing import Gone
from app.values.resources import PLURALS, Kind, resource_url


class Moved(Exception):
    """The requested resource has moved. The response to a read is a permanent redirect (RFC 9110, section 15.4.9) to its new URL.

    ``former`` is the URL that the resource had; the requested URL starts with it. ``is_rename`` is false if a change sent to
    that URL may be meant for another resource: it was merged into this one, or had the URL at another time.
    """

    def __init__(self, former: str, current: str, *, is_rename: bool) -> None:
        super().__init__(former, current)
        self.former = former
        self.current = current
        self.is_rename = is_rename


def address_of(document: str) -> str:
    """The URL in a document of a resource."""
    address: str = orjson.loads(document)["url"]
    return address


class Left(NamedTuple):
    """A URL that a resource had until a revision."""

    url: str
    identity: int
    revision: int


def leave_addresses(connection: Connection, kind: Kind, left: Sequence[Left]) -> None:
    """Notes the URLs that resources of a kind had until now."""
    _lead(connection, [(url, revision, kind, identity) for url, identity, revision in left])


def hand_over_addresses(connection: Connection, former_id: int, current_id: int) -> None:
    """Redirects every URL that led to a deleted resource to another one, into which it was merged."""
    deleted = _newest_revisions(connection, [former_id])[former_id]
    rows = connection.execute(_LEADING.where(FormerAddress.resource_id == former_id)).all()
    connection.execute(delete(FormerAddress).where(FormerAddress.resource_id == former_id, FormerAddress.since == deleted))
    _lead(connection, [(row.address, deleted, row.kind, current_id) for row in rows])


def take_addresses_back(connection: Connection, identity: int, deleted: int) -> None:
    """Gives a restored resource back the URLs that were handed over in the revision which deleted it."""
    restored = _newest_revisions(connection, [identity])[identity]
    had = _ALIAS.address == FormerAddress.address
    handed_over = _LEADING.join(_ALIAS, had).where(_ALIAS.resource_id == identity, FormerAddress.since == deleted)
    rows = connection.execute(handed_over.distinct()).all()
    _lead(connection, [(row.address, restored, row.kind, identity) for row in rows if row.resource_id != identity])


_ALIAS = aliased(FormerAddress)
_LATER = exists().where(_ALIAS.address == FormerAddress.address, _ALIAS.since > FormerAddress.since).correlate(FormerAddress)
_LEADING = select(FormerAddress.address, FormerAddress.kind, FormerAddress.resource_id).where(~_LATER)
"""The resource that each URL leads to now."""


def _newest_revisions(connection: Connection, identities: Sequence[int]) -> dict[int, int]:
    number = func.max(Revision.number).label("newest")
    newest = select(Revision.resource_id, number).where(Revision.resource_id.in_(identities)).group_by(Revision.resource_id)
    return {row.resource_id: row.newest for row in connection.execute(newest)}


def _lead(connection: Connection, led: Sequence[tuple[str, int, str, int]]) -> None:
    """Redirects URLs, each from a revision on, to a resource of a kind."""
    if led:
        names = ("address", "since", "kind", "resource_id")
        connection.execute(insert(FormerAddress), [dict(zip(names, row, strict=True)) for row in led])


def resource_at(connection: Connection, kind: Kind, slug: str, company: str | None = None) -> int | None:
    """The id of the resource that has a URL, or had it until it was deleted; None if there was none. Raises Moved."""
    identity = id_at(connection, kind, slug, company)
    if identity is not None:
        return identity
    address = resource_url(kind, slug, company)
    try:
        follow(connection, address)
    except Gone:
        return connection.execute(_last_at(address)).scalar()
    return None


def id_at(connection: Connection, kind: Kind, slug: str, company: str | None = None) -> int | None:
    """The id of the resource that has a URL now."""
    table = Base.metadata.tables[PLURALS[kind]]
    query = select(table.c.id).where(table.c.slug == slug)
    if company is not None:
        query = query.where(table.c.company_id == select(Company.id).where(Company.slug == company).scalar_subquery())
    return connection.execute(query).scalar()


def follow(connection: Connection, address: str) -> None:
    """Raises Moved or Gone if a resource had the URL and none has it now."""
    row = connection.execute(_last_at(address)).one_or_none()
    if row is None:
        return
    table = Base.metadata.tables[PLURALS[row.kind]]
    document = connection.execute(select(table.c.document).where(table.c.id == row.resource_id)).scalar()
    if document is not None:
        raise Moved(address, address_of(document), is_rename=_is_rename(connection, address, row.resource_id))
    newest = select(RevisionHead.newest).scalar_subquery()
    of_resource = select(Revision.number).where(Revision.resource_id == row.resource_id, Revision.number <= newest)
    last = connection.execute(of_resource.order_by(Revision.number.desc()).limit(1)).scalar()
    if last is not None:
        raise Gone(
            f"This was deleted in revision {last}. Its past stays readable with as_of={last - 1}.",
            suggestions=[f"{address}/history", f"{address}?as_of={last - 1}"],
        )


def _is_rename(connection: Connection, address: str, identity: int) -> bool:
    """Whether no other resource than this one ever left the URL. Each was left in a revision of the resource that had it."""
    had = select(Revision.number).join(FormerAddress, FormerAddress.since == Revision.number)
    others = had.where(FormerAddress.address == address, Revision.resource_id != identity)
    return connection.execute(others.limit(1)).first() is None


def _last_at(address: str) -> Select[int, str]:
    """The resource that last had a URL, as of the newest revision: its id and kind."""
    newest = select(RevisionHead.newest).scalar_subquery()
    had = select(FormerAddress.resource_id, FormerAddress.kind).where(FormerAddress.address == address)
    return had.where(FormerAddress.since <= newest).order_by(FormerAddress.since.desc()).limit(1)
