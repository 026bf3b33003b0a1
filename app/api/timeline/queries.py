"""The SQL of the timeline: three tables merged in the order of their dates."""

import datetime
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import orjson
from sqlalchemy import (
    ColumnElement,
    Date,
    Select,
    SQLColumnExpression,
    bindparam,
    false,
    select,
    true,
    union_all,
)

from app.api.facts.filters import FACT_TABLES, FactTable, fact_conditions
from app.api.facts.queries import require_named
from app.api.timeline.parameters import TimelineParameters
from app.api.timeline.schemas import TimelineEntry
from app.database.models import Milestone, Product
from app.http.lists.listing import Listing
from app.http.lists.pages import ListStatements, first_rows, one_of, prepared, values_of
from app.http.lists.sorting import SortKey, SortOrder, by_id, first_day, undated
from app.values.resources import FactKind

COLUMNS = (
    "date.edtf", "date.text", "date.earliest", "date.latest", "kind", "company", "title", "fact.category",
    "fact.metric", "fact.value", "fact.unit", "fact.qualifier", "fact.scope", "fact.description",
    "fact.note", "fact.citations", "url", "fact.revision", "fact.updated_at",
)  # fmt: skip

_DATE_MEMBERS: dict[FactKind, str] = {"milestone": "date", "product": "launched", "metric": "period"}


def entry_of(document: str) -> str:
    """The entry of a fact as JSON: the fields that all kinds share, then the fact's document unchanged."""
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


def list_timeline(parameters: TimelineParameters) -> Listing:
    """Milestones, launches and measured periods by their first possible day; milestones without a date last."""
    kinds = tuple(dict.fromkeys(parameters.kind or FACT_TABLES))
    return Listing(
        name="timeline",
        statements=prepared(_statements, parameters, kinds),
        values=values_of(parameters),
        models=(TimelineEntry,),
        columns=COLUMNS,
        check=partial(require_named, companies=parameters.company, sources=parameters.source),
        to_item=entry_of,
    )


def _statements(parameters: TimelineParameters, kinds: Sequence[FactKind]) -> ListStatements:
    """For a page, each table contributes no more rows than the page holds."""
    descending = parameters.sort.startswith("-")
    branches = [branch for kind in kinds for branch in _branches(FACT_TABLES[kind], parameters, descending=descending)]

    def merged(selects: Iterable[Select[*tuple[Any, ...]]]) -> tuple[Select[Any], SortOrder]:
        facts = union_all(*selects).subquery("facts")
        return select(facts.c.document), _order(facts.c.day, facts.c.id, descending=descending)

    def page_rows(is_continued: bool) -> Select[Any]:  # noqa: FBT001 - called by ListStatements
        rows, order = merged(branch.first(is_continued=is_continued) for branch in branches)
        return first_rows(rows.add_columns(*order.columns), order, is_continued=False)

    return ListStatements(*merged(branch.facts for branch in branches), page_rows)


def _order(day: SQLColumnExpression[Any], identity: SQLColumnExpression[int], *, descending: bool) -> SortOrder:
    return SortOrder((SortKey(day, descending, datetime.date.fromisoformat), by_id(identity)(descending)))


@dataclass(frozen=True)
class _Branch:
    """Facts of one table, in the order of an index on their date."""

    facts: Select[str, Any, int]
    order: SortOrder

    def first(self, *, is_continued: bool) -> Select[Any]:
        """Those that may be on the page. PostgreSQL would sort whole tables to merge them, though an index has the order."""
        return select(first_rows(self.facts, self.order, is_continued=is_continued).subquery())


def _branches(table: FactTable, parameters: TimelineParameters, *, descending: bool) -> Iterator[_Branch]:
    """The parts of one table that belong to the timeline.

    Undated launches and measurements are excluded by a range of the index, because a page at the end would otherwise skip over
    all of them. Facts that really have the date which stands for "undated" in that index are found by the index for the
    other direction, in which another date stands for it.
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
    """What ``certain`` implies for the indexed day, so that only that part of the index is read."""
    if not parameters.certain:
        return []
    after = [day >= bindparam("from_", type_=Date)] if parameters.from_ else []
    return after + ([day <= bindparam("to", type_=Date)] if parameters.to else [])


def _of_category(table: FactTable, categories: list[str]) -> list[ColumnElement[bool]]:
    if not categories:
        return []
    return [one_of(table.category, "category", categories)] if table is Milestone or table is Product else [false()]
