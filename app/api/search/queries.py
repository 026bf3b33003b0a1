"""The SQL of search: what matches, and in which order."""

from collections.abc import Iterable, Sequence
from functools import lru_cache, partial
from typing import Any, NamedTuple

from sqlalchemy import (
    CTE,
    ColumnElement,
    Select,
    String,
    Subquery,
    bindparam,
    case,
    exists,
    func,
    literal,
    or_,
    select,
    union_all,
)

from app.api.facts.filters import in_range
from app.api.facts.queries import require_named
from app.api.search.parameters import SearchParameters
from app.api.search.schemas import HIT_KINDS, Hit
from app.database.dialects import SQLITE
from app.database.models import Company, CompanyName, Metric, Milestone, Product, SearchEntry, Source
from app.http.lists.listing import Listing, page_request
from app.http.lists.pages import PageRequest, PageStatement, among_page, kept_page, page_statement, rows_after
from app.http.lists.sorting import SortOrder, by_id, by_text
from app.search.fields import PARTS
from app.search.full_text import matching_given, text_query
from app.search.words import Term
from app.values.text import fold

COLUMNS = ("kind", "title", "company", "url", "match.field", "match.text", "citations")

_TABLES = (Company, Product, Milestone, Metric, Source)
MOST_RANKED = 1000
"""Hits of one tier that are ranked. Of more, the index gives the first that it comes upon: on SQLite the oldest."""


def find(
    dialect: str,
    terms: Sequence[Term],
    corrected: Sequence[Term],
    parameters: SearchParameters,
    conditions: Sequence[ColumnElement[bool]],
    path: str,
) -> Listing:
    """What matches all terms, or all corrected ones, and the order: how well it matches, then kind, title and id.

    It matches better by its whole name than by words of its name or title, by whole words than by beginnings,
    by names and titles than by texts, as written than as corrected.
    """
    wanted = page_request(parameters, path)
    shape = dialect, bool(corrected), parameters.sort
    if conditions or wanted.total:
        hits = _hits(*shape, conditions, wanted)
    else:
        hits = _kept_hits(*shape, wanted.limit, wanted.cursor is not None)
    values = _values(dialect, terms, corrected, parameters.q)
    check = partial(require_named, companies=parameters.company)
    return Listing("search", hits.rows, hits.order, (Hit,), COLUMNS, check, page=hits.page, values=values)


class _Hits(NamedTuple):
    """The documents of what is found, in order, and the statement of the page."""

    rows: Select[str]
    order: SortOrder
    page: PageStatement | Select[Any]


def _hits(dialect: str, is_corrected: bool, sort: str, conditions: Sequence[ColumnElement[bool]], wanted: PageRequest) -> _Hits:  # noqa: FBT001 - by place, as it is kept
    """Unless the hits are counted, only those of the page are joined to their documents: sorting these takes the longest."""
    entries, order = _entries(dialect, is_corrected, sort, conditions)
    if not wanted.total:
        entries = among_page(entries, order, wanted)
    rows, order = _documents(entries, sort)
    return _Hits(rows, order, page_statement(rows, order, wanted))


@lru_cache(maxsize=256)
def _kept_hits(dialect: str, is_corrected: bool, sort: str, limit: int, is_continued: bool) -> _Hits:  # noqa: FBT001 - by place, as it is kept
    """Kept, for a page without filters is what is asked most: making the statement takes longer than running it."""
    entries, order = _entries(dialect, is_corrected, sort, ())
    among = rows_after(entries, order, limit, order.placeholders if is_continued else None)
    rows, order = _documents(among, sort)
    # The cursor's condition stands among the entries already. Its parameters have the same names in either order.
    return _Hits(rows, order, kept_page(rows, order, limit, is_continued=False))


def _entries(
    dialect: str,
    is_corrected: bool,  # noqa: FBT001 - by place, as it is kept
    sort: str,
    conditions: Sequence[ColumnElement[bool]],
) -> tuple[Select[int, int, int, str], SortOrder]:
    """What is found, with what it is ordered by."""
    ranked = _ranked(dialect, is_corrected, conditions)
    kind_order = case({kind: order for order, kind in enumerate(HIT_KINDS)}, value=SearchEntry.kind).label("kind_order")
    entries = select(SearchEntry.id, ranked.c.tier, kind_order, SearchEntry.title_key).where(*conditions)
    entries = entries.join(ranked, ranked.c.id == SearchEntry.id)
    return entries, _order(entries.selected_columns, sort)


def _documents(entries: Select[int, int, int, str], sort: str) -> tuple[Select[str], SortOrder]:
    """The documents of what is found."""
    found = entries.subquery("found")
    rows = select(func.coalesce(*(table.document for table in _TABLES)).label("document")).select_from(found)
    for table in _TABLES:
        rows = rows.outerjoin(table, table.id == found.c.id)
    return rows, _order(found.c, sort)


def _order(columns: Iterable[ColumnElement[Any]], sort: str) -> SortOrder:
    identity, tier, kind_order, title_key = columns
    first = by_id(tier)(sort.startswith("-"))
    return SortOrder((first, by_id(kind_order)(False), by_text(title_key)(False), by_id(identity)(False)))


_WAYS: Sequence[tuple[str, Sequence[str], bool]] = (
    ("whole_names", PARTS[:2], False), ("begun_names", PARTS[:2], True), ("whole_all", PARTS, False), ("begun_all", PARTS, True),
)  # fmt: skip
"""What has the words, the best matches first: whole words before beginnings, names and titles before texts."""


def _ranked(dialect: str, is_corrected: bool, conditions: Sequence[ColumnElement[bool]]) -> Subquery:  # noqa: FBT001 - by place
    """What is found, each with the best tier that it is in.

    A tier gives its first MOST_RANKED that pass the conditions, and is not looked at where one before it gave so many:
    what a search costs follows from this number, not from how much there is to find.
    """
    named_so = bindparam("named_so", type_=String)
    whole_names = (
        select(SearchEntry.id).where(SearchEntry.title_key == named_so),
        select(CompanyName.company_id).where(CompanyName.name_key == named_so),
        select(Company.id).where(Company.slug == named_so),
    )
    words = [(f"{name}_{way}", parts) for name in ("written", "corrected")[: 1 + is_corrected] for way, parts, _ in _WAYS]
    tiers: list[tuple[int, CTE]] = []
    for tier, rows in enumerate(
        [union_all(*whole_names).subquery(), *(matching_given(dialect, *given, alone=not conditions) for given in words)]
    ):
        identity = rows.c[0]
        passing = [exists().where(SearchEntry.id == identity, *conditions)] if conditions else []
        tiers.append((tier, _unless_filled(dialect, select(identity).where(*passing), tiers).cte(f"tier_{tier}")))
    found = union_all(*(select(rows.c[0], literal(tier).label("tier")) for tier, rows in tiers)).subquery()
    return select(found.c[0].label("id"), func.min(found.c.tier).label("tier")).group_by(found.c[0]).subquery()


def _unless_filled(dialect: str, rows: Select[int], earlier: Sequence[tuple[int, CTE]]) -> Select[int]:
    """The first rows of a tier; none where an earlier one is full.

    SQLite would look a condition up for each of the words' rows, but opens nothing for a limit of 0. PostgreSQL looks at the
    condition once, but does not know what to plan for where the limit is to be worked out.
    """
    counts = [select(func.count()).select_from(tier).scalar_subquery() for _, tier in earlier]
    if dialect != SQLITE:
        return rows.where(*(count < MOST_RANKED for count in counts)).limit(MOST_RANKED)
    filled = [count >= MOST_RANKED for count in counts]
    return rows.limit(case((or_(*filled), 0), else_=MOST_RANKED) if filled else MOST_RANKED)


def _values(dialect: str, terms: Sequence[Term], corrected: Sequence[Term], query: str) -> dict[str, str]:
    """What the parameters of the statement are given."""
    values = {"named_so": fold(query.strip().strip('"'))}
    for name, words in (("written", terms), ("corrected", corrected)):
        for way, parts, is_begun in _WAYS if words else ():
            texts = [(term.words, is_begun and not term.is_phrase) for term in words]
            values[f"{name}_{way}"] = text_query(dialect, texts, parts)
    return values


def conditions_of(parameters: SearchParameters) -> list[ColumnElement[bool]]:
    """What the filters ask of an entry."""
    conditions = in_range(SearchEntry, parameters)
    if parameters.kind:
        conditions.append(SearchEntry.kind.in_(parameters.kind))
    if parameters.company:
        conditions.append(SearchEntry.company_id.in_(select(Company.id).where(Company.slug.in_(parameters.company))))
    if parameters.country:
        conditions.append(SearchEntry.company_id.in_(select(Company.id).where(Company.country.in_(parameters.country))))
    return conditions
