"""The SQL of as-you-type suggestions: range scans in the indexes of names and slugs, so that size does not matter."""

from typing import Annotated, Any

from pydantic import Field
from sqlalchemy import Connection, Row, Select, literal, select, true, union_all

from app.fields import Printable, fold
from app.formats import Stamp
from app.models import Company, CompanyName, RevisionHead
from app.parameters import Parameters
from app.search.queries import correct
from app.search.schemas import Suggestion, Suggestions
from app.search.words import terms

MOST = 10
MOST_OTHER_NAMES = 50
"""Of one company; so many rows hold enough companies for certain."""


class SuggestParameters(Parameters):
    """What suggestions take."""

    q: Annotated[Printable, Field(max_length=300, description="What was typed so far.", examples=["bai"])]


def suggest(connection: Connection, parameters: SuggestParameters) -> tuple[Suggestions, Stamp]:
    """Companies whose name or slug starts so; where there are fewer than ten, also those spelt nearly so."""
    items, stamp = _starting_with(connection, fold(parameters.q.strip()), similar=False)
    if len(items) < MOST:
        corrected = correct(connection, terms(parameters.q))
        if corrected is not None:
            known = {item.company for item in items}
            more, _ = _starting_with(connection, corrected.replace('"', ""), similar=True)
            items += [item for item in more if item.company not in known]
    return Suggestions(items=items[:MOST]), stamp


def _starting_with(connection: Connection, prefix: str, *, similar: bool) -> tuple[list[Suggestion], Stamp]:
    found = union_all(*(select(rows.subquery()) for rows in _names_starting_with(prefix))).subquery()
    statement = (
        select(RevisionHead.dataset, RevisionHead.newest, found)
        .outerjoin_from(RevisionHead, found, true() if prefix else literal(1) == 0)
        .order_by(found.c.key, found.c.slug, found.c.source)
    )
    rows = connection.execute(statement).all()
    nearest: dict[str, Row[Any]] = {}
    for row in rows:
        if row.slug is not None and (row.slug not in nearest or row.source < nearest[row.slug].source):
            nearest[row.slug] = row
    items = [
        Suggestion(company=slug, url=f"/v1/companies/{slug}", name=row.name, matched=row.matched, similar=similar)
        for slug, row in nearest.items()
    ]
    return items, Stamp(rows[0].dataset, rows[0].newest)


def _names_starting_with(prefix: str) -> tuple[Select[str, str, str, str, int], ...]:
    end = prefix + "\U0010ffff"
    slug_prefix = prefix.replace(" ", "-")
    by_name = select(
        Company.name_key.label("key"), Company.slug, Company.name, Company.name.label("matched"), literal(0).label("source")
    ).where(Company.name_key.between(prefix, end))
    by_other_name = (
        select(
            CompanyName.name_key.label("key"),
            Company.slug,
            Company.name,
            CompanyName.name.label("matched"),
            literal(1).label("source"),
        )
        .join(Company, Company.id == CompanyName.company_id)
        .where(CompanyName.name_key.between(prefix, end))
    )
    by_slug = select(
        Company.slug.label("key"), Company.slug, Company.name, Company.slug.label("matched"), literal(2).label("source")
    ).where(Company.slug.between(slug_prefix, slug_prefix + "\U0010ffff"))
    return (
        by_name.order_by(Company.name_key, Company.id).limit(MOST),
        by_other_name.order_by(CompanyName.name_key, CompanyName.company_id).limit(MOST * MOST_OTHER_NAMES),
        by_slug.order_by(Company.slug).limit(MOST),
    )
