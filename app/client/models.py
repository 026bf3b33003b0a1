"""The objects of the API. Generated from the OpenAPI document by .ci/client_models.py: do not edit."""

from __future__ import annotations

from datetime import date as date_aliased
from typing import Annotated, Literal

from .base import Model
from pydantic import AwareDatetime, ConfigDict, Field, RootModel


class Citation(Model):
    """
    The passage of a source that a statement is based on.

    ``start`` and ``end`` count the characters (Unicode code points) of the source's text from 0, end excluded,
    as the TextPositionSelector of the W3C Web Annotation Data Model does. ``sha256`` is the digest of that
    passage in UTF-8, so that anyone with a copy of the source can prove the citation.
    """

    source: str
    """Slug of the source."""

    source_url: str
    """Path of the resource; behind a proxy, the public one."""

    paragraph: int
    """Paragraph of the body, from 1, without title and byline."""

    sentence: int
    """Sentence of the paragraph, from 1."""

    start: int
    """First character of the passage, from 0."""

    end: int
    """Character after the passage."""

    sha256: str
    """SHA-256 as lower-case hexadecimal."""

    quote: str | None
    """The passage, if the source was loaded with its text."""

    edition: str | None
    """SHA-256 of the earlier text that has the passage, if the source's text has changed since. Null: the source's current text."""

    checked: Literal["text", "claimed"]
    """text: compared with the text that the server has, or that `verify` was given. claimed: taken from the dataset."""

    checked_at: AwareDatetime | None
    """When it was compared with the text (RFC 3339, UTC). Null if it was not."""


class CitationInput(Model):
    """
    Where a source says it: paragraph and sentence for people, characters and digest for proof.

    If the server has the source's text, give paragraph and sentence, or give the ``quote`` alone: the server works out the
    rest. ``start``, ``end`` and ``sha256`` are then those of the quote or of the whole sentence.
    """

    source: str
    """Lower-case letters a–z, digits and single hyphens; part of the URL of the resource."""

    paragraph: int | None = None
    """From 1. Title and byline do not count."""

    sentence: int | None = None
    """Number of the sentence in the paragraph, from 1."""

    start: int | None = None
    """Position of the first character of the passage, from 0. Without start, end and sha256 you cite the whole sentence."""

    end: int | None = None
    """Position after the last character of the passage."""

    sha256: str | None = None
    """SHA-256 of the passage in UTF-8 (in a source: of its whole text), in lower-case hexadecimal."""

    quote: str | None = None
    """The words of the passage, in place of numbers."""

    edition: str | None = None
    """SHA-256 of the earlier text of the source that has the passage."""


class CitedPassage(Model):
    """A passage that a new or changed resource cites."""

    source: str
    """Slug of the source."""

    paragraph: int
    sentence: int
    start: int
    end: int
    words: str | None
    """At most 240 characters; null if the server does not hold the text."""


class ComparedCompany(Model):
    """One of the companies that are compared."""

    slug: str
    """Lower-case letters a–z, digits and single hyphens; part of the URL of the resource."""

    name: str
    country: str | None
    url: str
    """Path of the resource; behind a proxy, the public one."""

    truncated: list[Literal["milestones", "products", "metrics"]]
    """Kinds of which the company has more than 500; only the first 500 are compared."""


class ComparedProduct(Model):
    """A product, in short."""

    name: str
    url: str
    """Path of the resource; behind a proxy, the public one."""


class Counts(Model):
    """How many resources of each kind there are."""

    companies: int
    milestones: int
    products: int
    metrics: int
    sources: int


class DateWithTextInput(Model):
    """A date, and the words of its source."""

    edtf: str | int
    """EDTF date: 2014, 2014-05, 2014-05-06, 2012/2014, 2014/.., 201X, 2014~ or 2000-40 (first half of 2000)."""

    text: str | None = None
    """The date in the words of the source. Left out, it is English words."""


class DateWithTextPatch(Model):
    """Changes of DateWithTextInput: fields that you leave out stay, null removes a field."""

    edtf: str | int | None = None
    text: str | None = None


class Equivalent(Model):
    """A conversion that the source states with the amount. It is not computed here."""

    value: float
    unit: str
    """ISO 4217 code for money, `usd_per_share` for money per share, otherwise one of the documented units."""

    stated_as: str | None
    implied_rate: float | None
    """Units of the amount per unit of the equivalent; null if the equivalent is zero."""

    stated_by_source: Literal[True]


class EquivalentInput(Model):
    """The same amount in another unit, if the source itself states it."""

    value: float
    """The text of an identifier, or the number of a metric with at most 15 significant digits."""

    unit: str
    """ISO 4217 code for money, `usd_per_share` for money per share, otherwise one of the documented units."""

    stated_as: str | None = None
    """The number in the source's own notation."""


class EquivalentPatch(Model):
    """Changes of EquivalentInput: fields that you leave out stay, null removes a field."""

    value: float | None = None
    unit: str | None = None
    stated_as: str | None = None


class Facet(Model):
    """A value and how often it occurs."""

    value: str
    count: int


class Facets(Model):
    """The values that filters accept."""

    countries: list[Facet]
    """The most frequent values first, at most 100."""

    milestone_categories: list[Facet]
    """The most frequent values first, at most 100."""

    product_categories: list[Facet]
    """The most frequent values first, at most 100."""

    metrics: list[Facet]
    """The most frequent values first, at most 100."""

    units: list[Facet]
    """The most frequent values first, at most 100."""

    source_types: list[Facet]
    """The most frequent values first, at most 100."""


class FactCounts(Model):
    """How many facts of each kind a company has, and how many sources it and its facts cite."""

    milestones: int
    products: int
    metrics: int
    sources: int


class FactDate(Model):
    """A date and the first and last day that it may mean."""

    edtf: str
    """Extended Date/Time Format text (ISO 8601-2)."""

    text: str
    """The date in words: those of the source if given, else English."""

    earliest: date_aliased | None
    """First day that the date may mean; null if the start is open."""

    latest: date_aliased | None
    """Last day that the date may mean; null if the end is open."""


class FieldError(Model):
    """One error in a request."""

    field: str
    """Name of the parameter or header."""

    message: str
    """What was expected."""

    suggestion: str | None = None
    """The closest known name or value."""


class FieldMembers(Model):
    model_config = ConfigDict(
        extra="allow",
    )


class Growth(Model):
    """Growth from one year to the next, computed from two observations. No source states it."""

    derived: Literal[True] | None = None
    metric: str
    """The keyword of the metric, followed by `_growth`."""

    value: float
    """Rounded to 15 significant digits."""

    unit: Literal["percent"] | None = None
    period: FactDate
    """The later period; the earlier one is the same period a year before."""

    scope: str | None
    """The market, product or place that the fact is about."""

    of: str
    """The later observation."""

    facts: list[str]
    """The two observations that it is computed from, the earlier one first."""


class Identifier(Model):
    """An entry in a register: ``lei``, ``isin``, ``ticker``, ``wikidata``, ``website`` or another scheme."""

    scheme: str
    value: str


class Milestone(Model):
    """An event in the life of a company, as a source reports it."""

    revision: int
    """Number of the resource's newest revision."""

    updated_at: AwareDatetime
    """When that revision was recorded (RFC 3339, UTC)."""

    slug: str
    """Lower-case letters a–z, digits and single hyphens; part of the URL of the resource."""

    url: str
    """Path of the resource; behind a proxy, the public one."""

    company: str
    """Slug of the company that the fact is about."""

    company_url: str
    """Path of the resource; behind a proxy, the public one."""

    kind: Literal["milestone"]
    title: str
    description: str | None
    category: str
    """founding, launch, research, market_position, expansion, strategy … a dataset may add more."""

    date: FactDate | None
    """Date of the event; null if the source gives no date."""

    scope: str | None
    """The market, product or place that the fact is about."""

    note: str | None
    """What the source leaves unclear, in our words."""

    citations: list[Citation]
    """The passages that the statement is based on."""


class MilestonePage(Model):
    """A page of milestones."""

    next: str | None
    """URL of the next page; null on the last one."""

    total: int | None = None
    """Number of all items, if `total=true`."""

    items: list[Milestone]


class MilestonesPart(Model):
    """The company's milestones, oldest first."""

    items: list[Milestone]
    more: str | None
    """URL of the whole list if it has more than 200 items; otherwise null."""


class OtherName(Model):
    """Another name of a company, with its language."""

    name: str
    language: str | None


class OtherNameInput(Model):
    """Another name of a company, with its language."""

    name: str
    """As the source writes it."""

    language: str | None = None
    """BCP 47 tag."""


class ProblemDetails(Model):
    """An error in the format of RFC 9457. `type` is the URL of a page that explains it."""

    type: str
    """URL of the page that explains this type of problem."""

    title: str
    """Short summary of the problem type."""

    status: int
    """HTTP status code."""

    detail: str
    """What went wrong, and what to send instead."""

    instance: str | None = None
    """ID of the request, as in the server's log."""

    errors: list[FieldError] | None = None
    """Every error in the request."""

    suggestions: list[str] | None = None
    """URLs or formats that may be meant."""


class Product(Model):
    """Something that a company offers or builds: product, service, platform, business line, technology."""

    revision: int
    """Number of the resource's newest revision."""

    updated_at: AwareDatetime
    """When that revision was recorded (RFC 3339, UTC)."""

    slug: str
    """Lower-case letters a–z, digits and single hyphens; part of the URL of the resource."""

    url: str
    """Path of the resource; behind a proxy, the public one."""

    company: str
    """Slug of the company that the fact is about."""

    company_url: str
    """Path of the resource; behind a proxy, the public one."""

    kind: Literal["product"]
    name: str
    description: str | None
    category: str
    """product, service, platform, business_line, technology or revenue_stream … a dataset may add more."""

    launched: FactDate | None
    """Date of the launch; null if the source gives no date."""

    note: str | None
    """What the source leaves unclear, in our words."""

    citations: list[Citation]
    """The passages that the statement is based on."""


class ProductCell(Model):
    """The products of one company in a category."""

    company: str
    """Lower-case letters a–z, digits and single hyphens; part of the URL of the resource."""

    count: int
    """How many the company has of them."""

    items: list[ComparedProduct]


class ProductPage(Model):
    """A page of products."""

    next: str | None
    """URL of the next page; null on the last one."""

    total: int | None = None
    """Number of all items, if `total=true`."""

    items: list[Product]


class ProductRow(Model):
    """One category of products."""

    category: str
    cells: list[ProductCell]
    """One for each company, in its order."""


class ProductsPart(Model):
    """The company's products, by name."""

    items: list[Product]
    more: str | None
    """URL of the whole list if it has more than 200 items; otherwise null."""


class ReasonGiven(Model):
    """Why the values of a row are not comparable."""

    code: Literal[
        "missing_value",
        "units_differ",
        "scope_differs",
        "period_unknown",
        "period_uncertain",
        "periods_do_not_overlap",
        "periods_differ",
        "qualifier_not_exact",
        "qualifiers_differ",
        "values_disagree",
    ]
    """One of a closed list."""

    sentence: str
    """The same in words."""


class SharedIdentifier(Model):
    """An identifier that several companies have. Merge them if they are one; otherwise one of the identifiers is wrong."""

    scheme: str
    value: str
    companies: list[str]
    """The first 20 companies, by slug."""


class Source(Model):
    """A document that facts are read from."""

    revision: int
    """Number of the resource's newest revision."""

    updated_at: AwareDatetime
    """When that revision was recorded (RFC 3339, UTC)."""

    slug: str
    """Lower-case letters a–z, digits and single hyphens; part of the URL of the resource."""

    url: str
    """Path of the resource; behind a proxy, the public one."""

    title: str
    type: str
    """article, filing, page, report or dataset … a dataset may add more."""

    authors: list[str]
    publisher: str | None
    published: FactDate | None
    """Date of publication; null if unknown."""

    original_url: str | None
    """Where it was published; never fetched."""

    language: str | None
    note: str | None
    """What the source leaves unclear, in our words."""

    length: int
    """Characters (code points) of the text."""

    sha256: str
    """SHA-256 of the text in UTF-8 with line feeds as line ends."""

    body_start: int
    """Character at which paragraph 1 starts, after title and byline."""

    has_text: bool
    """Whether citations quote the text."""

    withdrawn: bool
    """Whether its publisher withdrew the text: true removes it and every quote of it, from past states too."""

    retrieved: date_aliased | None
    """Day on which the copy was made."""

    licence: str | None
    facts_url: str
    """Path of the resource; behind a proxy, the public one."""


class SourcePage(Model):
    """A page of sources."""

    next: str | None
    """URL of the next page; null on the last one."""

    total: int | None = None
    """Number of all items, if `total=true`."""

    items: list[Source]


class SourcesPart(Model):
    """The sources that the company and its facts cite."""

    items: list[Source]
    more: str | None
    """URL of the whole list if it has more than 200 items; otherwise null."""


class Stats(Model):
    """Counts of everything, at one revision."""

    revision: int
    """Number of the newest revision; 0 in an empty database."""

    updated_at: AwareDatetime | None
    """When it was recorded."""

    counts: Counts
    facets: Facets
    shared_identifiers: list[SharedIdentifier]
    """The first 100 identifiers that several companies have: they may be one company."""


class StreamStart(Model):
    """The data of the first event of a stream."""

    dataset: str
    """Random name of this database."""

    since: int
    """The stream has the revisions after it."""


class Suggestion(Model):
    """A company whose name or slug starts with the text, or is spelt similarly."""

    company: str
    """Lower-case letters a–z, digits and single hyphens; part of the URL of the resource."""

    url: str
    """Path of the resource; behind a proxy, the public one."""

    name: str
    """The company's name."""

    matched: str
    """The name or slug that matches."""

    similar: bool
    """Whether it is only a similar spelling."""


class Suggestions(Model):
    """At most ten suggestions, the nearest first."""

    items: list[Suggestion]


class TextSpan(Model):
    """Characters of a text, counted in Unicode code points from 0, end excluded."""

    start: int
    end: int


class Company(Model):
    """An organisation, with links to its facts."""

    revision: int
    """Number of the resource's newest revision."""

    updated_at: AwareDatetime
    """When that revision was recorded (RFC 3339, UTC)."""

    slug: str
    """Lower-case letters a–z, digits and single hyphens; part of the URL of the resource."""

    url: str
    """Path of the resource; behind a proxy, the public one."""

    name: str
    other_names: list[OtherName]
    country: str | None
    founded: FactDate | None
    summary: str | None
    identifiers: list[Identifier]
    note: str | None
    """What the source leaves unclear, in our words."""

    citations: list[Citation]
    """The passages that the statement is based on."""

    profile_url: str
    """Path of the resource; behind a proxy, the public one."""

    milestones_url: str
    """Path of the resource; behind a proxy, the public one."""

    products_url: str
    """Path of the resource; behind a proxy, the public one."""

    metrics_url: str
    """Path of the resource; behind a proxy, the public one."""


class ComparedMilestone(Model):
    """A milestone, in short."""

    title: str
    url: str
    """Path of the resource; behind a proxy, the public one."""

    date: FactDate | None
    """As fuzzy as the source; null if undated."""


class Difference(Model):
    """A field before and after a change. null means that it was missing."""

    field: str
    """Name of the field, with dots before members."""

    before: str | float | bool | FieldMembers | list[str | FieldMembers] | None
    """The value before; null if there was none."""

    after: str | float | bool | FieldMembers | list[str | FieldMembers] | None
    """The value after; null if there is none."""


class HistoryEntry(Model):
    """A revision of a resource: who changed what, when and why."""

    revision: int
    """Number of the revision."""

    recorded_at: AwareDatetime
    """When it was recorded."""

    actor: str
    """Name of the key or the user."""

    reason: str
    """Why, in the words of the actor."""

    action: Literal["create", "update", "delete"]
    """What a revision does to a resource."""

    url: str
    """URL of the resource at that time."""

    changes: list[Difference]
    """Each field that differs from the previous revision; empty for a deletion."""


class HistoryPage(Model):
    """A page of a resource's history, the newest revision first."""

    items: list[HistoryEntry]
    next: str | None
    """URL of the next page; null on the last one."""


class Metric(Model):
    """One observation: a number with its unit, period, qualifier and scope."""

    revision: int
    """Number of the resource's newest revision."""

    updated_at: AwareDatetime
    """When that revision was recorded (RFC 3339, UTC)."""

    slug: str
    """Lower-case letters a–z, digits and single hyphens; part of the URL of the resource."""

    url: str
    """Path of the resource; behind a proxy, the public one."""

    company: str
    """Slug of the company that the metric is about."""

    company_url: str
    """Path of the resource; behind a proxy, the public one."""

    kind: Literal["metric"]
    metric: str
    """What is measured; the same keyword for every company."""

    name: str
    value: float
    """At most 15 significant digits, exact."""

    unit: str
    """ISO 4217 code for money, `usd_per_share` for money per share, otherwise one of the documented units."""

    qualifier: Literal["exact", "about", "more_than", "at_least", "less_than", "at_most"]
    """How the source qualifies the number."""

    stated_as: str | None
    """The number in the source's own notation."""

    period: FactDate | None
    """The measured period; null if the source does not say."""

    scope: str | None
    """The market, product or place that the fact is about."""

    equivalent: Equivalent | None
    note: str | None
    """What the source leaves unclear, in our words."""

    citations: list[Citation]
    """The passages that the statement is based on."""


class MetricInput(Model):
    """A metric in a dataset."""

    slug: str
    """Lower-case letters a–z, digits and single hyphens; identifies the record in later loads."""

    note: str | None = None
    """What the source leaves unclear."""

    citations: list[CitationInput]
    """The passages in sources that support it."""

    metric: str
    """What is measured, such as revenue. Use the same word for every company."""

    name: str
    """As the source writes it."""

    value: float
    """The text of an identifier, or the number of a metric with at most 15 significant digits."""

    unit: str
    """ISO 4217 code for money, `usd_per_share` for money per share, otherwise one of the documented units."""

    qualifier: Literal["exact", "about", "more_than", "at_least", "less_than", "at_most"] | None = None
    """How the source qualifies the number."""

    stated_as: str | None = None
    """The number in the source's own notation."""

    period: str | int | DateWithTextInput | None = None
    """The period measured; null if the source does not say. Never infer it."""

    scope: str | None = None
    """The market, product or place that the fact is about."""

    equivalent: EquivalentInput | None = None
    """The same amount in another unit, if the source gives it."""


class MetricPage(Model):
    """A page of metrics."""

    next: str | None
    """URL of the next page; null on the last one."""

    total: int | None = None
    """Number of all items, if `total=true`."""

    items: list[Metric]


class MetricPatch(Model):
    """Changes of MetricInput: fields that you leave out stay, null removes a field."""

    slug: str | None = None
    note: str | None = None
    citations: list[CitationInput] | None = None
    metric: str | None = None
    name: str | None = None
    value: float | None = None
    unit: str | None = None
    qualifier: Literal["exact", "about", "more_than", "at_least", "less_than", "at_most"] | None = None
    stated_as: str | None = None
    period: str | int | DateWithTextPatch | None = None
    scope: str | None = None
    equivalent: EquivalentPatch | None = None


class MetricsPart(Model):
    """The company's metrics, by metric and period."""

    items: list[Metric]
    more: str | None
    """URL of the whole list if it has more than 200 items; otherwise null."""


class MilestoneCell(Model):
    """The milestones of one company in a year."""

    company: str
    """Lower-case letters a–z, digits and single hyphens; part of the URL of the resource."""

    count: int
    """How many the company has of them."""

    items: list[ComparedMilestone]


class MilestoneInput(Model):
    """A milestone in a dataset."""

    slug: str
    """Lower-case letters a–z, digits and single hyphens; identifies the record in later loads."""

    note: str | None = None
    """What the source leaves unclear."""

    citations: list[CitationInput]
    """The passages in sources that support it."""

    title: str
    """One line."""

    description: str | None = None
    """In your own words."""

    category: str
    """founding, launch, research, market_position, expansion, strategy … a dataset may add more."""

    date: str | int | DateWithTextInput | None = None
    """When it happened; null if the source does not say."""

    scope: str | None = None
    """The market, product or place that the fact is about."""


class MilestonePatch(Model):
    """Changes of MilestoneInput: fields that you leave out stay, null removes a field."""

    slug: str | None = None
    note: str | None = None
    citations: list[CitationInput] | None = None
    title: str | None = None
    description: str | None = None
    category: str | None = None
    date: str | int | DateWithTextPatch | None = None
    scope: str | None = None


class MilestoneRow(Model):
    """One year, or what has no date."""

    year: int | None
    """Year of the first day that may be meant; null without a date."""

    cells: list[MilestoneCell]
    """One for each company, in its order."""


class Observation(Model):
    """A metric of one company, in short; `url` leads to all of it and to its citations."""

    url: str
    """Path of the resource; behind a proxy, the public one."""

    name: str
    value: float
    unit: str
    """ISO 4217 code for money, `usd_per_share` for money per share, otherwise one of the documented units."""

    qualifier: Literal["exact", "about", "more_than", "at_least", "less_than", "at_most"]
    """How the source qualifies the number."""

    stated_as: str | None
    """The number in the source's own notation."""

    period: FactDate | None
    scope: str | None
    """The market, product or place that the fact is about."""

    equivalent: Equivalent | None
    """A conversion that the source states. It is shown, never used."""


class ProductInput(Model):
    """A product in a dataset."""

    slug: str
    """Lower-case letters a–z, digits and single hyphens; identifies the record in later loads."""

    note: str | None = None
    """What the source leaves unclear."""

    citations: list[CitationInput]
    """The passages in sources that support it."""

    name: str
    """As the source writes it."""

    description: str | None = None
    """In your own words."""

    category: str
    """product, service, platform, business_line, technology or revenue_stream … a dataset may add more."""

    launched: str | int | DateWithTextInput | None = None
    """When it was launched; null if the source does not say."""


class ProductPatch(Model):
    """Changes of ProductInput: fields that you leave out stay, null removes a field."""

    slug: str | None = None
    note: str | None = None
    citations: list[CitationInput] | None = None
    name: str | None = None
    description: str | None = None
    category: str | None = None
    launched: str | int | DateWithTextPatch | None = None


class Profile(Model):
    """A company with all its facts and the sources that they cite."""

    company: Company
    milestones: MilestonesPart
    products: ProductsPart
    metrics: MetricsPart
    sources: SourcesPart


class ResourceChange(Model):
    """The change of one resource."""

    action: Literal["create", "update", "delete"]
    """What is done with the resource."""

    url: str
    """Path of the resource; behind a proxy, the public one."""

    changes: list[Difference]
    """The fields that an update changes. Empty for new and deleted resources."""

    passages: list[CitedPassage] | None = None
    """What a new resource cites, or one whose citations change, to compare."""


class SearchMatch(Model):
    """Where the query matched: the most telling field, and the spans in its text."""

    field: str
    """Name of the field that matched."""

    text: str
    """Its text, cut around the first match if it is long."""

    spans: list[TextSpan]
    """What matched in that text."""

    marked: str
    """The text as HTML, escaped, with what matched in `<mark>`."""


class SourceFactPage(Model):
    """A page of facts of all kinds. `kind` is the kind of an item."""

    next: str | None
    """URL of the next page; null on the last one."""

    total: int | None = None
    """Number of all items, if `total=true`."""

    items: list[Annotated[Milestone | Product | Metric, Field(discriminator="kind")]]


class SourceInput(Model):
    """A source in a dataset: with its ``text``, or with the ``length`` and ``sha256`` of a text that is held elsewhere."""

    slug: str
    """Lower-case letters a–z, digits and single hyphens; identifies the record in later loads."""

    title: str
    """One line."""

    type: str
    """article, filing, page, report or dataset … a dataset may add more."""

    authors: list[str] | None = None
    """Names, as the source gives them."""

    publisher: str | None = None
    """Who published the source."""

    published: str | int | DateWithTextInput | None = None
    """Date of publication; null if unknown."""

    original_url: str | None = None
    """Where it was published; never fetched."""

    url: Annotated[str | None, Field(deprecated=True)] = None
    """Former name of original_url."""

    language: str | None = None
    """BCP 47 tag."""

    note: str | None = None
    """What the source leaves unclear."""

    length: int | None = None
    """Number of characters of the text. Required if you leave out the text."""

    sha256: str | None = None
    """SHA-256 of the passage in UTF-8 (in a source: of its whole text), in lower-case hexadecimal."""

    body_start: int | None = None
    """Character at which paragraph 1 starts, after title and byline."""

    text: str | None = None
    """The text, if you may publish it."""

    withdrawn: bool | None = None
    """Whether its publisher withdrew the text: true removes it and every quote of it, from past states too."""

    retrieved: date_aliased | None = None
    """Day on which the copy was made."""

    licence: str | None = None
    """An SPDX identifier, a URL or words."""


class SourcePatch(Model):
    """Changes of SourceInput: fields that you leave out stay, null removes a field."""

    slug: str | None = None
    title: str | None = None
    type: str | None = None
    authors: list[str] | None = None
    publisher: str | None = None
    published: str | int | DateWithTextPatch | None = None
    original_url: str | None = None
    url: str | None = None
    language: str | None = None
    note: str | None = None
    length: int | None = None
    sha256: str | None = None
    body_start: int | None = None
    text: str | None = None
    withdrawn: bool | None = None
    retrieved: date_aliased | None = None
    licence: str | None = None


class TimelineEntry(Model):
    """A milestone, a product's launch or a metric's period."""

    date: FactDate | None
    """When it happened, was launched or was measured; null for an undated milestone."""

    kind: Literal["milestone", "product", "metric"]
    """Which kind of fact it is."""

    company: str
    """Slug of the company that the fact is about."""

    company_url: str
    """Path of the resource; behind a proxy, the public one."""

    title: str
    """The milestone's title, or the product's or metric's name."""

    url: str
    """URL of the fact."""

    fact: Annotated[Milestone | Product | Metric, Field(discriminator="kind")]
    """The whole fact, with its citations."""


class TimelinePage(Model):
    """A page of the timeline."""

    next: str | None
    """URL of the next page; null on the last one."""

    total: int | None = None
    """Number of all items, if `total=true`."""

    items: list[TimelineEntry]


class TimelineYear(Model):
    """The entries of a page that start in one year; those without a date under null."""

    year: int | None
    """Year of the first day that may be meant; null without a date."""

    items: list[TimelineEntry]


class TimelineYears(Model):
    """A page of the timeline, by year. A year may continue on the next page."""

    next: str | None
    """URL of the next page; null on the last one."""

    total: int | None = None
    """Number of all items, if `total=true`."""

    groups: list[TimelineYear]


class UndoResult(Model):
    """What an undo changed, or with `dry_run=true` would change."""

    changed: int
    """Revisions that were undone."""

    unchanged: int
    """Revisions that had nothing left to undo."""

    newest: int
    """Number of the newest revision afterwards."""

    changes: list[ResourceChange]
    """The first 1,000 changes that a dry run found. Empty unless `dry_run=true`."""


class Change(Model):
    """One revision: what was done to one resource, by whom and why."""

    revision: int
    """Number of the revision, from 1 without gaps."""

    recorded_at: AwareDatetime
    """When it was recorded (RFC 3339, UTC)."""

    actor: str
    """Who made the change."""

    reason: str
    """Why."""

    action: Literal["create", "update", "delete"]
    """What was done."""

    kind: Literal["source", "company", "milestone", "product", "metric"]
    """Kind of the changed resource."""

    url: str
    """URL of the resource at that time."""

    document: Company | Source | Milestone | Product | Metric | None
    """The resource as the revision left it; null if the revision deleted it."""


class ChangeEvent(RootModel[StreamStart | Change]):
    root: StreamStart | Change
    """The data of an event: where the stream starts for `start`, otherwise a change."""


class ChangesPage(Model):
    """Changes by revision number. When `next` is null, continue with `since` = `newest`."""

    items: list[Change]
    next: str | None
    """URL of the next page; null on the last one."""

    newest: int
    """Number of the newest revision when the page was read; 0 in an empty database."""

    dataset: str
    """Random name of this database. If it changes, the revision numbers belong to another log: start again."""


class CompanyInput(Model):
    """A company without its facts."""

    slug: str
    """Lower-case letters a–z, digits and single hyphens; identifies the record in later loads."""

    name: str
    """As the source writes it."""

    other_names: list[OtherNameInput] | None = None
    """Other names of the company, including those in other languages."""

    country: str | None = None
    """ISO 3166-1 alpha-2 code."""

    founded: str | int | DateWithTextInput | None = None
    """When the company was founded."""

    summary: str | None = None
    """What the company is, in your own words."""

    identifiers: list[Identifier] | None = None
    """Entries in registers, such as lei, isin, ticker, wikidata and website."""

    note: str | None = None
    """What the source leaves unclear."""

    citations: list[CitationInput] | None = None
    """The passages in sources that support it."""


class CompanyMetricPage(Model):
    """A page of one company's metrics."""

    next: str | None
    """URL of the next page; null on the last one."""

    total: int | None = None
    """Number of all items, if `total=true`."""

    items: list[Metric]
    derived: list[Growth] | None = None
    """Growth of the items of the page, if `growth=true`."""


class CompanyPatch(Model):
    """Changes of CompanyInput: fields that you leave out stay, null removes a field."""

    slug: str | None = None
    name: str | None = None
    other_names: list[OtherNameInput] | None = None
    country: str | None = None
    founded: str | int | DateWithTextPatch | None = None
    summary: str | None = None
    identifiers: list[Identifier] | None = None
    note: str | None = None
    citations: list[CitationInput] | None = None


class CompanyWithFacts(Model):
    """An organisation, with the facts that `include` adds."""

    revision: int
    """Number of the resource's newest revision."""

    updated_at: AwareDatetime
    """When that revision was recorded (RFC 3339, UTC)."""

    slug: str
    """Lower-case letters a–z, digits and single hyphens; part of the URL of the resource."""

    url: str
    """Path of the resource; behind a proxy, the public one."""

    name: str
    other_names: list[OtherName]
    country: str | None
    founded: FactDate | None
    summary: str | None
    identifiers: list[Identifier]
    note: str | None
    """What the source leaves unclear, in our words."""

    citations: list[Citation]
    """The passages that the statement is based on."""

    profile_url: str
    """Path of the resource; behind a proxy, the public one."""

    milestones_url: str
    """Path of the resource; behind a proxy, the public one."""

    products_url: str
    """Path of the resource; behind a proxy, the public one."""

    metrics_url: str
    """Path of the resource; behind a proxy, the public one."""

    milestones: MilestonesPart | None = None
    products: ProductsPart | None = None
    metrics: MetricsPart | None = None
    counts: FactCounts | None = None


class LoadResult(Model):
    """What loading a dataset changed, or with `dry_run=true` would change."""

    created: int
    updated: int
    unchanged: int
    deleted: int
    left: list[str]
    """The first 1,000 resources that cite an earlier text, since their passage is not in the new one."""

    shared_identifiers: list[SharedIdentifier]
    """The first 100 identifiers that a created or updated company has in common with another."""

    warnings: list[FieldError]
    """The first 100 values that are valid but look like mistakes, such as a headline as paragraph 1."""

    newest: int
    """Number of the newest revision afterwards."""

    changes: list[ResourceChange]
    """The first 1,000 changes that a dry run found. Empty unless `dry_run=true`."""


class MetricCell(Model):
    """What one company has in a row."""

    company: str
    """Lower-case letters a–z, digits and single hyphens; part of the URL of the resource."""

    observation: Observation | None
    """Null if the company has no such value."""

    also: list[str]
    """Further observations of the company with the same unit, scope and period."""

    ratio: float | None
    """The value divided by that of `base`, to 15 digits; null unless comparable and `base` positive."""

    difference: float | None
    """The value less that of `base`; null unless the row is comparable."""


class MetricRow(Model):
    """One metric of all companies, with the same unit, scope and period, or with what differs."""

    metric: str
    """What is measured."""

    name: str
    """Its name at the first company that has it."""

    unit: str | None
    """Null if the values differ in it."""

    scope: str | None
    """Null if the values differ in it or have none."""

    period: FactDate | None
    """Null if the values differ in it or one has none."""

    comparable: bool
    """Whether the values are comparable. Empty cells are ignored."""

    reasons: list[ReasonGiven]
    """Why not; empty if the row is comparable. If only one company has a value, how the nearest values of the others, which are in other rows, differ from its value."""

    base: str
    """The first company with a value; ratios and differences refer to it."""

    common_unit: str | None
    """If units differ: a unit in which each source states its value, directly or as `equivalent`."""

    cells: list[MetricCell]
    """One for each company, in its order."""


class SearchHit(Model):
    """A resource that matches, where it matches, and its citations."""

    kind: Literal["source", "company", "milestone", "product", "metric"]
    """A kind of resource."""

    url: str
    """Path of the resource; behind a proxy, the public one."""

    title: str
    """Title or name of the resource."""

    company: str | None
    """Slug of the company that it is or belongs to; null for a source."""

    match: SearchMatch
    citations: list[Citation]
    """The citations of a company or fact."""


class SearchPage(Model):
    """A page of hits, the best first."""

    items: list[SearchHit]
    next: str | None
    """URL of the next page; null on the last one."""

    total: int | None = None
    """Number of all items, if `total=true`."""

    corrected: str | None
    """The corrected query, which was searched too; null if every word is in a name or title."""

    note: str | None
    """Why there is nothing to search for."""


class CompanyPage(Model):
    """A page of companies."""

    next: str | None
    """URL of the next page; null on the last one."""

    total: int | None = None
    """Number of all items, if `total=true`."""

    items: list[CompanyWithFacts]


class Comparison(Model):
    """Companies side by side."""

    companies: list[ComparedCompany]
    """In the order of the request."""

    truncated: bool
    """Whether a company has more facts than were compared."""

    metrics: list[MetricRow]
    """By metric, unit, scope and period."""

    products: list[ProductRow]
    """By category."""

    milestones: list[MilestoneRow]
    """By year, undated last."""