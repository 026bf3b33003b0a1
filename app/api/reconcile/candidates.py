"""The SQL that finds companies which a name may refer to. It uses indexes only, so the cost barely depends on their number.

A company is a candidate if one of its names, or its slug, starts like the given name, or if they have words in common, as
written or as corrected by search_spellings.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import accumulate
from typing import Literal, NamedTuple

from rapidfuzz.distance import OSA
from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    String,
    bindparam,
    literal_column,
    select,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute

from app.api.reconcile.names import Name
from app.database.dialects import SQLITE
from app.database.models import Company, CompanyName, SearchSpelling
from app.database.prepared import PreparedStatement
from app.search.full_text import matching_text, text_query
from app.search.words import LONGEST_WORD, can_be_misspelt, spelling_variants, words

NAMES_AT_A_TIME = 15
"""Names per statement: SQLite allows 500 parts in a union."""

_EACH = 20
_LIMIT: ColumnElement[int] = literal_column(str(_EACH))
_MOST_SLUGS = 3
_BY_ID: ColumnElement[int] = literal_column("id + 0")
"""Not ``id``: PostgreSQL would scan the whole table by its primary key, expecting to find enough rows early."""
_BY_ROWID: ColumnElement[int] = literal_column("id")
"""On SQLite, whose text index finds rows in this order and so stops at the limit."""
_MOST_WORDS = 6
_MOST_WORD_SETS = 8
_MOST_PREFIXES = 10
_MOST_CORRECTIONS = 2
_MOST_NAMED = 20_000
"""Companies whose names a search remembers."""
_ENDS = [*accumulate((_MOST_PREFIXES * NAMES_AT_A_TIME, _MOST_SLUGS * NAMES_AT_A_TIME, _MOST_WORD_SETS * NAMES_AT_A_TIME))]
_NUMBERS: Mapping[str, range] = {
    "prefix": range(_ENDS[0]),
    "slug": range(_ENDS[0], _ENDS[1]),
    "words": range(_ENDS[1], _ENDS[2]),
}
"""The numbers of the parameters of one statement, by the kind of their lookups."""
_NO_WORD = frozenset(("x" * (LONGEST_WORD + 1),))
_LAST_CHARACTER = "\U0010ffff"


class NamedCompany(NamedTuple):
    """A company and one of its names."""

    id: int
    name: str


class _Lookup(NamedTuple):
    """Something that may find candidates: a prefix of their names or slugs, or words in the language of the text index."""

    kind: Literal["prefix", "slug", "words"]
    text: str


class CandidateSearch:
    """The search for the candidates of one batch. What its names have in common is looked up once."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._dialect = connection.dialect.name
        self._found: dict[_Lookup, set[int]] = {}
        self._names: dict[int, list[str]] = {}

    def find(self, names: Sequence[Name]) -> list[dict[int, list[str]]]:
        """For each of up to NAMES_AT_A_TIME names, the companies that it may refer to, with their names: by three statements."""
        corrections = _corrections(self._connection, {word for name in names for word in _words(name)})
        wanted = [self._lookups(name, corrections) for name in names]
        self._look_up({lookup for lookups in wanted for lookup in lookups} - self._found.keys())
        candidates: list[set[int]] = [set().union(*map(self._found.__getitem__, lookups)) for lookups in wanted]
        self._read_names(set().union(*candidates))
        return [{company_id: self._names[company_id] for company_id in ids} for ids in candidates]

    def _lookups(self, name: Name, corrections: dict[str, list[str]]) -> list[_Lookup]:
        return [
            *(_Lookup("prefix", prefix) for prefix in _prefixes(name, corrections)),
            *(_Lookup("slug", slug) for slug in _slugs(name)),
            *(_Lookup("words", _text_query(self._dialect, words)) for words in _word_sets(name, corrections)),
        ]

    def _look_up(self, lookups: set[_Lookup]) -> None:
        values = dict(_no_values(self._dialect))
        by_number: dict[int, set[int]] = {}
        for kind, numbers in _NUMBERS.items():
            for number, lookup in zip(numbers, sorted(one for one in lookups if one.kind == kind), strict=False):
                by_number[number] = self._found[lookup] = set()
                values[f"value_{number}"] = lookup.text
                if kind != "words" and lookup.text:
                    values[f"end_{number}"] = lookup.text + _LAST_CHARACTER
        if by_number:
            for number, company_id in _statement(self._dialect).rows(self._connection, values):
                by_number[number].add(company_id)

    def _read_names(self, company_ids: set[int]) -> None:
        if len(self._names) > _MOST_NAMED:
            self._names.clear()
        for company_id, name in _names_of(self._connection, company_ids - self._names.keys()):
            self._names.setdefault(company_id, []).append(name)


def _names_of(connection: Connection, company_ids: set[int]) -> list[NamedCompany]:
    """Every name of the companies, and their slugs, by one statement."""
    ids = sorted(company_ids)
    named = select(Company.id, Company.name).where(Company.id.in_(ids))
    by_slug = select(Company.id, Company.slug).where(Company.id.in_(ids))
    also_named = select(CompanyName.company_id, CompanyName.name).where(CompanyName.company_id.in_(ids))
    return [NamedCompany(*row) for row in connection.execute(union_all(named, by_slug, also_named))] if ids else []


def _words(name: Name) -> list[str]:
    """The words as in the text index. Separate words may be one word elsewhere, so they are also tried joined."""
    found = [word.text for core in name.written for word in list(words(" ".join(core)))[:_MOST_WORDS]]
    if not name.is_east_asian and len(name.core) > 1:
        found.append(name.joined[:LONGEST_WORD])
    if name.latin != name.core:
        found += [word[:LONGEST_WORD] for word in (*name.latin, "".join(name.latin))]
    return list(dict.fromkeys(found))


def _corrections(connection: Connection, misspelt: set[str]) -> dict[str, list[str]]:
    """The most similar known words of each word, by one statement."""
    by_word = {word: spelling_variants(word) if can_be_misspelt(word) else {word} for word in misspelt}
    variants = sorted({variant for variants in by_word.values() for variant in variants})
    known: dict[str, set[str]] = {}
    if variants:
        statement = select(SearchSpelling.variant, SearchSpelling.word).where(SearchSpelling.variant.in_(variants))
        for variant, word in connection.execute(statement):
            known.setdefault(variant, set()).add(word)
    corrections = {}
    for word, its_variants in by_word.items():
        near = {candidate for variant in its_variants for candidate in known.get(variant, ())} - {word}
        corrections[word] = sorted(near, key=lambda candidate: (OSA.distance(word, candidate), candidate))[:_MOST_CORRECTIONS]
    return corrections


def _prefixes(name: Name, corrections: dict[str, list[str]]) -> list[str]:
    """Prefixes of the names of candidates: the name, a word of it, or its first characters."""
    found = [name.text, *(" ".join(core) for core in name.written), name.joined, "".join(name.latin)]
    found += [core[0] if len(core[0]) > 2 else " ".join(core) for core in name.written]
    few = 2 if name.is_east_asian else 3
    found += [name.text[:few], *(" ".join(core)[:few] for core in name.written)]
    found += [near for word in name.core for near in (word, *corrections.get(word, ())) if len(near) > 2]
    return list(dict.fromkeys(found))[:_MOST_PREFIXES]


def _slugs(name: Name) -> list[str]:
    """Prefixes of the slugs of candidates."""
    return list(dict.fromkeys(("-".join(name.latin), name.text, "".join(name.latin)[:3])))


def _word_sets(name: Name, corrections: dict[str, list[str]]) -> list[frozenset[str]]:
    """Sets of words that a name of a candidate must contain: all words of the name, or all but one.

    Single words of several are not searched: a common word occurs in many names, which takes long to read and says little.
    """
    own = [word.text for word in words(" ".join(name.core))][:_MOST_WORDS]
    found = [own, *([near] for word in own if len(own) == 1 for near in corrections.get(word, ()))]
    found += [[next(iter(corrections.get(word, ())), word) for word in own]]
    if 2 < len(own) <= 4:
        found += [own[:left_out] + own[left_out + 1 :] for left_out in range(len(own))]
    found += [[word] for word in _words(name) if word not in own]
    return list(filter(None, dict.fromkeys(map(frozenset, found))))[:_MOST_WORD_SETS]


def _text_query(dialect: str, word_set: frozenset[str]) -> str:
    """A set of words in the query language of the engine's text index."""
    return text_query(dialect, _terms(word_set), ("names",))


def _terms(word_set: frozenset[str]) -> list[tuple[tuple[str], bool]]:
    return [((word,), False) for word in sorted(word_set)]


@cache
def _no_values(dialect: str) -> dict[str, str]:
    """The parameters of the statement, with values that find nothing."""
    nothing = _text_query(dialect, _NO_WORD)
    values = {f"value_{number}": nothing if kind == "words" else "" for kind, numbers in _NUMBERS.items() for number in numbers}
    return values | {f"end_{number}": "" for kind in ("prefix", "slug") for number in _NUMBERS[kind]}


@cache
def _statement(dialect: str) -> PreparedStatement[int, int]:
    """One statement for all names, with a parameter for each prefix and word set. An empty parameter finds nothing."""
    order = _BY_ROWID if dialect == SQLITE else _BY_ID
    searches: dict[str, Callable[[int], Iterable[Select[int]]]] = {
        "prefix": _with_names,
        "slug": _with_slug,
        "words": lambda number: [
            matching_text(dialect, _terms(_NO_WORD), ("names",), f"value_{number}").order_by(order).limit(_LIMIT)
        ],
    }
    return PreparedStatement(
        union_all(
            *(
                select(literal_column(str(number)), rows.subquery().c.id)
                for kind, numbers in _NUMBERS.items()
                for number in numbers
                for rows in searches[kind](number)
            )
        )
    )


def _with_names(number: int) -> Iterator[Select[int]]:
    yield select(Company.id).where(_starts(Company.name_key, number)).order_by(Company.name_key, Company.id).limit(_LIMIT)
    also = select(CompanyName.company_id.label("id")).where(_starts(CompanyName.name_key, number))
    yield also.order_by(CompanyName.name_key, CompanyName.company_id).limit(_LIMIT)


def _with_slug(number: int) -> Iterator[Select[int]]:
    yield select(Company.id).where(_starts(Company.slug, number)).order_by(Company.slug).limit(_LIMIT)


def _starts(column: InstrumentedAttribute[str], number: int) -> ColumnElement[bool]:
    return column.between(bindparam(f"value_{number}", type_=String), bindparam(f"end_{number}", type_=String))
