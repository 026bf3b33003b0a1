"""The SQL of comparisons: four statements in one snapshot, however many companies and facts there are."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, SQLColumnExpression, func, select, true

from app.api.compare.reasons import Observed
from app.api.compare.schemas import MOST_FACTS, Plural
from app.api.facts.filters import FactTable
from app.database.models import Company, Metric, Milestone, Product, RevisionHead
from app.database.similar_slugs import near_slugs
from app.errors.problem import FieldError
from app.errors.reading import NotFound
from app.http.conditional import Stamp
from app.http.lists.sorting import first_day


@dataclass(frozen=True)
class CompanyRow:
    """A company that is compared."""

    id: int
    slug: str
    name: str
    country: str | None


@dataclass(frozen=True)
class FactRow:
    """A product or a milestone."""

    company: str
    slug: str
    title: str
    category: str
    edtf: str | None
    text: str | None
    earliest: datetime.date | None
    latest: datetime.date | None


@dataclass(frozen=True)
class Compared:
    """What a comparison is made of. ``more`` names the kinds of each company's facts that were not all read."""

    companies: Sequence[CompanyRow]
    metrics: Sequence[Observed]
    products: Sequence[FactRow]
    milestones: Sequence[FactRow]
    more: Mapping[str, Sequence[Plural]]
    stamp: Stamp


_OBSERVED = (
    Metric.id, Company.slug, Metric.slug, Metric.metric, Metric.name, Metric.value, Metric.unit, Metric.qualifier,
    Metric.stated_as, Metric.scope, Metric.date_edtf, Metric.date_text, Metric.earliest, Metric.latest, Metric.date_uncertain,
    Metric.equivalent_value, Metric.equivalent_unit, Metric.equivalent_stated_as,
)  # fmt: skip


def read_compared(connection: Connection, slugs: Sequence[str], metrics: Sequence[str]) -> Compared:
    """Companies in the order given, with their facts. Raises NotFound that names each company that doesn't exist."""
    head = select(RevisionHead.dataset, RevisionHead.newest, Company.id, Company.slug, Company.name, Company.country)
    rows = connection.execute(head.join_from(RevisionHead, Company, true()).where(Company.slug.in_(slugs))).all()
    found = {row.slug: CompanyRow(*row[2:]) for row in rows}
    if len(found) < len(slugs):
        raise _unknown(connection, [slug for slug in slugs if slug not in found])
    reader = _Reader(connection, found)
    return Compared(
        companies=[found[slug] for slug in slugs],
        metrics=[Observed(*row) for row in reader.metrics(metrics)],
        products=[FactRow(*row) for row in reader.products()],
        milestones=[FactRow(*row) for row in reader.milestones()],
        more=reader.more,
        stamp=Stamp.of_newest(*rows[0][:2]),
    )


class _Reader:
    """Reads the first facts of each company in the order of its list, and notes if there are more."""

    def __init__(self, connection: Connection, companies: Mapping[str, CompanyRow]) -> None:
        self._connection = connection
        self._ids = [company.id for company in companies.values()]
        self.more: dict[str, list[Plural]] = {slug: [] for slug in companies}

    def metrics(self, named: Sequence[str]) -> list[list[Any]]:
        order = (Metric.metric, first_day(Metric.earliest, Metric.latest), Metric.id)
        chosen = [Metric.metric.in_(named)] if named else []
        return self._first("metrics", Metric, _OBSERVED, order, *chosen)

    def products(self) -> list[list[Any]]:
        return self._first("products", Product, _shown(Product, Product.name), (Product.name_key, Product.id))

    def milestones(self) -> list[list[Any]]:
        order = (first_day(Milestone.earliest, Milestone.latest), Milestone.id)
        return self._first("milestones", Milestone, _shown(Milestone, Milestone.title), order)

    def _first(
        self,
        kind: Plural,
        table: FactTable,
        columns: Sequence[SQLColumnExpression[Any]],
        order: Sequence[SQLColumnExpression[Any]],
        *conditions: ColumnElement[bool],
    ) -> list[list[Any]]:
        place = func.row_number().over(partition_by=table.company_id, order_by=order).label("place")
        ranked = (
            select(*(column.label(f"column_{i}") for i, column in enumerate(columns)), Company.slug.label("company"), place)
            .join_from(table, Company, table.company_id == Company.id)
            .where(table.company_id.in_(self._ids), *conditions)
            .subquery()
        )
        statement = select(ranked).where(ranked.c.place <= MOST_FACTS + 1).order_by(ranked.c.company, ranked.c.place)
        rows = []
        for *values, company, number in self._connection.execute(statement):
            if number > MOST_FACTS:
                self.more[company].append(kind)
            else:
                rows.append(values)
        return rows


def _shown(table: type[Milestone] | type[Product], title: SQLColumnExpression[str]) -> tuple[SQLColumnExpression[Any], ...]:
    """The columns of a FactRow."""
    return (
        Company.slug, table.slug, title, table.category, table.date_edtf, table.date_text, table.earliest, table.latest,
    )  # fmt: skip


def _unknown(connection: Connection, slugs: Sequence[str]) -> NotFound:
    """The problem that names each company that doesn't exist, with the nearest one that does."""
    errors = []
    for slug in slugs:
        near = next(iter(near_slugs(connection, select(Company.slug), Company.slug, slug)), None)
        errors.append(FieldError(field="companies", message=f"There is no company {slug!r}.", suggestion=near))
    found = dict.fromkeys(error.suggestion for error in errors if error.suggestion)
    return NotFound(
        " ".join(error.message + (f" {error.suggestion!r} may be meant." if error.suggestion else "") for error in errors)[:4000],
        errors=errors,
        suggestions=[f"/v1/companies/{slug}" for slug in found],
    )
