"""The tables of facts, mapped as those of rivals/tables.py."""

import datetime
from decimal import Decimal
from typing import ClassVar

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from app.database.column_types import ExactDecimal
from tests.bench.rivals.tables import Base, Citation, Company, Date, Dated, Revision


class Fact(Dated, Base):
    """What milestones, products and metrics share."""

    __abstract__ = True
    plural: ClassVar[str]

    id: Mapped[int] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(ForeignKey("revisions.number"))
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id"))
    slug: Mapped[str]
    note: Mapped[str | None]

    @declared_attr
    def owner(cls) -> Mapped[Company]:
        return relationship(back_populates=cls.plural)

    @declared_attr
    def recorded(cls) -> Mapped[Revision]:
        return relationship()

    @declared_attr
    def citations(cls) -> Mapped[list[Citation]]:
        return relationship(order_by=Citation.position)

    @property
    def kind(self) -> str:
        return self.plural.removesuffix("s")

    @property
    def company(self) -> str:
        return self.owner.slug

    @property
    def company_url(self) -> str:
        return self.owner.url

    @property
    def url(self) -> str:
        return f"{self.owner.url}/{self.plural}/{self.slug}"

    @property
    def updated_at(self) -> datetime.datetime:
        return self.recorded.recorded_at.replace(tzinfo=datetime.UTC)


class Milestone(Fact):
    """An event in a company's life."""

    __tablename__ = plural = "milestones"

    title: Mapped[str]
    description: Mapped[str | None]
    category: Mapped[str]
    scope: Mapped[str | None]

    @property
    def date(self) -> Date | None:
        return self.served_date()


class Product(Fact):
    """Something that a company offers or builds."""

    __tablename__ = plural = "products"

    name: Mapped[str]
    name_key: Mapped[str]
    description: Mapped[str | None]
    category: Mapped[str]

    @property
    def launched(self) -> Date | None:
        return self.served_date()


class Metric(Fact):
    """One observation."""

    __tablename__ = plural = "metrics"

    metric: Mapped[str]
    name: Mapped[str]
    value: Mapped[Decimal] = mapped_column(ExactDecimal)
    unit: Mapped[str]
    qualifier: Mapped[str]
    stated_as: Mapped[str | None]
    scope: Mapped[str | None]

    equivalent: ClassVar[None] = None

    @property
    def period(self) -> Date | None:
        return self.served_date()
