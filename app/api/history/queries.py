"""The SQL of histories: the revisions of one resource, from the log alone."""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from app.api.companies.queries import one_company
from app.api.facts.filters import FACT_TABLES
from app.api.facts.queries import one_fact
from app.api.history.parameters import HistoryParameters
from app.api.history.schemas import HistoryEntry, HistoryPage
from app.api.sources.queries import one_source
from app.database.models import Revision
from app.http.conditional import Stamp
from app.http.lists.cursors import encode_cursor, receive_cursor
from app.http.lists.pages import cursor_secret, newest_stamp
from app.http.lists.sorting import SortOrder, by_id
from app.http.parameters import query_pairs
from app.http.responses import next_url
from app.revisions.diff import differences
from app.revisions.former_addresses import resource_at
from app.values.resources import Kind

_ORDER = SortOrder((by_id(Revision.number)(True),))  # noqa: FBT003 - descending


@dataclass(frozen=True)
class Resource:
    """The resource of a history: a kind, a slug, and the company of a fact."""

    kind: Kind
    slug: str
    company: str | None = None


def read_history(
    connection: Connection, resource: Resource, parameters: HistoryParameters, path: str
) -> tuple[HistoryPage, Stamp]:
    """A page of the history of a resource that exists or existed. Raises NotFound, Moved and InvalidCursor."""
    identity = resource_at(connection, resource.kind, resource.slug, resource.company)
    if identity is None:
        refuse_missing(connection, resource)
        raise RuntimeError(f"{path} is read but not found")
    stamp = newest_stamp(connection)
    query = select(Revision).where(Revision.resource_id == identity).order_by(Revision.number.desc())
    if parameters.cursor is not None:
        received = receive_cursor(parameters.cursor, _ORDER.readers)
        received.require_seal(path, cursor_secret(connection))
        query = query.where(_ORDER.after(received.values))
    # One row more than the page: the last revision of the page is compared with it.
    rows = connection.execute(query.limit(parameters.limit + 1)).all()
    entries = [
        HistoryEntry(
            revision=row.number,
            recorded_at=row.recorded_at,
            actor=row.actor,
            reason=row.reason,
            action=row.action,
            url=row.url,
            changes=differences(before.document if before else None, row.document) if row.document else [],
        )
        for row, before in zip(rows[: parameters.limit], [*rows[1:], None][: parameters.limit], strict=False)
    ]
    is_last = len(rows) <= parameters.limit
    cursor = None if is_last else encode_cursor([entries[-1].revision], path, cursor_secret(connection))
    return HistoryPage(items=entries, next=next_url(path, query_pairs(parameters), cursor)), stamp


def refuse_missing(connection: Connection, resource: Resource) -> None:
    """Raises the problem that reading the resource raises."""
    if resource.kind == "source":
        one_source(connection, resource.slug)
    elif resource.kind == "company" or resource.company is None:
        one_company(connection, resource.slug)
    else:
        one_fact(connection, FACT_TABLES[resource.kind], resource.company, resource.slug)
