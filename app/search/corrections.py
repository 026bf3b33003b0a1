"""The SQL of putting right a misspelt word: which words there are, and which of those that are spelt nearly so."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from rapidfuzz.distance import OSA
from sqlalchemy import Connection, String, bindparam, select

from app.kept_statements import KeptStatement
from app.models import RevisionHead, SearchSpelling
from app.search.fields import PARTS
from app.search.words import Term, can_be_misspelt, spelling_variants
from app.text_index import is_matched, text_query

_MOST_CORRECTIONS = 200
_MOST_TRIED = 5


class Correction(NamedTuple):
    """A query put right, None where there is nothing to put right; and the newest revision by then, None if nothing was read."""

    query: str | None
    revision: int | None = None


def correct(connection: Connection, terms: Sequence[Term]) -> Correction:
    """The query with each word that no name or title has replaced by the nearest one that some have."""
    doubtful = list(dict.fromkeys(word for term in terms for word in term.words if can_be_misspelt(word)))
    if not doubtful:
        return Correction(None)
    living, revision = _living(connection, doubtful)
    nearest = {word: near for word in doubtful if word not in living and (near := _nearest(connection, word)) is not None}
    if not nearest:
        return Correction(None, revision)
    corrected = [" ".join(nearest.get(word, word) for word in term.words) for term in terms]
    as_query = [f'"{text}"' if term.is_phrase else text for text, term in zip(corrected, terms, strict=True)]
    return Correction(" ".join(as_query), revision)


def _nearest(connection: Connection, word: str) -> str | None:
    variants = {f"variant_{number}": variant for number, variant in enumerate(sorted(spelling_variants(word)))}
    candidates = [candidate for (candidate,) in _spelt_nearly_so(len(variants)).rows(connection, variants)]
    distances = sorted((OSA.distance(word, candidate), candidate[0] != word[0], candidate) for candidate in candidates)
    near = [candidate for distance, _, candidate in distances[:_MOST_TRIED] if distance <= 1]
    living = _living(connection, near)[0] if near else ()
    return next((candidate for candidate in near if candidate in living), None)


@lru_cache
def _spelt_nearly_so(variants: int) -> KeptStatement[str]:
    """The words that share one of so many variants."""
    given = [bindparam(f"variant_{number}", type_=String) for number in range(variants)]
    words = select(SearchSpelling.word).where(SearchSpelling.variant.in_(given)).distinct()
    return KeptStatement(words.order_by(SearchSpelling.word).limit(_MOST_CORRECTIONS))


def _living(connection: Connection, words: Sequence[str]) -> tuple[frozenset[str], int]:
    """Which words a name or title has, and the newest revision: spellings stay when the last resource that had them goes."""
    dialect = connection.dialect.name
    values = {f"word_{number}": text_query(dialect, [((word,), False)], PARTS[:2]) for number, word in enumerate(words)}
    ((revision, *having),) = _having(dialect, len(words)).rows(connection, values)
    living = frozenset(word for word, is_had in zip(words, having, strict=True) if is_had)
    return living, revision


@lru_cache
def _having(dialect: str, words: int) -> KeptStatement[*tuple[Any, ...]]:
    """Whether each of so many words is in a name or title, and the newest revision."""
    had = [is_matched(dialect, f"word_{number}") for number in range(words)]
    return KeptStatement(select(RevisionHead.newest, *had))
