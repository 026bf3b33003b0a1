"""The kinds of resources: companies, sources, milestones, products and metrics."""

from typing import Unpack

from . import filters, models
from .methods import Listing, Transport, listing, method
from .records import Fields, Input, Patch, Records, Stored


class Companies(Records[Transport, models.Company, models.CompanyInput, models.CompanyPatch]):
    """Companies."""

    model, pattern = models.Company, "v1/companies/{company}"

    @listing
    def list(self, **chosen: Unpack[filters.CompanyFilters]) -> Listing[models.CompanyPage, models.CompanyWithFacts]:
        """Companies, with the first facts of each if ``include`` names kinds of facts."""
        return Listing(self.session, models.CompanyPage, "v1/companies", chosen)

    @method
    async def profile(self, company: models.Company | str, *, as_of: filters.AsOf | None = None) -> models.Profile:
        """A company with all its facts and their sources."""
        return await self.session.read(models.Profile, "GET", f"{self._path(company)}/profile", {"as_of": as_of})

    @listing
    def series(
        self, company: models.Company | str, **chosen: Unpack[filters.SeriesFilters]
    ) -> Listing[models.CompanyMetricPage, models.Metric]:
        """The metrics of a company in the order of their periods. With ``growth`` the pages have the growth, too."""
        return Listing(self.session, models.CompanyMetricPage, f"{self._path(company)}/metrics", chosen)

    @method
    async def create(
        self, record: models.CompanyInput | Fields, *, reason: str | None = None, idempotency_key: str | None = None
    ) -> models.Company:
        """Create a company. Create its facts after it."""
        return await self._create("v1/companies", record, reason, idempotency_key)

    @method
    async def merge(
        self, company: models.Company | str, *, into: str, reason: str | None = None, if_match: str | None = None
    ) -> models.Company:
        """Move every fact, name and URL of the company to another one, and return that one."""
        query, headers = {"into": into, "reason": reason}, {"If-Match": await self._version(company, if_match)}
        return await self.session.read(models.Company, "POST", f"{self._path(company)}/merge", query, headers)


class Sources(Records[Transport, models.Source, models.SourceInput, models.SourcePatch]):
    """The documents that facts come from."""

    model, pattern = models.Source, "v1/sources/{source}"

    @listing
    def list(self, **chosen: Unpack[filters.SourceFilters]) -> Listing[models.SourcePage, models.Source]:
        """Sources."""
        return Listing(self.session, models.SourcePage, "v1/sources", chosen)

    @listing
    def facts(
        self, source: models.Source | str, **chosen: Unpack[filters.SourceFactFilters]
    ) -> Listing[models.SourceFactPage, models.Milestone | models.Product | models.Metric]:
        """Every fact from the source, in the order of its text."""
        return Listing(self.session, models.SourceFactPage, f"{self._path(source)}/facts", chosen)

    @method
    async def create(
        self, record: models.SourceInput | Fields, *, reason: str | None = None, idempotency_key: str | None = None
    ) -> models.Source:
        """Create a source, with its text or with the length and the digest of it."""
        return await self._create("v1/sources", record, reason, idempotency_key)


class Facts(Records[Transport, Stored, Input, Patch]):
    """The facts of one kind."""

    @method
    async def create(
        self, company: str, record: Input | Fields, *, reason: str | None = None, idempotency_key: str | None = None
    ) -> Stored:
        """Create a fact of the company with this slug, with at least one citation of an existing source."""
        return await self._create(self._path(f"{company}/new").removesuffix("/new"), record, reason, idempotency_key)


class Milestones(Facts[Transport, models.Milestone, models.MilestoneInput, models.MilestonePatch]):
    """Events in the lives of companies."""

    model, pattern = models.Milestone, "v1/companies/{company}/milestones/{slug}"

    @listing
    def list(self, **chosen: Unpack[filters.MilestoneFilters]) -> Listing[models.MilestonePage, models.Milestone]:
        """Milestones, of some companies or of all."""
        return Listing(self.session, models.MilestonePage, "v1/milestones", chosen)


class Products(Facts[Transport, models.Product, models.ProductInput, models.ProductPatch]):
    """What companies offer or build."""

    model, pattern = models.Product, "v1/companies/{company}/products/{slug}"

    @listing
    def list(self, **chosen: Unpack[filters.ProductFilters]) -> Listing[models.ProductPage, models.Product]:
        """Products, of some companies or of all."""
        return Listing(self.session, models.ProductPage, "v1/products", chosen)


class Metrics(Facts[Transport, models.Metric, models.MetricInput, models.MetricPatch]):
    """Numbers of companies."""

    model, pattern = models.Metric, "v1/companies/{company}/metrics/{slug}"

    @listing
    def list(self, **chosen: Unpack[filters.MetricFilters]) -> Listing[models.MetricPage, models.Metric]:
        """Metrics, of some companies or of all."""
        return Listing(self.session, models.MetricPage, "v1/metrics", chosen)
