"""Which companies may be meant by a name. It is found out in the indexes, so that it costs the same among a million.

A company is a candidate where one of its names, or its slug, begins like the name that is asked for, or where it shares
words with it, as they are written or as search_spellings corrects them.
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
"""Names of one statement: SQLite takes 500 parts in a union."""

_EACH = 20
_LIMIT: ColumnElement[int] = literal_column(str(_EACH))
_MOST_SLUGS = 3
_BY_ID: ColumnElement[int] = literal_column("id + 0")
"""Not ``id``: PostgreSQL would read the whole table in the order of its key in hope of soon finding enough."""
_MOST_WORDS = 6
_MOST_QUESTIONS = 8
_MOST_BEGINNINGS = 10
_MOST_CORRECTIONS = 2
_NO_WORD = frozenset(("x" * (LONGEST_WORD + 1),))
_LAST_CHARACTER = "\U0010ffff"


class NamedCompany(NamedTuple):
    """A company and one of its names."""

    id: int
    name: str


def find_candidates(connection: Connection, names: Sequence[Name]) -> list[set[int]]:
    """The ids of companies that each of up to NAMES_AT_A_TIME names may mean, found in two statements."""
    dialect = connection.dialect.name
    corrections = _corrections(connection, {word for name in names for word in _words(name)})
    nothing = _text_query(dialect, _NO_WORD)
    values = {name: nothing if name.startswith("words") else "" for name in _parameters()}
    for number, name in enumerate(names):
        values |= {f"beginning_{number}_{k}": beginning for k, beginning in enumerate(_beginnings(name, corrections))}
        values |= {f"slug_{number}_{k}": slug for k, slug in enumerate(_slugs(name))}
        questions = enumerate(_questions(name, corrections))
        values |= {f"words_{number}_{k}": _text_query(dialect, question) for k, question in questions}
    ends = {f"end_{name}": value + _LAST_CHARACTER if value else "" for name, value in values.items() if name[0] != "w"}
    found: list[set[int]] = [set() for _ in names]
    for number, company_id in _statement(dialect).rows(connection, values | ends):
        found[number].add(company_id)
    return found


def names_of(connection: Connection, company_ids: set[int]) -> list[NamedCompany]:
    """Every name of companies, and their slugs, in one statement."""
    ids = sorted(company_ids)
    named = select(Company.id, Company.name).where(Company.id.in_(ids))
    by_slug = select(Company.id, Company.slug).where(Company.id.in_(ids))
    also_named = select(CompanyName.company_id, CompanyName.name).where(CompanyName.company_id.in_(ids))
    return [NamedCompany(*row) for row in connection.execute(union_all(named, by_slug, also_named))] if ids else []


def _words(name: Name) -> list[str]:
    """Words as the text index holds them. Several that are written apart may be one, so they count together too."""
    found = [word.text for core in name.written for word in list(words(" ".join(core)))[:_MOST_WORDS]]
    if not name.is_east_asian and len(name.core) > 1:
        found.append(name.joined[:LONGEST_WORD])
    if name.latin != name.core:
        found += [word[:LONGEST_WORD] for word in (*name.latin, "".join(name.latin))]
    return list(dict.fromkeys(found))


def _corrections(connection: Connection, misspelt: set[str]) -> dict[str, list[str]]:
    """The known words nearest to each word, itself included, in one statement."""
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


def _beginnings(name: Name, corrections: dict[str, list[str]]) -> list[str]:
    """How the names of candidates may begin: like the name, like a word of it, or with its first characters."""
    found = [name.text, *(" ".join(core) for core in name.written), name.joined, "".join(name.latin)]
    found += [core[0] if len(core[0]) > 2 else " ".join(core) for core in name.written]
    few = 2 if name.is_east_asian else 3
    found += [name.text[:few], *(" ".join(core)[:few] for core in name.written)]
    found += [near for word in name.core for near in (word, *corrections.get(word, ())) if len(near) > 2]
    return list(dict.fromkeys(found))[:_MOST_BEGINNINGS]


def _slugs(name: Name) -> list[str]:
    """How the slugs of candidates may begin."""
    return list(dict.fromkeys(("-".join(name.latin), name.text, "".join(name.latin)[:3])))


def _questions(name: Name, corrections: dict[str, list[str]]) -> list[frozenset[str]]:
    """Words that names of candidates may have together: all words of the name, or all but one of them.

    One word of several is not asked for: a common one is in so many names that to read them takes long, and says little.
    """
    own = [word.text for word in words(" ".join(name.core))][:_MOST_WORDS]
    found = [own, *([near] for word in own if len(own) == 1 for near in corrections.get(word, ()))]
    found += [[next(iter(corrections.get(word, ())), word) for word in own]]
    if 2 < len(own) <= 4:
        found += [own[:left_out] + own[left_out + 1 :] for left_out in range(len(own))]
    found += [[word] for word in _words(name) if word not in own]
    return list(filter(None, dict.fromkeys(map(frozenset, found))))[:_MOST_QUESTIONS]


def _text_query(dialect: str, question: frozenset[str]) -> str:
    """The question in the language of the engine's text index."""
    return text_query(dialect, _terms(question), ("names",))


def _terms(question: frozenset[str]) -> list[tuple[tuple[str], bool]]:
    return [((word,), False) for word in sorted(question)]


def _parameters() -> Iterator[str]:
    for number in range(NAMES_AT_A_TIME):
        yield from (f"beginning_{number}_{k}" for k in range(_MOST_BEGINNINGS))
        yield from (f"slug_{number}_{k}" for k in range(_MOST_SLUGS))
        yield from (f"words_{number}_{k}" for k in range(_MOST_QUESTIONS))


@cache
def _statement(dialect: str) -> PreparedStatement[int, int]:
    """One statement for all names, with a parameter for each thing to look for; an empty one finds nothing."""
    parts: list[Select[int, int]] = []
    for number in range(NAMES_AT_A_TIME):
        ranges = [
            *(rows for k in range(_MOST_BEGINNINGS) for rows in _with_names(f"beginning_{number}_{k}")),
            *(_with_slug(f"slug_{number}_{k}") for k in range(_MOST_SLUGS)),
            *(
                matching_text(dialect, _terms(_NO_WORD), ("names",), f"words_{number}_{k}").order_by(_BY_ID).limit(_LIMIT)
                for k in range(_MOST_QUESTIONS)
            ),
        ]
        parts += [select(literal_column(str(number)), rows.subquery().c.id) for rows in ranges]
    return PreparedStatement(union_all(*parts))


def _with_names(parameter: str) -> Iterator[Select[int]]:
    yield select(Company.id).where(_begins(Company.name_key, parameter)).order_by(Company.name_key, Company.id).limit(_LIMIT)
    also = select(CompanyName.company_id.label("id")).where(_begins(CompanyName.name_key, parameter))
    yield also.order_by(CompanyName.name_key, CompanyName.company_id).limit(_LIMIT)


def _with_slug(parameter: str) -> Select[int]:
    rows = select(Company.id).where(_begins(Company.slug, parameter))
    return rows.order_by(Company.slug).limit(_LIMIT)


def _begins(column: InstrumentedAttribute[str], parameter: str) -> ColumnElement[bool]:
    return column.between(bindparam(parameter, type_=String), bindparam(f"end_{parameter}", type_=String))
