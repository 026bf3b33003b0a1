"""The SQL of suggestions: range scans of the indexes on names and slugs, so that the number of companies doesn't matter."""

from typing import NamedTuple

from sqlalchemy import Connection, Select, String, bindparam, literal, select, true, union_all

from app.api.search.corrections import correct
from app.api.search.parameters import SuggestParameters
from app.api.search.schemas import Suggestion, Suggestions
from app.database.models import Company, CompanyName, RevisionHead
from app.database.prepared import PreparedStatement
from app.database.snapshots import require_one_snapshot
from app.http.conditional import Stamp
from app.search.words import terms
from app.values.text import fold

MOST = 10
MOST_OTHER_NAMES = 50
"""Of one company; this many rows certainly hold enough companies."""


_END = "\U0010ffff"
"""Sorts after every character of a name."""


def _names_starting_so() -> tuple[Select[str, str, str, str, int], ...]:
    first, last = bindparam("first", type_=String), bindparam("last", type_=String)
    by_name = select(
        Company.name_key.label("key"), Company.slug, Company.name, Company.name.label("matched"), literal(0).label("source")
    ).where(Company.name_key.between(first, last))
    by_other_name = (
        select(
            CompanyName.name_key.label("key"),
            Company.slug,
            Company.name,
            CompanyName.name.label("matched"),
            literal(1).label("source"),
        )
        .join(Company, Company.id == CompanyName.company_id)
        .where(CompanyName.name_key.between(first, last))
    )
    by_slug = select(
        Company.slug.label("key"), Company.slug, Company.name, Company.slug.label("matched"), literal(2).label("source")
    ).where(Company.slug.between(bindparam("first_slug", type_=String), bindparam("last_slug", type_=String)))
    return (
        by_name.order_by(Company.name_key, Company.id).limit(MOST),
        by_other_name.order_by(CompanyName.name_key, CompanyName.company_id).limit(MOST * MOST_OTHER_NAMES),
        by_slug.order_by(Company.slug).limit(MOST),
    )


_FOUND = union_all(*(select(rows.subquery()) for rows in _names_starting_so())).subquery()
_STARTING_SO = PreparedStatement(
    select(RevisionHead.dataset, RevisionHead.newest, _FOUND)
    .outerjoin_from(RevisionHead, _FOUND, true())
    .order_by(_FOUND.c.key, _FOUND.c.slug, _FOUND.c.source)
)


class _Start(NamedTuple):
    """A company with a name or slug that has the prefix; ``slug`` is None if there is none."""

    dataset: str
    newest: int
    key: str
    slug: str | None
    name: str
    matched: str
    source: int


def suggest(connection: Connection, parameters: SuggestParameters) -> tuple[Suggestions, Stamp]:
    """Companies whose name or slug has the prefix and, if these are few, similar spellings after them.

    Raises SnapshotChanged.
    """
    items, stamp = _starting_with(connection, fold(parameters.q.strip()), similar=False)
    if len(items) < MOST:
        corrected = correct(connection, terms(parameters.q))
        last_seen = corrected.first_seen or stamp
        if corrected.query is not None:
            known = {item.company for item in items}
            more, last_seen = _starting_with(connection, corrected.query.replace('"', ""), similar=True)
            items += [item for item in more if item.company not in known]
        require_one_snapshot(stamp, last_seen)
    return Suggestions(items=items[:MOST]), stamp


def _starting_with(connection: Connection, prefix: str, *, similar: bool) -> tuple[list[Suggestion], Stamp]:
    slug = prefix.replace(" ", "-")
    nothing = {"first": _END, "last": "", "first_slug": _END, "last_slug": ""}
    bounds = {"first": prefix, "last": prefix + _END, "first_slug": slug, "last_slug": slug + _END}
    rows = [_Start(*row) for row in _STARTING_SO.rows(connection, bounds if prefix else nothing)]
    nearest: dict[str, _Start] = {}
    for row in rows:
        if row.slug is not None and (row.slug not in nearest or row.source < nearest[row.slug].source):
            nearest[row.slug] = row
    items = [
        Suggestion(company=slug, url=f"/v1/companies/{slug}", name=row.name, matched=row.matched, similar=similar)
        for slug, row in nearest.items()
    ]
    return items[:MOST], Stamp.of_newest(rows[0].dataset, rows[0].newest)
