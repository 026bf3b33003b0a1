"""Checks of the data: a log without gaps, rows that match the log, and citations that match their sources."""

import datetime
from collections.abc import Iterator

from sqlalchemy import Connection, Select, func, not_, or_, select
from sqlalchemy.orm import aliased

from app.database.models import Citation, Company, Metric, Milestone, Product, Revision, RevisionHead, Source
from app.operations.checks.findings import Finding, data_fault, ok, warning
from app.values.dates import now

Resource = type[Company] | type[Metric] | type[Milestone] | type[Product] | type[Source]
RESOURCES: dict[str, Resource] = {
    "source": Source,
    "company": Company,
    "milestone": Milestone,
    "product": Product,
    "metric": Metric,
}
FACTS: tuple[Resource, ...] = (Milestone, Product, Metric)
_RESTORE = "Something other than this program wrote to the database. Restore a backup, or load the resource again."
_CITE = "Load the resource again with a citation that matches its source. company-profiles verify checks all citations."
_EXAMPLES = 3
_CLOCKS_DIFFER = datetime.timedelta(minutes=1)
"""Less is nothing to report."""


def check_data(connection: Connection) -> Iterator[Finding]:
    """Reads every row of the log and of the resources once."""
    yield _check_head(connection)
    yield from _summarised(
        "documents", "every resource matches its last revision", _RESTORE, [*_stale(connection), *_lost(connection)]
    )
    yield from _summarised(
        "citations",
        _citations(connection),
        _CITE,
        [*_uncited(connection)],
    )


def _citations(connection: Connection) -> str:
    claimed = _count(connection, select(Citation.id).where(Citation.checked == "claimed"))
    checked = _count(connection, select(Citation.id)) - claimed
    numbers = f"{checked:,} were compared with the text, {claimed:,} are claimed"
    return f"{checked + claimed:,} citations refer to their sources: {numbers}"


def _check_head(connection: Connection) -> Finding:
    newest = connection.scalar(select(RevisionHead.newest))
    if newest is None:
        return data_fault("log", "the row that names the newest revision is missing", _RESTORE)
    count, last, recorded_at = connection.execute(
        select(func.count(), func.max(Revision.number), func.max(Revision.recorded_at))
    ).one()
    if newest != (last or 0):
        return data_fault("log", f"the newest revision is recorded as {newest}, but the log ends with {last or 0}", _RESTORE)
    if count != newest:
        return data_fault("log", f"the log has {count} revisions but ends with number {newest}", _RESTORE)
    if newest and recorded_at > now() + _CLOCKS_DIFFER:
        message = f"the last revision is of {recorded_at:%Y-%m-%d %H:%M} UTC, which is in the future"
        return warning("log", message, "Set the clocks of all servers right. Until then, all revisions get this time.")
    return ok("log", f"{newest:,} revisions, the last at {recorded_at:%Y-%m-%d %H:%M} UTC" if newest else "no revision yet")


def _summarised(area: str, message: str, advice: str, faults: list[tuple[str, list[str]]]) -> Iterator[Finding]:
    """A finding for each kind of fault, with a few examples and the number of the others."""
    found = [(what, names) for what, names in faults if names]
    for what, names in found:
        shown = ", ".join(names[:_EXAMPLES]) + (f" and {len(names) - _EXAMPLES:,} more" if len(names) > _EXAMPLES else "")
        yield data_fault(area, f"{what}: {shown}", advice)
    if not found:
        yield ok(area, message)


def _count(connection: Connection, query: Select[int]) -> int:
    return connection.execute(select(func.count()).select_from(query.subquery())).scalar_one()


def _stale(connection: Connection) -> Iterator[tuple[str, list[str]]]:
    """Rows whose document differs from that of their last revision."""
    later = aliased(Revision)
    for kind, resource in RESOURCES.items():
        newer = select(later.number).where(later.resource_id == resource.id, later.number > resource.revision).exists()
        query = (
            select(resource.slug)
            .outerjoin(Revision, Revision.number == resource.revision)
            .where(or_(Revision.document.is_distinct_from(resource.document), newer))
        )
        yield f"{kind} rows that differ from the log", _names(connection, query)


def _lost(connection: Connection) -> Iterator[tuple[str, list[str]]]:
    """Resources that are in the log but in no table."""
    later = aliased(Revision)
    for kind, resource in RESOURCES.items():
        newer = select(later.number).where(later.resource_id == Revision.resource_id, later.number > Revision.number)
        row = select(resource.id).where(resource.id == Revision.resource_id)
        query = select(Revision.url).where(
            Revision.kind == kind, Revision.action != "delete", not_(newer.exists()), not_(row.exists())
        )
        yield f"{kind} resources of the log that have no row", _names(connection, query)


def _uncited(connection: Connection) -> Iterator[tuple[str, list[str]]]:
    for fact in FACTS:
        owner = Citation.__table__.c[f"{fact.__tablename__.removesuffix('s')}_id"]
        query = select(fact.slug).where(not_(select(Citation.id).where(owner == fact.id).exists()))
        yield f"{fact.__tablename__} without a citation", _names(connection, query)
    cited = select(Citation.sha256 + func.coalesce(" of " + Source.slug, "")).outerjoin(Source, Source.id == Citation.source_id)
    yield "citations of no source", _names(connection, cited.where(Source.id.is_(None)))
    yield (
        "citations beyond the end of their source",
        _names(connection, cited.where(Citation.end_character > Source.length, Citation.edition.is_(None))),
    )
    for name, column in (("citations", Citation.sha256), ("sources", Source.sha256)):
        malformed = select(column).where(not_(column.regexp_match("^[0-9a-f]{64}$")))
        yield f"invalid digests of {name}", _names(connection, malformed)


def _names(connection: Connection, query: Select[str]) -> list[str]:
    return list(connection.scalars(query))
