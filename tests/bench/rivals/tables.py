"""The same tables as most people map them: plain columns, relationships, and properties for what is served otherwise."""

import datetime
from typing import TYPE_CHECKING, ClassVar, TypedDict

from sqlalchemy import ForeignKey
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

if TYPE_CHECKING:
    from tests.bench.rivals.fact_tables import Metric, Milestone, Product


class Base(DeclarativeBase):
    """Maps what is there; makes nothing."""


class Date(TypedDict):
    """A date as it is served."""

    edtf: str
    text: str | None
    earliest: datetime.date | None
    latest: datetime.date | None


class Revision(Base):
    """When something was changed."""

    __tablename__ = "revisions"

    number: Mapped[int] = mapped_column(primary_key=True)
    recorded_at: Mapped[datetime.datetime]


class Dated:
    """What resources with a date share."""

    date_edtf: Mapped[str | None]
    date_text: Mapped[str | None]
    earliest: Mapped[datetime.date | None]
    latest: Mapped[datetime.date | None]

    def served_date(self) -> Date | None:
        if self.date_edtf is None:
            return None
        return {"edtf": self.date_edtf, "text": self.date_text, "earliest": self.earliest, "latest": self.latest}


class Source(Dated, Base):
    """A document that facts are read from."""

    __tablename__ = "sources"

    id: Mapped[int] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(ForeignKey("revisions.number"))
    slug: Mapped[str]
    title: Mapped[str]
    type: Mapped[str]
    publisher: Mapped[str | None]
    original_url: Mapped[str | None] = mapped_column("url")
    language: Mapped[str | None]
    note: Mapped[str | None]
    length: Mapped[int]
    sha256: Mapped[str]
    body_start: Mapped[int]
    recorded: Mapped[Revision] = relationship()

    authors: ClassVar[tuple[str, ...]] = ()
    has_text: ClassVar[bool] = False

    @property
    def url(self) -> str:
        return f"/v1/sources/{self.slug}"

    @property
    def facts_url(self) -> str:
        return f"{self.url}/facts"

    @property
    def published(self) -> Date | None:
        return self.served_date()

    @property
    def updated_at(self) -> datetime.datetime:
        return self.recorded.recorded_at.replace(tzinfo=datetime.UTC)


class Citation(Base):
    """The place in a source that a fact rests on."""

    __tablename__ = "citations"

    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int | None] = mapped_column(ForeignKey("companies.id"))
    milestone_id: Mapped[int | None] = mapped_column(ForeignKey("milestones.id"))
    product_id: Mapped[int | None] = mapped_column(ForeignKey("products.id"))
    metric_id: Mapped[int | None] = mapped_column(ForeignKey("metrics.id"))
    source_id: Mapped[int] = mapped_column(ForeignKey("sources.id"))
    position: Mapped[int]
    paragraph: Mapped[int]
    sentence: Mapped[int]
    start: Mapped[int] = mapped_column("start_character")
    end: Mapped[int] = mapped_column("end_character")
    sha256: Mapped[str]
    cited: Mapped[Source] = relationship()

    quote: ClassVar[None] = None

    @property
    def source(self) -> str:
        return self.cited.slug

    @property
    def source_url(self) -> str:
        return self.cited.url


class Identifier(Base):
    """An entry in a register."""

    __tablename__ = "company_identifiers"

    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    scheme: Mapped[str]
    value: Mapped[str]


class OtherName(Base):
    """A name that a company also goes by."""

    __tablename__ = "company_names"

    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    language: Mapped[str | None]


class Company(Dated, Base):
    """An organisation."""

    __tablename__ = "companies"

    id: Mapped[int] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(ForeignKey("revisions.number"))
    slug: Mapped[str]
    name: Mapped[str]
    name_key: Mapped[str]
    country: Mapped[str | None]
    summary: Mapped[str | None]
    note: Mapped[str | None]
    recorded: Mapped[Revision] = relationship()
    other_names: Mapped[list[OtherName]] = relationship(order_by=OtherName.position)
    identifiers: Mapped[list[Identifier]] = relationship(order_by=Identifier.position)
    citations: Mapped[list[Citation]] = relationship(order_by=Citation.position)
    milestones: Mapped[list["Milestone"]] = relationship(back_populates="owner", order_by="Milestone.earliest, Milestone.id")
    products: Mapped[list["Product"]] = relationship(back_populates="owner", order_by="Product.name_key, Product.id")
    metrics: Mapped[list["Metric"]] = relationship(back_populates="owner", order_by="Metric.metric, Metric.earliest, Metric.id")

    @property
    def url(self) -> str:
        return f"/v1/companies/{self.slug}"

    @property
    def profile_url(self) -> str:
        return f"{self.url}/profile"

    @property
    def milestones_url(self) -> str:
        return f"{self.url}/milestones"

    @property
    def products_url(self) -> str:
        return f"{self.url}/products"

    @property
    def metrics_url(self) -> str:
        return f"{self.url}/metrics"

    @property
    def founded(self) -> Date | None:
        return self.served_date()

    @property
    def updated_at(self) -> datetime.datetime:
        return self.recorded.recorded_at.replace(tzinfo=datetime.UTC)
