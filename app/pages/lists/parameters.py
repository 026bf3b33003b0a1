"""Parameters of the pages that list companies, sources and metrics, and the addresses of the same list in another order."""

from typing import Annotated, NamedTuple

from pydantic import BaseModel, Field

from app.api.companies.parameters import CompaniesParameters
from app.api.facts.metrics.parameters import MetricsParameters
from app.api.sources.parameters import SourcesParameters
from app.http.lists.parameters import Cursor, sort_by
from app.http.responses import url_of
from app.records.source import SourceType
from app.values.text import CountryCode


class Column(NamedTuple):
    """The heading of a column: its name, the list sorted by it, and whether it is sorted so now."""

    name: str
    url: str
    direction: str | None


class ListPageParameters(BaseModel):
    """Parameters of every list. Unknown ones are ignored: what shares a link adds its own."""

    cursor: Cursor = None
    sort: str

    def pairs(self) -> list[tuple[str, str]]:
        """The parameters that were given, but the page, as a query."""
        given = self.model_dump(exclude={"cursor"}, exclude_unset=True)
        return [
            (name, str(one))
            for name, value in given.items()
            for one in (value if isinstance(value, list) else [value])
            if one is not None
        ]

    def url(self, path: str, **changed: str | None) -> str:
        """The address of the list with other parameters; None leaves one out."""
        kept = [pair for pair in self.pairs() if pair[0] not in changed]
        pairs = [*kept, *((name, value) for name, value in changed.items() if value is not None)]
        return url_of(path, pairs) if pairs else path

    def column(self, name: str, path: str, key: str) -> Column:
        """A column that the list can be sorted by, in the other direction if it is already."""
        descends = self.sort == f"-{key}"
        direction = "descending" if descends else "ascending" if self.sort == key else None
        return Column(name, self.url(path, sort=f"-{key}" if direction == "ascending" else key), direction)


class CompaniesPageParameters(ListPageParameters):
    """The companies of a country, or all."""

    country: Annotated[list[CountryCode], Field(max_length=20)] = []
    sort: Annotated[str, sort_by("name", "country", "founded")] = "name"

    def of_list(self) -> CompaniesParameters:
        """The parameters of the API's list."""
        return CompaniesParameters.model_validate(self.model_dump(exclude_unset=True))


class MetricPageParameters(ListPageParameters):
    """The values of one metric."""

    sort: Annotated[str, sort_by("company", "period", "value")] = "company"

    def of_metric(self, metric: str) -> MetricsParameters:
        """The parameters of the API's list."""
        order = {"company": "company,period", "-company": "-company,period"}.get(self.sort, self.sort)
        return MetricsParameters.model_validate({"metric": [metric], "sort": order, "cursor": self.cursor})


class SourcesPageParameters(ListPageParameters):
    """The sources of a type, or all."""

    type: Annotated[list[SourceType], Field(max_length=20)] = []
    sort: Annotated[str, sort_by("title", "published")] = "title"

    def of_list(self) -> SourcesParameters:
        """The parameters of the API's list."""
        return SourcesParameters.model_validate(self.model_dump(exclude_unset=True))
