"""Checks of identifiers: whether companies that have one in common may be one company, and whether each has its one form."""

from collections.abc import Iterator

from sqlalchemy import Connection, and_, func, or_, select

from app.database.models import CompanyIdentifier
from app.operations.checks.findings import Finding, ok, warning
from app.records.shared_identifiers import MOST_SHARED, shared_identifiers

_EXAMPLES = 3


def check_identifiers(connection: Connection) -> Iterator[Finding]:
    """Warnings only: a group may share a website, and what was loaded before a form existed is no fault of the data."""
    shared = shared_identifiers(connection)
    if shared:
        more = f" and {len(shared) - _EXAMPLES:,} more" if len(shared) > _EXAMPLES else ""
        examples = "; ".join(map(str, shared[:_EXAMPLES])) + (more if len(shared) < MOST_SHARED else " and many more")
        yield warning(
            "identifiers",
            f"several companies have one identifier: {examples}",
            "Merge companies that are one, or correct the identifier of one of them. /v1/stats lists the first 100.",
        )
    scheme, value = CompanyIdentifier.scheme, CompanyIdentifier.value
    other_form = or_(
        and_(scheme.in_(["isin", "lei", "wikidata"]), value != func.upper(value)),
        and_(scheme == "cik", func.length(value) < 10),
    )
    old = connection.execute(select(func.count()).select_from(CompanyIdentifier).where(other_form)).scalar_one()
    if old:
        yield warning(
            "identifiers",
            f"{old:,} are not in the form that their scheme has now, such as capitals",
            "Load their companies again, or write them again over HTTP.",
        )
    if not shared and not old:
        yield ok("identifiers", "no identifier belongs to several companies")
