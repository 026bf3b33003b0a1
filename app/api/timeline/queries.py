"""The SQL of the timeline: three tables merged in the order of their dates."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import orjson
from sqlalchemy import (
    ColumnElement,
    Dialect,
    Select,
    SQLColumnExpression,
    Text,
    TypeDecorator,
    false,
    select,
    true,
    type_coerce,
    union_all,
)
from sqlalchemy.types import TypeEngine

from app.api.facts.filters import FACT_TABLES, FactTable, fact_conditions
from app.api.facts.queries import require_named
from app.api.timeline.parameters import TimelineParameters
from app.api.timeline.schemas import TimelineEntry
from app.database.models import Milestone, Product
from app.http.lists.listing import Listing, page_request
from app.http.lists.pages import among_page
from app.http.lists.sorting import SortKey, SortOrder, by_id, first_day, undated
from app.values.resources import FactKind

COLUMNS = (
    "date.edtf", "date.text", "date.earliest", "date.latest", "kind", "company", "title", "fact.category",
    "fact.metric", "fact.value", "fact.unit", "fact.qualifier", "fact.scope", "fact.description",
    "fact.note", "fact.citations", "url", "fact.revision", "fact.updated_at",
)  # fmt: skip

_DATE_MEMBERS: dict[FactKind, str] = {"milestone": "date", "product": "launched", "metric": "period"}


class EntryText(TypeDecorator[str]):
    """A fact's document that is read as the timeline's entry, so that a timeline is a list like any other."""

    impl: TypeEngine[Any] | type[TypeEngine[Any]] = Text
    cache_ok: bool | None = True

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy's signature
        return None if value is None else entry_of(value)


def entry_of(document: str) -> str:
    """The entry of a fact as JSON: what all kinds have in common, and then the document as it is."""
    fact = orjson.loads(document)
    common = {
        "date": fact[_DATE_MEMBERS[fact["kind"]]],
        "kind": fact["kind"],
        "company": fact["company"],
        "company_url": fact["company_url"],
        "title": fact["title"] if "title" in fact else fact["name"],
        "url": fact["url"],
    }
    return f'{orjson.dumps(common).decode()[:-1]},"fact":{document}}}'


def list_timeline(parameters: TimelineParameters, path: str, *, whole: bool) -> Listing:
    """Milestones, launches and measured periods by their first possible day; milestones without a date last.

    Unless the list is read or counted whole, each table gives no more than the page has room for.
    """
    descending = parameters.sort.startswith("-")
    branches = [
        branch
        for kind in dict.fromkeys(parameters.kind or FACT_TABLES)
        for branch in _branches(FACT_TABLES[kind], parameters, descending=descending)
    ]
    selects = [branch.facts for branch in branches] if whole else [branch.first(parameters, path) for branch in branches]
    facts = union_all(*selects).subquery("facts")
    return Listing(
        name="timeline",
        rows=select(type_coerce(facts.c.document, EntryText).label("document")),
        order=_order(facts.c.day, facts.c.id, descending=descending),
        models=(TimelineEntry,),
        columns=COLUMNS,
        check=partial(require_named, companies=parameters.company, sources=parameters.source),
    )


def _order(day: SQLColumnExpression[Any], identity: SQLColumnExpression[int], *, descending: bool) -> SortOrder:
    return SortOrder((SortKey(day, descending, datetime.date.fromisoformat), by_id(identity)(descending)))


@dataclass(frozen=True)
class _Branch:
    """Facts of one table, and the order that an index on their date has them in."""

    facts: Select[str, Any, int]
    order: SortOrder

    def first(self, parameters: TimelineParameters, path: str) -> Select[Any]:
        """Those among which the page's are. PostgreSQL merges whole tables by sorting them, though an index has the order."""
        facts = among_page(self.facts, self.order, page_request(parameters, path))
        return select(facts.subquery())


def _branches(table: FactTable, parameters: TimelineParameters, *, descending: bool) -> Iterator[_Branch]:
    """What the timeline has of one table.

    Launches and measurements without a date are no part of it. They are left out by a range of the index, since
    a page at the end would otherwise pass over all of them; what has the very date that stands for none in that
    index is found by the other one, where another date stands for it.
    """
    day, other_day = (first_day(table.earliest, table.latest, descending=turned) for turned in (descending, not descending))
    none = undated(descending)
    parts: list[ColumnElement[bool]]
    if table is Milestone:
        parts = [day <= none if descending else day >= none] if parameters.dated is False else [true()]
    elif parameters.dated is False:
        parts = [false()]
    else:
        parts = [day > none if descending else day < none, other_day == none]
    facts: Select[str, Any, int] = select(table.document, day.label("day"), table.id).where(
        *fact_conditions(table, parameters), *_of_category(table, parameters.category), *_within(day, parameters)
    )
    for part in parts:
        yield _Branch(facts.where(part), _order(day, table.id, descending=descending))


def _within(day: SQLColumnExpression[Any], parameters: TimelineParameters) -> list[ColumnElement[bool]]:
    """What ``certain`` implies of the day that the index is on, so that only that part of it is read."""
    if not parameters.certain:
        return []
    after = [day >= parameters.from_] if parameters.from_ else []
    return after + ([day <= parameters.to] if parameters.to else [])


def _of_category(table: FactTable, categories: list[str]) -> list[ColumnElement[bool]]:
    if not categories:
        return []
    return [table.category.in_(categories)] if table is Milestone or table is Product else [false()]
