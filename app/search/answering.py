"""Answering a search: the hits of a page, and what was searched."""

from typing import NamedTuple

from sqlalchemy import Connection

from app.formats import Stamp, next_address
from app.lists import read_listing
from app.one_revision import require_one_revision
from app.pagination import newest_stamp
from app.parameters import query_pairs
from app.search.corrections import correct
from app.search.hits import to_hit
from app.search.queries import SearchParameters, find
from app.search.words import terms

NOTHING_TO_FIND = "The query has no letters or digits to look for."


class Found(NamedTuple):
    """A page of hits, each as JSON, with the other members of a ``SearchPage``, and the revision that it was read at."""

    hits: list[str]
    stamp: Stamp
    next: str | None = None
    total: int | None = None
    corrected: str | None = None
    note: str | None = None


def search(connection: Connection, path: str, parameters: SearchParameters) -> Found:
    """Search for the words as written and, after those, as put right where no name or title has them as written.

    Raises RevisionChanged.
    """
    wanted = terms(parameters.q)
    if not wanted:
        return Found([], newest_stamp(connection), note=NOTHING_TO_FIND)
    corrected = correct(connection, wanted)
    instead = terms(corrected.query or "")
    page = read_listing(connection, find(connection.dialect.name, wanted, instead, parameters, path), parameters, path)
    require_one_revision(corrected.revision, page.stamp.newest)
    hits = [to_hit(document, [*wanted, *instead]) for document in page.documents]
    following = next_address(path, query_pairs(parameters), page.next_cursor)
    return Found(hits, page.stamp, following, page.total, corrected.query)
