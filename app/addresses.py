"""Addresses that resources had: where they lead once a slug has changed, two companies are merged, or one is deleted."""

from collections.abc import Sequence

import orjson
from sqlalchemy import Connection, delete, insert, select, update

from app.models import Base, Company, FormerAddress, Revision, RevisionHead
from app.revisions import PLURALS, Kind
from app.write_errors import Gone


class Moved(Exception):
    """What is asked for has another address. The answer is a permanent redirect (RFC 9110, section 15.4.9) to it.

    ``former`` is the address of the resource, with which the asked one starts.
    """

    def __init__(self, former: str, current: str) -> None:
        super().__init__(former, current)
        self.former = former
        self.current = current


def address_of(document: str) -> str:
    """The address in a resource's document."""
    address: str = orjson.loads(document)["url"]
    return address


def leave_addresses(connection: Connection, kind: Kind, left: Sequence[tuple[str, int]]) -> None:
    """Note that resources had these addresses: pairs of an address and an id."""
    if left:
        connection.execute(delete(FormerAddress).where(FormerAddress.address.in_([address for address, _ in left])))
        rows = [{"address": address, "kind": kind, "resource_id": identity} for address, identity in left]
        connection.execute(insert(FormerAddress), rows)


def hand_over_addresses(connection: Connection, former_id: int, current_id: int) -> None:
    """Let every address that led to a resource lead to another one, into which it was merged."""
    to_current = update(FormerAddress).where(FormerAddress.resource_id == former_id).values(resource_id=current_id)
    connection.execute(to_current)


def resource_at(connection: Connection, kind: Kind, slug: str, company: str | None = None) -> int | None:
    """The id of what has an address, or had it until it was deleted; None where nothing did. Raises Moved."""
    identity = id_at(connection, kind, slug, company)
    if identity is not None:
        return identity
    address = f"/v1/{PLURALS[kind]}/{slug}" if company is None else f"/v1/companies/{company}/{PLURALS[kind]}/{slug}"
    try:
        follow(connection, address)
    except Gone:
        return connection.execute(select(FormerAddress.resource_id).where(FormerAddress.address == address)).scalar()
    return None


def id_at(connection: Connection, kind: Kind, slug: str, company: str | None = None) -> int | None:
    """The id of what has an address now."""
    table = Base.metadata.tables[PLURALS[kind]]
    query = select(table.c.id).where(table.c.slug == slug)
    if company is not None:
        query = query.where(table.c.company_id == select(Company.id).where(Company.slug == company).scalar_subquery())
    return connection.execute(query).scalar()


def follow(connection: Connection, address: str) -> None:
    """Raises Moved or Gone where something had the address, which nothing has now."""
    row = connection.execute(
        select(FormerAddress.kind, FormerAddress.resource_id).where(FormerAddress.address == address)
    ).one_or_none()
    if row is None:
        return
    table = Base.metadata.tables[PLURALS[row.kind]]
    document = connection.execute(select(table.c.document).where(table.c.id == row.resource_id)).scalar()
    if document is not None:
        raise Moved(address, address_of(document))
    newest = select(RevisionHead.newest).scalar_subquery()
    of_resource = select(Revision.number).where(Revision.resource_id == row.resource_id, Revision.number <= newest)
    last = connection.execute(of_resource.order_by(Revision.number.desc()).limit(1)).scalar()
    if last is not None:
        raise Gone(
            f"This was deleted in revision {last}. Its past stays readable with as_of={last - 1}.",
            suggestions=[f"{address}/history", f"{address}?as_of={last - 1}"],
        )
