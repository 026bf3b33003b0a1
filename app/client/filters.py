"""The filters of lists, and options of changes. Generated from the OpenAPI document by .ci/client_models.py: do not edit."""

import datetime
from collections.abc import Sequence
from typing import Literal, TypedDict

AsOf = int | str | datetime.date | datetime.datetime
"""A revision, a day or a time: the dataset as it was then."""


class CompanyFilters(TypedDict, total=False):
    limit: int
    """Items on a page. Default: 50; in CSV, NDJSON and XLSX the whole list."""
    total: bool
    """Count all items, as `total`. It costs a pass over the list."""
    sort: str
    """Sort keys, comma-separated, with `-` for descending order: name, slug, country, founded. Undated items come last."""
    from_: str | datetime.date
    """Only items that may be dated on or after this day; also a month or a year."""
    to: str | datetime.date
    """Only items that may be dated on or before this day; also a month or a year."""
    certain: bool
    """With `from` and `to`: only items that must lie in the range, not all that may."""
    dated: bool
    """Only items that have a date (true) or have none (false)."""
    country: str | Sequence[str]
    """Only companies of one of these countries."""
    name: str
    """Only companies with this name; case and accents are ignored."""
    identifier: str
    """Only companies with this identifier, written scheme:value."""
    as_of: AsOf
    """Return the dataset as of this revision, this time (RFC 3339), or the end of this day (UTC)."""
    include: str
    """What to add to each company, comma-separated: milestones, products, metrics, citations. Of each kind of fact at most 50; `more` then links to the whole list. Citations are always included. JSON only."""
    counts: bool
    """Add how many facts of each kind and sources each company has. JSON only."""


class SourceFilters(TypedDict, total=False):
    limit: int
    """Items on a page. Default: 50; in CSV, NDJSON and XLSX the whole list."""
    total: bool
    """Count all items, as `total`. It costs a pass over the list."""
    sort: str
    """Sort keys, comma-separated, with `-` for descending order: title, published, slug. Undated items come last."""
    from_: str | datetime.date
    """Only items that may be dated on or after this day; also a month or a year."""
    to: str | datetime.date
    """Only items that may be dated on or before this day; also a month or a year."""
    certain: bool
    """With `from` and `to`: only items that must lie in the range, not all that may."""
    dated: bool
    """Only items that have a date (true) or have none (false)."""
    type: str | Sequence[str]
    """Only sources of one of these types."""
    publisher: str
    """Only sources of this publisher."""
    as_of: AsOf
    """Return the dataset as of this revision, this time (RFC 3339), or the end of this day (UTC)."""


class MilestoneFilters(TypedDict, total=False):
    limit: int
    """Items on a page. Default: 50; in CSV, NDJSON and XLSX the whole list."""
    total: bool
    """Count all items, as `total`. It costs a pass over the list."""
    sort: str
    """Sort keys, comma-separated, with `-` for descending order: date, company, slug. Undated items come last."""
    from_: str | datetime.date
    """Only items that may be dated on or after this day; also a month or a year."""
    to: str | datetime.date
    """Only items that may be dated on or before this day; also a month or a year."""
    certain: bool
    """With `from` and `to`: only items that must lie in the range, not all that may."""
    dated: bool
    """Only items that have a date (true) or have none (false)."""
    source: str | Sequence[str]
    """Only facts that cite one of these sources."""
    checked: Literal["text", "claimed"]
    """text: only facts whose citations were all compared with the source's text. claimed: only facts with a citation that was not."""
    as_of: AsOf
    """Return the dataset as of this revision, this time (RFC 3339), or the end of this day (UTC)."""
    company: str | Sequence[str]
    """Only facts about one of these companies."""
    country: str | Sequence[str]
    """Only facts about companies of one of these countries."""
    category: str | Sequence[str]
    """Only milestones of one of these categories."""


class ProductFilters(TypedDict, total=False):
    limit: int
    """Items on a page. Default: 50; in CSV, NDJSON and XLSX the whole list."""
    total: bool
    """Count all items, as `total`. It costs a pass over the list."""
    sort: str
    """Sort keys, comma-separated, with `-` for descending order: name, launched, company, slug. Undated items come last."""
    from_: str | datetime.date
    """Only items that may be dated on or after this day; also a month or a year."""
    to: str | datetime.date
    """Only items that may be dated on or before this day; also a month or a year."""
    certain: bool
    """With `from` and `to`: only items that must lie in the range, not all that may."""
    dated: bool
    """Only items that have a date (true) or have none (false)."""
    source: str | Sequence[str]
    """Only facts that cite one of these sources."""
    checked: Literal["text", "claimed"]
    """text: only facts whose citations were all compared with the source's text. claimed: only facts with a citation that was not."""
    as_of: AsOf
    """Return the dataset as of this revision, this time (RFC 3339), or the end of this day (UTC)."""
    company: str | Sequence[str]
    """Only facts about one of these companies."""
    country: str | Sequence[str]
    """Only facts about companies of one of these countries."""
    category: str | Sequence[str]
    """Only products of one of these categories."""


class MetricFilters(TypedDict, total=False):
    limit: int
    """Items on a page. Default: 50; in CSV, NDJSON and XLSX the whole list."""
    total: bool
    """Count all items, as `total`. It costs a pass over the list."""
    sort: str
    """Sort keys, comma-separated, with `-` for descending order: metric, period, value, company, slug. Undated items come last."""
    from_: str | datetime.date
    """Only items that may be dated on or after this day; also a month or a year."""
    to: str | datetime.date
    """Only items that may be dated on or before this day; also a month or a year."""
    certain: bool
    """With `from` and `to`: only items that must lie in the range, not all that may."""
    dated: bool
    """Only items that have a date (true) or have none (false)."""
    source: str | Sequence[str]
    """Only facts that cite one of these sources."""
    checked: Literal["text", "claimed"]
    """text: only facts whose citations were all compared with the source's text. claimed: only facts with a citation that was not."""
    as_of: AsOf
    """Return the dataset as of this revision, this time (RFC 3339), or the end of this day (UTC)."""
    company: str | Sequence[str]
    """Only facts about one of these companies."""
    country: str | Sequence[str]
    """Only facts about companies of one of these countries."""
    metric: str | Sequence[str]
    """Only these metrics."""
    unit: str | Sequence[str]
    """Only values in one of these units."""
    qualifier: Literal["exact", "about", "more_than", "at_least", "less_than", "at_most"] | Sequence[Literal["exact", "about", "more_than", "at_least", "less_than", "at_most"]]
    """Only values with one of these qualifiers."""
    minimum: float
    """Only values greater than or equal to this number."""
    maximum: float
    """Only values less than or equal to this number."""


class SeriesFilters(TypedDict, total=False):
    limit: int
    """Items on a page. Default: 50; in CSV, NDJSON and XLSX the whole list."""
    total: bool
    """Count all items, as `total`. It costs a pass over the list."""
    sort: str
    """Sort keys, comma-separated, with `-` for descending order: metric, period, value, slug. Undated items come last."""
    from_: str | datetime.date
    """Only items that may be dated on or after this day; also a month or a year."""
    to: str | datetime.date
    """Only items that may be dated on or before this day; also a month or a year."""
    certain: bool
    """With `from` and `to`: only items that must lie in the range, not all that may."""
    dated: bool
    """Only items that have a date (true) or have none (false)."""
    source: str | Sequence[str]
    """Only facts that cite one of these sources."""
    checked: Literal["text", "claimed"]
    """text: only facts whose citations were all compared with the source's text. claimed: only facts with a citation that was not."""
    as_of: AsOf
    """Return the dataset as of this revision, this time (RFC 3339), or the end of this day (UTC)."""
    metric: str | Sequence[str]
    """Only these metrics."""
    unit: str | Sequence[str]
    """Only values in one of these units."""
    qualifier: Literal["exact", "about", "more_than", "at_least", "less_than", "at_most"] | Sequence[Literal["exact", "about", "more_than", "at_least", "less_than", "at_most"]]
    """Only values with one of these qualifiers."""
    minimum: float
    """Only values greater than or equal to this number."""
    maximum: float
    """Only values less than or equal to this number."""
    restated: bool
    """false: without values for which a source published later states another one, so the value filed last. true: only these values."""
    growth: bool
    """Add the growth of each item since the same period one year earlier, as `derived`. JSON only."""


class SourceFactFilters(TypedDict, total=False):
    limit: int
    """Items on a page. Default: 50; in CSV, NDJSON and XLSX the whole list."""
    total: bool
    """Count all items, as `total`. It costs a pass over the list."""
    sort: str
    """Sort keys, comma-separated, with `-` for descending order: place. Undated items come last."""
    kind: Literal["milestone", "product", "metric"] | Sequence[Literal["milestone", "product", "metric"]]
    """Only facts of these kinds."""
    company: str | Sequence[str]
    """Only facts about one of these companies."""
    as_of: AsOf
    """Return the dataset as of this revision, this time (RFC 3339), or the end of this day (UTC)."""


class TimelineFilters(TypedDict, total=False):
    limit: int
    """Items on a page. Default: 50; in CSV, NDJSON and XLSX the whole list."""
    total: bool
    """Count all items, as `total`. It costs a pass over the list."""
    sort: str
    """Sort keys, comma-separated, with `-` for descending order: date. Undated items come last."""
    from_: str | datetime.date
    """Only items that may be dated on or after this day; also a month or a year."""
    to: str | datetime.date
    """Only items that may be dated on or before this day; also a month or a year."""
    certain: bool
    """With `from` and `to`: only items that must lie in the range, not all that may."""
    dated: bool
    """Only items that have a date (true) or have none (false)."""
    source: str | Sequence[str]
    """Only facts that cite one of these sources."""
    checked: Literal["text", "claimed"]
    """text: only facts whose citations were all compared with the source's text. claimed: only facts with a citation that was not."""
    as_of: AsOf
    """Return the dataset as of this revision, this time (RFC 3339), or the end of this day (UTC)."""
    company: str | Sequence[str]
    """Only facts about one of these companies."""
    country: str | Sequence[str]
    """Only facts about companies of one of these countries."""
    kind: Literal["milestone", "product", "metric"] | Sequence[Literal["milestone", "product", "metric"]]
    """Only facts of these kinds."""
    category: str | Sequence[str]
    """Only milestones and products of one of these categories. Excludes metrics, which have no category."""


class SearchFilters(TypedDict, total=False):
    limit: int
    """Items on a page. Default: 50; in CSV, NDJSON and XLSX the whole list."""
    total: bool
    """Count all items, as `total`. It costs a pass over the list."""
    sort: str
    """Sort keys, comma-separated, with `-` for descending order: rank. Undated items come last."""
    from_: str | datetime.date
    """Only items that may be dated on or after this day; also a month or a year."""
    to: str | datetime.date
    """Only items that may be dated on or before this day; also a month or a year."""
    certain: bool
    """With `from` and `to`: only items that must lie in the range, not all that may."""
    dated: bool
    """Only items that have a date (true) or have none (false)."""
    kind: Literal["source", "company", "milestone", "product", "metric"] | Sequence[Literal["source", "company", "milestone", "product", "metric"]]
    """Only hits of these kinds."""
    company: str | Sequence[str]
    """Only these companies and facts about them."""
    country: str | Sequence[str]
    """Only companies of these countries and facts about them."""


class ChangesFilters(TypedDict, total=False):
    kind: Literal["source", "company", "milestone", "product", "metric"] | Sequence[Literal["source", "company", "milestone", "product", "metric"]]
    """Only changes of these kinds of resources."""
    company: str | Sequence[str]
    """Only changes of these companies and their facts, by the slug that the company had at that time."""
    action: Literal["create", "update", "delete"]
    """Only changes with this action."""
    since: int
    """Only revisions after this one: the last one that you have. 0 means from the beginning."""
    limit: int
    """Changes on a page. Default: 50."""


class StreamFilters(TypedDict, total=False):
    kind: Literal["source", "company", "milestone", "product", "metric"] | Sequence[Literal["source", "company", "milestone", "product", "metric"]]
    """Only changes of these kinds of resources."""
    company: str | Sequence[str]
    """Only changes of these companies and their facts, by the slug that the company had at that time."""
    action: Literal["create", "update", "delete"]
    """Only changes with this action."""
    since: int
    """Start after this revision. Default: only new revisions."""


class LoadOptions(TypedDict, total=False):
    reason: str
    """Reason, for the history."""
    dry_run: bool
    """List what would change, without changing anything."""
    prune: bool
    """Delete everything that the dataset does not contain, so that the database matches the dataset."""
    prune_company: str
    """With `prune=true`: delete only facts of this company."""
    prune_source: str
    """With `prune=true`: delete only facts that cite this source."""


class UndoOptions(TypedDict, total=False):
    reason: str
    """Reason, for the history."""
    last: int
    """Number of the last revision to undo. Default: `first`."""
    dry_run: bool
    """List what would change, without changing anything."""
