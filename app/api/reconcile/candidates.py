"""The SQL that finds companies which a name may refer to. It uses indexes only, so the cost barely depends on their number.

A company is a candidate if one of its names, or its slug, starts like the given name, or if they have words in common, as
written or as corrected by search_spellings.
"""

from collections.abc import Sequence
from functools import cache
from typing import Literal, NamedTuple

from rapidfuzz.distance import OSA
from sqlalchemy import Connection, String, Text, column, select, text, union_all

from app.api.reconcile.names import Name
from app.database.column_types import BigInt
from app.database.dialects import SQLITE
from app.database.lists import as_list, elements, for_each, list_parameter
from app.database.models import Company, CompanyName, SearchSpelling
from app.database.prepared import PreparedStatement
from app.search.full_text import matching_sql, text_query
from app.search.words import LONGEST_WORD, can_be_misspelt, spelling_variants, words

NAMES_AT_A_TIME = 15
"""Names per step, after which the batch may be stopped."""

_EACH = 20
_MOST_WORDS = 6
_MOST_WORD_SETS = 8
_MOST_PREFIXES = 10
_MOST_CORRECTIONS = 2
_MOST_NAMED = 20_000
"""Companies whose names a search remembers."""
_LAST_CHARACTER = 0x10FFFF
_Way = Literal["prefix", "slug", "words"]
_WAYS: tuple[_Way, ...] = ("prefix", "slug", "words")
_Found = tuple[int, ...]
_Lookup = tuple[_Way, str]
"""Something that may find candidates: a prefix of their names or slugs, or words in the language of the text index.

Many are remembered, so they are plain tuples of plain values, like what they find: the garbage collector stops the process
while it goes through other objects.
"""


class NamedCompany(NamedTuple):
    """A company and one of its names."""

    id: int
    name: str


class CandidateSearch:
    """The search for the candidates of one batch. What its names have in common is looked up once."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._dialect = connection.dialect.name
        self._found: dict[_Lookup, _Found] = {}
        self._names: dict[int, tuple[str, ...]] = {}

    def find(self, names: Sequence[Name]) -> list[dict[int, tuple[str, ...]]]:
        """For each of up to NAMES_AT_A_TIME names, the companies that it may refer to, with their names: by three statements."""
        corrections = _corrections(self._connection, {word for name in names for word in _words(name)})
        wanted = [self._lookups(name, corrections) for name in names]
        self._look_up({lookup for lookups in wanted for lookup in lookups} - self._found.keys())
        candidates: list[set[int]] = [set().union(*map(self._found.__getitem__, lookups)) for lookups in wanted]
        self._read_names(set().union(*candidates))
        return [{company_id: self._names[company_id] for company_id in ids} for ids in candidates]

    def _lookups(self, name: Name, corrections: dict[str, list[str]]) -> list[_Lookup]:
        return [
            *(("prefix", prefix) for prefix in _prefixes(name, corrections)),
            *(("slug", slug) for slug in _slugs(name)),
            *(("words", _text_query(self._dialect, words)) for words in _word_sets(name, corrections)),
        ]

    def _look_up(self, lookups: set[_Lookup]) -> None:
        found: dict[_Lookup, set[int]] = {lookup: set() for lookup in sorted(lookups) if lookup[1]}
        if found:
            values: dict[str, object] = {
                way: as_list(self._dialect, [value for other, value in found if other == way]) for way in _WAYS
            }
            for way, value, company_id in _lookup_statement(self._dialect).rows(self._connection, values):
                found[way, value].add(company_id)
        self._found |= {lookup: tuple(found.get(lookup, ())) for lookup in lookups}

    def _read_names(self, company_ids: set[int]) -> None:
        if len(self._names) > _MOST_NAMED:
            self._names.clear()
        names: dict[int, list[str]] = {}
        for company_id, name in _names_of(self._connection, company_ids - self._names.keys()):
            names.setdefault(company_id, []).append(name)
        self._names |= {company_id: tuple(found) for company_id, found in names.items()}


def _names_of(connection: Connection, company_ids: set[int]) -> list[NamedCompany]:
    """Every name of the companies, and their slugs, by one statement."""
    if not company_ids:
        return []
    dialect = connection.dialect.name
    rows = _names_statement(dialect).rows(connection, {"ids": as_list(dialect, sorted(company_ids))})
    return [NamedCompany(*row) for row in rows]


@cache
def _names_statement(dialect: str) -> PreparedStatement[int, str]:
    ids = elements(dialect, "ids", BigInt)
    named = select(Company.id, Company.name).where(Company.id.in_(ids))
    by_slug = select(Company.id, Company.slug).where(Company.id.in_(ids))
    also_named = select(CompanyName.company_id, CompanyName.name).where(CompanyName.company_id.in_(ids))
    return PreparedStatement(union_all(named, by_slug, also_named))


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
        dialect = connection.dialect.name
        for variant, word in _spelling_statement(dialect).rows(connection, {"variants": as_list(dialect, variants)}):
            known.setdefault(variant, set()).add(word)
    corrections = {}
    for word, its_variants in by_word.items():
        near = {candidate for variant in its_variants for candidate in known.get(variant, ())} - {word}
        corrections[word] = sorted(near, key=lambda candidate: (OSA.distance(word, candidate), candidate))[:_MOST_CORRECTIONS]
    return corrections


@cache
def _spelling_statement(dialect: str) -> PreparedStatement[str, str]:
    variants = elements(dialect, "variants", Text())
    return PreparedStatement(select(SearchSpelling.variant, SearchSpelling.word).where(SearchSpelling.variant.in_(variants)))


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
    found += [[word.text for word in words(" ".join(name.full))][:_MOST_WORDS]]
    if 2 < len(own) <= 4:
        found += [own[:left_out] + own[left_out + 1 :] for left_out in range(len(own))]
    found += [[word] for word in _words(name) if word not in own]
    return list(filter(None, dict.fromkeys(map(frozenset, found))))[:_MOST_WORD_SETS]


def _text_query(dialect: str, word_set: frozenset[str]) -> str:
    """A set of words in the query language of the engine's text index."""
    return text_query(dialect, [((word,), False) for word in sorted(word_set)], ("names",))


@cache
def _lookup_statement(dialect: str) -> PreparedStatement[_Way, str, int]:
    """One statement for all names. Its parameters are lists of texts, by the kind of their lookups."""
    starts = (("prefix", "companies", "id", "name_key"), ("prefix", "company_names", "company_id", "name_key"))
    searches = [
        (way, f"SELECT {id_} AS id FROM {table} WHERE {key} {_between(dialect)} ORDER BY {key}, {id_}")  # noqa: S608 - all ours
        for way, table, id_, key in (*starts, ("slug", "companies", "id", "slug"))
    ]
    # Not by ``id`` alone: PostgreSQL would scan the whole table by its primary key, expecting to find enough rows early. SQLite's
    # text index finds rows in this order, and so stops at the limit.
    order = "id" if dialect == SQLITE else "id + 0"
    matching = matching_sql(dialect, "given.value", ("names",))
    searches.append(("words", f"SELECT id FROM ({matching}) AS matching ORDER BY {order}"))  # noqa: S608
    statement = " UNION ALL ".join(for_each(dialect, way, f"{search} LIMIT {_EACH}") for way, search in searches)
    columns = column("name", String), column("value", String), column("id", BigInt)
    found = text(statement).bindparams(*(list_parameter(dialect, way, Text()) for way in _WAYS)).columns(*columns).subquery()
    return PreparedStatement(select(found.c.name, found.c.value, found.c.id))


def _between(dialect: str) -> str:
    """The condition that a column starts with a given text. Keys compare by code point on both engines."""
    if dialect == SQLITE:
        return f"BETWEEN given.value AND given.value || char({_LAST_CHARACTER})"
    return f'BETWEEN (given.value COLLATE "C") AND ((given.value || chr({_LAST_CHARACTER})) COLLATE "C")'
