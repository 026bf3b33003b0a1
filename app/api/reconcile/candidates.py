"""The SQL that finds companies which a name may refer to. It uses indexes only, so the cost barely depends on their number.

A company is a candidate if one of its names, or its slug, starts like the given name, or if they have words in common, as
written or as corrected by search_spellings.
"""

from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

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
_MOST_WORDS = 6
_MOST_WORD_SETS = 8
_MOST_PREFIXES = 10
_MOST_CORRECTIONS = 2
_NO_WORD = frozenset(("x" * (LONGEST_WORD + 1),))
_LAST_CHARACTER = "\U0010ffff"


class NamedCompany(NamedTuple):
    """A company and one of its names."""

    id: int
    name: str


def find_candidates(connection: Connection, names: Sequence[Name]) -> list[set[int]]:
    """For each of up to NAMES_AT_A_TIME names, the ids of companies that it may refer to, found by two statements."""
    dialect = connection.dialect.name
    corrections = _corrections(connection, {word for name in names for word in _words(name)})
    nothing = _text_query(dialect, _NO_WORD)
    values = {name: nothing if name.startswith("words") else "" for name in _parameters()}
    for number, name in enumerate(names):
        values |= {f"prefix_{number}_{k}": prefix for k, prefix in enumerate(_prefixes(name, corrections))}
        values |= {f"slug_{number}_{k}": slug for k, slug in enumerate(_slugs(name))}
        word_sets = enumerate(_word_sets(name, corrections))
        values |= {f"words_{number}_{k}": _text_query(dialect, word_set) for k, word_set in word_sets}
    ends = {f"end_{name}": value + _LAST_CHARACTER if value else "" for name, value in values.items() if name[0] != "w"}
    found: list[set[int]] = [set() for _ in names]
    for number, company_id in _statement(dialect).rows(connection, values | ends):
        found[number].add(company_id)
    return found


def names_of(connection: Connection, company_ids: set[int]) -> list[NamedCompany]:
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


def _parameters() -> Iterator[str]:
    for number in range(NAMES_AT_A_TIME):
        yield from (f"prefix_{number}_{k}" for k in range(_MOST_PREFIXES))
        yield from (f"slug_{number}_{k}" for k in range(_MOST_SLUGS))
        yield from (f"words_{number}_{k}" for k in range(_MOST_WORD_SETS))


@cache
def _statement(dialect: str) -> PreparedStatement[int, int]:
    """One statement for all names, with a parameter for each prefix and word set. An empty parameter finds nothing."""
    parts: list[Select[int, int]] = []
    for number in range(NAMES_AT_A_TIME):
        ranges = [
            *(rows for k in range(_MOST_PREFIXES) for rows in _with_names(f"prefix_{number}_{k}")),
            *(_with_slug(f"slug_{number}_{k}") for k in range(_MOST_SLUGS)),
            *(
                matching_text(dialect, _terms(_NO_WORD), ("names",), f"words_{number}_{k}").order_by(_BY_ID).limit(_LIMIT)
                for k in range(_MOST_WORD_SETS)
            ),
        ]
        parts += [select(literal_column(str(number)), rows.subquery().c.id) for rows in ranges]
    return PreparedStatement(union_all(*parts))


def _with_names(parameter: str) -> Iterator[Select[int]]:
    yield select(Company.id).where(_starts(Company.name_key, parameter)).order_by(Company.name_key, Company.id).limit(_LIMIT)
    also = select(CompanyName.company_id.label("id")).where(_starts(CompanyName.name_key, parameter))
    yield also.order_by(CompanyName.name_key, CompanyName.company_id).limit(_LIMIT)


def _with_slug(parameter: str) -> Select[int]:
    rows = select(Company.id).where(_starts(Company.slug, parameter))
    return rows.order_by(Company.slug).limit(_LIMIT)


def _starts(column: InstrumentedAttribute[str], parameter: str) -> ColumnElement[bool]:
    return column.between(bindparam(parameter, type_=String), bindparam(f"end_{parameter}", type_=String))
