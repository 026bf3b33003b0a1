"""The SQL of search: what matches, in which order, and how a misspelt word is put right."""

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field
from rapidfuzz.distance import OSA
from sqlalchemy import ColumnElement, Connection, Subquery, case, exists, func, literal, select, union_all

from app.dialects import matching_text
from app.facts.filters import in_range
from app.fields import CountryCode, Printable, Slug, fold
from app.lists import Listing
from app.models import Company, Metric, Milestone, Product, SearchEntry, SearchSpelling, Source
from app.pagination import Order, by_id, by_text
from app.parameters import DatedListParameters, sort_documentation, sortable
from app.search.fields import PARTS
from app.search.schemas import HIT_KINDS, Hit, HitKind
from app.search.words import Term, can_be_misspelt, spelling_variants

COLUMNS = ("kind", "title", "company", "url", "match.field", "match.text", "citations")

_DOCUMENTS = (Company, Product, Milestone, Metric, Source)
_MOST_CORRECTIONS = 200
_FURTHEST = 2
"""Slips that a correction may undo."""


class SearchParameters(DatedListParameters):
    """What a search takes. The date is that of each hit: founded, happened, launched, measured, published."""

    q: Annotated[
        Printable,
        Field(
            max_length=1000,
            description='Words to find, each by its beginning; "several in quotation marks" must follow each other.',
            examples=["search engine"],
        ),
    ]
    kind: Annotated[list[HitKind], Field(max_length=5, description="Only hits of these kinds.", examples=[["company"]])] = []
    company: Annotated[
        list[Slug], Field(max_length=20, description="Only these companies and facts about them.", examples=[["baidu"]])
    ] = []
    country: Annotated[
        list[CountryCode],
        Field(max_length=20, description="Only companies of these countries and facts about them.", examples=[["CN"]]),
    ] = []
    sort: Annotated[str, sortable("rank"), sort_documentation("rank")] = "rank"


def find(dialect: str, terms: Sequence[Term], parameters: SearchParameters) -> Listing:
    """What matches all terms, and the order: how well it matches, then kind, title and id.

    It matches better by its whole name than by words of its name or title, by whole words than by beginnings,
    by names and titles than by texts.
    """
    ranked = _ranked(dialect, terms, parameters.q)
    kind_order = case({kind: order for order, kind in enumerate(HIT_KINDS)}, value=SearchEntry.kind)
    document = func.coalesce(*(table.document for table in _DOCUMENTS)).label("document")
    rows = select(document).select_from(SearchEntry).join(ranked, ranked.c.id == SearchEntry.id)
    for table in _DOCUMENTS:
        rows = rows.outerjoin(table, table.id == SearchEntry.id)
    keys = (
        by_id(ranked.c.tier)(parameters.sort.startswith("-")),
        by_id(kind_order)(False),
        by_text(SearchEntry.title_key)(False),
        by_id(SearchEntry.id)(False),
    )
    return Listing("search", rows.where(*_conditions(parameters)), Order(keys), models=(Hit,), columns=COLUMNS)


def _ranked(dialect: str, terms: Sequence[Term], query: str) -> Subquery:
    exact = [(term.words, False) for term in terms]
    open_ended = [(term.words, not term.is_phrase) for term in terms]
    named = PARTS[:2]
    tiers = (
        select(SearchEntry.id).where(SearchEntry.title_key == fold(query.strip().strip('"'))),
        matching_text(dialect, exact, named, "whole_in_names"),
        matching_text(dialect, open_ended, named, "open_in_names"),
        matching_text(dialect, exact, PARTS, "whole"),
        matching_text(dialect, open_ended, PARTS, "open"),
    )
    found = union_all(*(rows.add_columns(literal(tier).label("tier")) for tier, rows in enumerate(tiers))).subquery()
    return select(found.c.id, func.min(found.c.tier).label("tier")).group_by(found.c.id).subquery()


def _conditions(parameters: SearchParameters) -> list[ColumnElement[bool]]:
    conditions = in_range(SearchEntry, parameters)
    if parameters.kind:
        conditions.append(SearchEntry.kind.in_(parameters.kind))
    if parameters.company:
        conditions.append(SearchEntry.company_id.in_(select(Company.id).where(Company.slug.in_(parameters.company))))
    if parameters.country:
        conditions.append(SearchEntry.company_id.in_(select(Company.id).where(Company.country.in_(parameters.country))))
    return conditions


def correct(connection: Connection, terms: Sequence[Term]) -> str | None:
    """The query with each misspelt word replaced by the nearest one that names or titles have; None where there is none."""
    corrected = [" ".join(_correct_word(connection, word) for word in term.words) for term in terms]
    as_query = [f'"{text}"' if term.is_phrase else text for text, term in zip(corrected, terms, strict=True)]
    as_written = [" ".join(term.words) for term in terms]
    return " ".join(as_query) if corrected != as_written else None


def _correct_word(connection: Connection, word: str) -> str:
    if not can_be_misspelt(word) or _is_known(connection, word):
        return word
    variants = select(SearchSpelling.word).where(SearchSpelling.variant.in_(sorted(spelling_variants(word)))).distinct()
    candidates = connection.scalars(variants.order_by(SearchSpelling.word).limit(_MOST_CORRECTIONS)).all()
    distances = [(OSA.distance(word, candidate), candidate[0] != word[0], candidate) for candidate in candidates]
    return min((entry for entry in distances if entry[0] <= _FURTHEST), default=(0, False, word))[2]


def _is_known(connection: Connection, word: str) -> bool:
    """Whether a word of a name or title starts with this one."""
    starts = SearchSpelling.variant.between(word, word + "\U0010ffff")
    return bool(connection.scalar(select(exists().where(starts, SearchSpelling.word == SearchSpelling.variant))))
