"""The SQL of spelling correction: which words exist, and which existing words are spelt similarly."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, String, bindparam, select

from app.database.models import RevisionHead, SearchSpelling
from app.database.prepared import PreparedStatement
from app.database.snapshots import require_one_snapshot
from app.http.conditional import Stamp
from app.http.lists.pages import stamp_of
from app.search.fields import PARTS
from app.search.full_text import is_matched, text_query
from app.search.words import Term, can_be_misspelt, spelling_variants

_MOST_CORRECTIONS = 200
_MOST_TRIED = 5


class Correction(NamedTuple):
    """A corrected query, and the newest revision that the first statement saw, to be compared with that of a later statement.

    ``query`` is None if nothing needs correction, ``first_seen`` if no statement was needed.
    """

    query: str | None
    first_seen: Stamp | None = None


def correct(connection: Connection, terms: Sequence[Term]) -> Correction:
    """The query with each word that is in no name or title replaced by the nearest one that is.

    Raises SnapshotChanged.
    """
    doubtful = list(dict.fromkeys(word for term in terms for word in term.words if can_be_misspelt(word)))
    if not doubtful:
        return Correction(None)
    living, first_seen = _living(connection, doubtful)
    missing = [word for word in doubtful if word not in living]
    nearest = {word: near for word in missing if (near := _nearest(connection, word, first_seen)) is not None}
    if not nearest:
        return Correction(None, first_seen)
    corrected = [" ".join(nearest.get(word, word) for word in term.words) for term in terms]
    as_query = [f'"{text}"' if term.is_phrase else text for text, term in zip(corrected, terms, strict=True)]
    return Correction(" ".join(as_query), first_seen)


def _nearest(connection: Connection, word: str, first_seen: Stamp) -> str | None:
    from rapidfuzz.distance import OSA  # noqa: PLC0415 - only misspelt searches need the memory that it takes

    variants = {f"variant_{number}": variant for number, variant in enumerate(sorted(spelling_variants(word)))}
    candidates = [candidate for (candidate,) in _spelt_nearly_so(len(variants)).rows(connection, variants)]
    distances = sorted((OSA.distance(word, candidate), candidate[0] != word[0], candidate) for candidate in candidates)
    near = [candidate for distance, _, candidate in distances[:_MOST_TRIED] if distance <= 1]
    if not near:
        return None  # nor was there one before: spellings are never removed
    living, last_seen = _living(connection, near)
    require_one_snapshot(first_seen, last_seen)
    return next((candidate for candidate in near if candidate in living), None)


@lru_cache
def _spelt_nearly_so(variants: int) -> PreparedStatement[str]:
    """The words that share one of this many variants."""
    given = [bindparam(f"variant_{number}", type_=String) for number in range(variants)]
    words = select(SearchSpelling.word).where(SearchSpelling.variant.in_(given)).distinct()
    return PreparedStatement(words.order_by(SearchSpelling.word).limit(_MOST_CORRECTIONS))


def _living(connection: Connection, words: Sequence[str]) -> tuple[frozenset[str], Stamp]:
    """Which words are in a name or title, and the newest revision. Spellings outlive the resources that they come from."""
    dialect = connection.dialect.name
    places = 1 << (len(words) - 1).bit_length()  # few different numbers, because each needs a prepared statement
    filled = [*words, *[words[-1]] * (places - len(words))]
    values = {f"word_{number}": text_query(dialect, [((word,), False)], PARTS[:2]) for number, word in enumerate(filled)}
    dataset, newest, *having = next(iter(_having(dialect, places).rows(connection, values)), (None, None))
    living = frozenset(word for word, is_had in zip(filled, having, strict=False) if is_had)
    return living, stamp_of(dataset, newest)


@lru_cache
def _having(dialect: str, words: int) -> PreparedStatement[*tuple[Any, ...]]:
    """The newest revision, and whether each of this many words is in a name or title."""
    had = [is_matched(dialect, f"word_{number}", PARTS[:2]) for number in range(words)]
    return PreparedStatement(select(RevisionHead.dataset, RevisionHead.newest, *had))
