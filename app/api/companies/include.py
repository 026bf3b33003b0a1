"""``include=``: companies with their facts in one response, at a constant number of statements."""

from collections.abc import Callable, Sequence

import orjson
from sqlalchemy import Connection, Select, SQLColumnExpression, func, select

from app.api.companies.counts import count_facts
from app.api.companies.parameters import MOST_INCLUDED, CompaniesWithFactsParameters
from app.api.companies.queries import one_company
from app.api.facts.filters import FactTable
from app.database.models import Company, Metric, Milestone, Product
from app.errors.reading import InvalidParameters
from app.http.conditional import Stamp
from app.http.lists.pages import newest_stamp
from app.http.lists.sorting import first_day
from app.http.negotiation import Format

_ORDERS: dict[str, tuple[FactTable, tuple[SQLColumnExpression[object], ...]]] = {
    "milestones": (Milestone, (first_day(Milestone.earliest, Milestone.latest),)),
    "products": (Product, (Product.name_key,)),
    "metrics": (Metric, (Metric.metric, first_day(Metric.earliest, Metric.latest))),
}


def facts_to_include(include: str | None) -> tuple[str, ...]:
    """The kinds of facts that ``include`` names, each once, in the order in which they are served."""
    wanted = include.split(",") if include else []
    return tuple(kind for kind in _ORDERS if kind in wanted)


def require_json(include: str | None, format: Format, *, counts: bool = False) -> None:
    """Raises InvalidParameters if facts or counts are requested in a format that has no place for them."""
    if (include or counts) and format is not Format.JSON:
        name = "include" if include else "counts"
        raise InvalidParameters.on(name, f"{name} is for JSON, not for {format.value}; leave it out, or use format=json")


def read_company_with_facts(connection: Connection, company: str, kinds: Sequence[str]) -> tuple[str, Stamp]:
    """The document of a company with facts, in one snapshot. Raises NotFound with the nearest slugs."""
    document, _ = one_company(connection, company)
    stamp = newest_stamp(connection)
    return _include(connection, [document], kinds)[0], stamp


def including(parameters: CompaniesWithFactsParameters) -> Callable[[Connection, list[str]], list[str]] | None:
    """A function that adds facts and counts to documents of companies; None if there is nothing to add."""
    kinds = facts_to_include(parameters.include)
    if parameters.counts:
        return lambda connection, documents: with_counts(connection, _include(connection, documents, kinds))
    return (lambda connection, documents: _include(connection, documents, kinds)) if kinds else None


def with_counts(connection: Connection, documents: list[str]) -> list[str]:
    """The documents of companies with the numbers of their facts and sources."""
    slugs = [orjson.loads(document)["slug"] for document in documents]
    counts = (orjson.dumps(numbers).decode() for numbers in count_facts(connection, slugs).values())
    return [f'{document[:-1]},"counts":{numbers}}}' for numbers, document in zip(counts, documents, strict=True)]


def _include(connection: Connection, documents: list[str], kinds: Sequence[str]) -> list[str]:
    if not kinds:
        return documents
    slugs = [orjson.loads(document)["slug"] for document in documents]
    found = {kind: _facts_by_company(connection, kind, slugs) for kind in kinds}
    return [
        f"{document[:-1]},{','.join(_part(kind, slug, found[kind].get(slug, [])) for kind in kinds)}}}"
        for slug, document in zip(slugs, documents, strict=True)
    ]


def _facts_by_company(connection: Connection, kind: str, slugs: Sequence[str]) -> dict[str, list[str]]:
    facts: dict[str, list[str]] = {}
    for slug, document in connection.execute(_first_facts(kind, slugs)):
        facts.setdefault(slug, []).append(document)
    return facts


def _first_facts(kind: str, slugs: Sequence[str]) -> Select[str, str]:
    table, order = _ORDERS[kind]
    position = func.row_number().over(partition_by=table.company_id, order_by=(*order, table.id)).label("position")
    numbered = (
        select(Company.slug, table.document, position)
        .join(Company, Company.id == table.company_id)
        .where(Company.slug.in_(slugs))
        .subquery()
    )
    first = select(numbered.c.slug, numbered.c.document).where(numbered.c.position <= MOST_INCLUDED + 1)
    return first.order_by(numbered.c.slug, numbered.c.position)


def _part(kind: str, slug: str, documents: list[str]) -> str:
    more = f'"/v1/companies/{slug}/{kind}"' if len(documents) > MOST_INCLUDED else "null"
    return f'"{kind}":{{"items":[{",".join(documents[:MOST_INCLUDED])}],"more":{more}}}'
