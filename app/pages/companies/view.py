"""The page of a company, arranged from its profile. Nothing here computes what the API does not say, but counts."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple

from app.api.companies.schemas import Profile
from app.pages.companies.reading import CompanyRead
from app.pages.drawings.charts import Series, disagreements, series_of
from app.pages.drawings.dates import DateMark, mark_of
from app.pages.drawings.years import Years
from app.records.metric import Growth, Metric
from app.records.milestone import Milestone
from app.records.product import Product
from app.values.dates import FactDate

MOST_OF_A_KIND = 50
"""Facts of a kind on the page; the whole list is one link away."""
Order = Literal["date", "category"]


class Entry(NamedTuple):
    """A dated milestone or product in the timeline."""

    fact: Milestone | Product
    title: str
    date: FactDate
    mark: DateMark


@dataclass(frozen=True)
class CompanyView:
    """What the template of a company shows."""

    found: CompanyRead
    order: Order

    @property
    def profile(self) -> Profile:
        return self.found.profile

    @cached_property
    def milestones(self) -> list[Milestone]:
        return self.profile.milestones.items[:MOST_OF_A_KIND]

    @cached_property
    def products(self) -> list[Product]:
        return self.profile.products.items[:MOST_OF_A_KIND]

    @cached_property
    def metrics(self) -> list[Metric]:
        return self.profile.metrics.items[:MOST_OF_A_KIND]

    @property
    def left_out(self) -> list[tuple[str, str]]:
        """The kinds of which the page shows only the first, with the URLs of the whole lists."""
        company = self.profile.company
        parts = (
            ("milestones", len(self.profile.milestones.items), company.milestones_url),
            ("products", len(self.profile.products.items), company.products_url),
            ("metrics", len(self.profile.metrics.items), company.metrics_url),
        )
        return [(kind, url) for kind, count, url in parts if count > MOST_OF_A_KIND]

    @cached_property
    def _dated(self) -> list[tuple[Milestone | Product, str, FactDate]]:
        milestones = [(one, one.title, one.date) for one in self.milestones if one.date is not None]
        products = [(one, one.name, one.launched) for one in self.products if one.launched is not None]
        return [*milestones, *products]

    @cached_property
    def years(self) -> Years:
        return Years.around(date for _, _, date in self._dated)

    @cached_property
    def entries(self) -> list[Entry]:
        """The timeline: by date, or by category and then by date."""
        entries = [Entry(fact, title, date, mark_of(date, self.years)) for fact, title, date in self._dated]
        entries.sort(key=lambda entry: (entry.date.earliest or entry.date.latest, entry.date.latest is None, entry.date.latest))
        if self.order == "category":
            entries.sort(key=lambda entry: entry.fact.category)
        return entries

    @cached_property
    def share_without_date(self) -> tuple[int, int] | None:
        """How many of the company's milestones have no date; None if all have one, or if not all are known here."""
        milestones = self.profile.milestones
        undated = sum(milestone.date is None for milestone in milestones.items)
        return (undated, len(milestones.items)) if undated and milestones.more is None else None

    @cached_property
    def undated(self) -> list[Milestone]:
        return [milestone for milestone in self.milestones if milestone.date is None]

    @cached_property
    def _series(self) -> list[Series]:
        return series_of(self.metrics)

    @property
    def charts(self) -> list[Series]:
        return [series for series in self._series if series.is_drawn]

    @property
    def cards(self) -> list[Metric]:
        """The metrics that no chart shows."""
        return [metric for series in self._series if not series.is_drawn for metric in series.metrics]

    @cached_property
    def disagreements(self) -> list[list[Metric]]:
        return disagreements(self.metrics)

    @cached_property
    def growth(self) -> dict[str, Growth]:
        """What was calculated, by the URL of the later observation."""
        return {growth.of: growth for growth in self.found.growths}

    @property
    def categories(self) -> list[tuple[str, Sequence[Product]]]:
        """The products by category."""
        groups: dict[str, list[Product]] = defaultdict(list)
        for product in self.products:
            groups[product.category].append(product)
        return sorted(groups.items())
