"""Every table.

Rows hold what was recorded, in columns for constraints and filters. Each row also has
``document``, its JSON as served, rendered once when it is written (ADR 2).
The ``id`` of a row is the number of the revision that created it, so ids are unique across tables.
"""

import datetime
from decimal import Decimal
from typing import Annotated

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    MetaData,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

from app.database.column_types import BigInt, ExactDecimal, Moment, sortable_text

slug_text = Annotated[str, mapped_column(sortable_text(100))]
key_text = Annotated[str, mapped_column(sortable_text(300))]
keyword = Annotated[str, mapped_column(sortable_text(60))]
line = Annotated[str, mapped_column(String(300))]
long_text = Annotated[str, mapped_column(Text)]
country_code = Annotated[str, mapped_column(sortable_text(2))]
digest = Annotated[str, mapped_column(String(64))]

QUALIFIERS = ("exact", "about", "more_than", "at_least", "less_than", "at_most")


def one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} in ({', '.join(repr(value) for value in values)})"


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class Revision(Base):
    """One change to one resource. Rows are only ever added, and change only if a text is withdrawn (ADR 13)."""

    __tablename__ = "revisions"
    __table_args__ = (
        CheckConstraint(one_of("action", ("create", "update", "delete")), name="action"),
        CheckConstraint(one_of("kind", ("source", "company", "milestone", "product", "metric")), name="kind"),
        CheckConstraint("(action = 'delete') = (document is null)", name="document"),
        CheckConstraint("number >= 1", name="number"),
        Index(None, "resource_id", "number"),
    )

    number: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    recorded_at: Mapped[datetime.datetime] = mapped_column(Moment)
    actor: Mapped[str] = mapped_column(String(100))
    reason: Mapped[str] = mapped_column(String(300))
    action: Mapped[str] = mapped_column(String(6))
    kind: Mapped[str] = mapped_column(String(9))
    resource_id: Mapped[int] = mapped_column(BigInt)
    url: Mapped[str] = mapped_column(String(500))
    document: Mapped[str | None] = mapped_column(Text)


class RevisionHead(Base):
    """The newest revision, in one row.

    A writer updates it first and so holds its lock to the end: revisions are committed in the order
    of their numbers, and a reader that sees this number sees every revision up to it.
    ``dataset`` is a random name of this database, so that no ETag of another one matches. Cursors are sealed with
    ``cursor_secret``, which leaves the database only in backups. It can be null for the sake of the migration, but never is.
    ``timeline`` is that of the PostgreSQL server at the newest revision: on another one revisions may be missing, so the dataset
    gets another name.
    """

    __tablename__ = "revision_head"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    newest: Mapped[int] = mapped_column(BigInt)
    dataset: Mapped[str] = mapped_column(String(32))
    cursor_secret: Mapped[str] = mapped_column(String(64), nullable=True)
    timeline: Mapped[int | None]


class StoredResource:
    """What every resource has: its identity, its newest revision and its JSON as served."""

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)

    @declared_attr
    def revision(cls) -> Mapped[int]:
        return mapped_column(BigInt, ForeignKey("revisions.number"))

    document: Mapped[long_text]


class Dated:
    """The one date that a row is about: founded, happened, launched, measured or published."""

    date_edtf: Mapped[str | None] = mapped_column(String(60))
    date_text: Mapped[str | None] = mapped_column(String(300))
    earliest: Mapped[datetime.date | None]
    latest: Mapped[datetime.date | None]
    date_uncertain: Mapped[bool]


def dated_rules(table: str) -> tuple[CheckConstraint | Index, ...]:
    """Bounds are in order and come with their text; both sort directions have an index, undated rows last."""
    return (
        CheckConstraint("earliest is null or latest is null or earliest <= latest", name="date_order"),
        CheckConstraint(
            "(date_edtf is null) = (date_text is null)"
            " and (date_edtf is null) = (earliest is null and latest is null)"
            " and (date_edtf is not null or not date_uncertain)",
            name="date_complete",
        ),
        Index(f"ix_{table}_oldest_first", text("coalesce(earliest, latest, '9999-12-31')"), "id"),
        Index(f"ix_{table}_newest_first", text("coalesce(earliest, latest, '0001-01-01')"), "id"),
    )


class Source(StoredResource, Dated, Base):
    """A document that facts cite. Its date is that of its publication.

    ``body_start`` is the character at which paragraph 1 starts, after title and byline.
    """

    __tablename__ = "sources"
    __table_args__ = (
        *dated_rules("sources"),
        CheckConstraint("length > 0 and body_start >= 0 and body_start < length", name="extent"),
        CheckConstraint("length(sha256) = 64", name="sha256"),
        Index(None, "title_key", "id"),
    )

    slug: Mapped[slug_text] = mapped_column(unique=True)
    title: Mapped[line]
    title_key: Mapped[key_text]
    type: Mapped[keyword]
    authors: Mapped[list[str]] = mapped_column(JSON)
    publisher: Mapped[line | None]
    url: Mapped[str | None] = mapped_column(String(2000))
    language: Mapped[str | None] = mapped_column(String(35))
    note: Mapped[long_text | None]
    length: Mapped[int]
    sha256: Mapped[digest]
    body_start: Mapped[int]
    text: Mapped[long_text | None]


class Company(StoredResource, Dated, Base):
    """An organisation. Its date is that of its founding."""

    __tablename__ = "companies"
    __table_args__ = (
        *dated_rules("companies"),
        CheckConstraint("country is null or length(country) = 2", name="country"),
        Index(None, "name_key", "id"),
        Index(None, "country", "name_key", "id"),
    )

    slug: Mapped[slug_text] = mapped_column(unique=True)
    name: Mapped[line]
    name_key: Mapped[key_text]
    country: Mapped[country_code | None]
    summary: Mapped[long_text | None]
    note: Mapped[long_text | None]


def company_key(*, primary_key: bool = False) -> Mapped[int]:
    return mapped_column(BigInt, ForeignKey("companies.id"), primary_key=primary_key)


class CompanyName(Base):
    """Another name of a company. ``name_key`` is what names are compared by."""

    __tablename__ = "company_names"
    __table_args__ = (Index(None, "name_key", "company_id"),)

    company_id: Mapped[int] = company_key(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[line]
    name_key: Mapped[key_text]
    language: Mapped[str | None] = mapped_column(String(35))


class CompanyIdentifier(Base):
    """An identifier of a company in a register, such as a LEI."""

    __tablename__ = "company_identifiers"
    __table_args__ = (
        UniqueConstraint("company_id", "scheme", "value"),
        Index(None, "scheme", "value", "company_id"),
    )

    company_id: Mapped[int] = company_key(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    scheme: Mapped[keyword]
    value: Mapped[key_text]


class Milestone(StoredResource, Dated, Base):
    """An event in a company's life."""

    __tablename__ = "milestones"
    __table_args__ = (
        *dated_rules("milestones"),
        UniqueConstraint("company_id", "slug"),
        Index(None, "category", "id"),
    )

    company_id: Mapped[int] = company_key()
    slug: Mapped[slug_text]
    title: Mapped[line]
    description: Mapped[long_text | None]
    category: Mapped[keyword]
    scope: Mapped[line | None]
    note: Mapped[long_text | None]


class Product(StoredResource, Dated, Base):
    """Something that a company offers or builds. Its date is that of its launch."""

    __tablename__ = "products"
    __table_args__ = (
        *dated_rules("products"),
        UniqueConstraint("company_id", "slug"),
        Index(None, "category", "id"),
        Index(None, "name_key", "id"),
    )

    company_id: Mapped[int] = company_key()
    slug: Mapped[slug_text]
    name: Mapped[line]
    name_key: Mapped[key_text]
    description: Mapped[long_text | None]
    category: Mapped[keyword]
    note: Mapped[long_text | None]


class Metric(StoredResource, Dated, Base):
    """One observation: a number with unit, period, qualifier and scope. Its date is the period."""

    __tablename__ = "metrics"
    __table_args__ = (
        *dated_rules("metrics"),
        UniqueConstraint("company_id", "slug"),
        CheckConstraint(one_of("qualifier", QUALIFIERS), name="qualifier"),
        CheckConstraint(
            "(equivalent_value is null) = (equivalent_unit is null)"
            " and (equivalent_value is not null or equivalent_stated_as is null)",
            name="equivalent_complete",
        ),
        Index(None, "metric", "id"),
    )

    company_id: Mapped[int] = company_key()
    slug: Mapped[slug_text]
    metric: Mapped[keyword]
    name: Mapped[line]
    value: Mapped[Decimal] = mapped_column(ExactDecimal)
    unit: Mapped[keyword]
    qualifier: Mapped[str] = mapped_column(String(9))
    stated_as: Mapped[line | None]
    scope: Mapped[line | None]
    equivalent_value: Mapped[Decimal | None] = mapped_column(ExactDecimal)
    equivalent_unit: Mapped[keyword | None]
    equivalent_stated_as: Mapped[line | None]
    note: Mapped[long_text | None]


class Citation(Base):
    """The passage of a source that a company's record or a fact cites.

    ``start_character`` and ``end_character`` count Unicode code points of the source's text from 0, end excluded
    (W3C Web Annotation, TextPositionSelector); ``sha256`` is of that passage in UTF-8. ``edition`` is the SHA-256 of an earlier
    text that has the passage, null for the current one; ``checked`` is text or claimed.
    """

    __tablename__ = "citations"
    __table_args__ = (
        CheckConstraint(
            " + ".join(f"(case when {owner}_id is null then 0 else 1 end)" for owner in
                       ("company", "milestone", "product", "metric")) + " = 1",
            name="one_owner",
        ),
        CheckConstraint("paragraph >= 1 and sentence >= 1", name="ordinals"),
        CheckConstraint("start_character >= 0 and end_character > start_character", name="passage"),
        CheckConstraint("length(sha256) = 64", name="sha256"),
        Index(None, "source_id", "start_character"),
        Index("ix_citations_company_id", "company_id", "position", unique=True),
        Index("ix_citations_milestone_id", "milestone_id", "position", unique=True),
        Index("ix_citations_product_id", "product_id", "position", unique=True),
        Index("ix_citations_metric_id", "metric_id", "position", unique=True),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    company_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("companies.id"))
    milestone_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("milestones.id"))
    product_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("products.id"))
    metric_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("metrics.id"))
    position: Mapped[int]
    source_id: Mapped[int] = mapped_column(BigInt, ForeignKey("sources.id"))
    paragraph: Mapped[int]
    sentence: Mapped[int]
    start_character: Mapped[int]
    end_character: Mapped[int]
    sha256: Mapped[digest]
    edition: Mapped[str | None] = mapped_column(String(64))
    checked: Mapped[str] = mapped_column(String(7), server_default="claimed")


class SearchEntry(Base):
    """A resource as search sees it; its words are in the engine's own text index ``search_text`` under the same id.

    ``company_id`` is the company that it is or belongs to; null for a source. The bounds are those of its date.
    """

    __tablename__ = "search_entries"
    __table_args__ = (Index(None, "title_key", "id"), Index(None, "company_id"))

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(9))
    company_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("companies.id"))
    title_key: Mapped[key_text]
    earliest: Mapped[datetime.date | None]
    latest: Mapped[datetime.date | None]
    date_uncertain: Mapped[bool]


class SearchSpelling(Base):
    """A word of names and titles under each misspelling by one slip. Words are never removed."""

    __tablename__ = "search_spellings"

    variant: Mapped[keyword] = mapped_column(primary_key=True)
    word: Mapped[keyword] = mapped_column(primary_key=True)


class FormerAddress(Base):
    """A URL that is unused since a revision, and whose it was: a slug changed, or a resource was deleted or merged.

    The URL redirects to the resource of the newest such revision.
    """

    __tablename__ = "former_addresses"
    __table_args__ = (Index(None, "resource_id"),)

    address: Mapped[str] = mapped_column(sortable_text(500), primary_key=True)
    since: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(9))
    resource_id: Mapped[int] = mapped_column(BigInt)


class ApiKey(Base):
    """An API key. Only the digest of its secret is stored; the secret is random, so that it cannot be guessed."""

    __tablename__ = "api_keys"

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    name: Mapped[str] = mapped_column(String(100), unique=True)
    sha256: Mapped[digest]
    scopes: Mapped[str] = mapped_column(String(60))
    created_at: Mapped[datetime.datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime.datetime | None] = mapped_column(Moment)
    revoked_at: Mapped[datetime.datetime | None] = mapped_column(Moment)
    last_used_at: Mapped[datetime.datetime | None] = mapped_column(Moment)


class IdempotentAnswer(Base):
    """The first response to a request with an ``Idempotency-Key``, stored in the transaction of the change."""

    __tablename__ = "idempotent_answers"
    __table_args__ = (Index(None, "answered_at"),)

    api_key_id: Mapped[str] = mapped_column(ForeignKey("api_keys.id"), primary_key=True)
    idempotency_key: Mapped[str] = mapped_column(String(255), primary_key=True)
    request_sha256: Mapped[digest]
    answered_at: Mapped[datetime.datetime] = mapped_column(Moment)
    status: Mapped[int]
    headers: Mapped[dict[str, str]] = mapped_column(JSON)
    body: Mapped[long_text]
