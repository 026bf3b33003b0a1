"""Answering a search: the hits of a page, and what was searched."""

from typing import NamedTuple

from sqlalchemy import Connection

from app.formats import Stamp, next_address
from app.lists import read_listing
from app.pagination import newest_stamp
from app.parameters import query_pairs
from app.search.hits import to_hit
from app.search.queries import SearchParameters, correct, find
from app.search.schemas import SearchPage
from app.search.words import terms

NOTHING_TO_FIND = "The query has no letters or digits to look for."


class Found(NamedTuple):
    """A page of hits and the revision that it was read at."""

    page: SearchPage
    stamp: Stamp


def search(connection: Connection, path: str, parameters: SearchParameters) -> Found:
    """Search for the words as written and, after those, as put right where no name or title has them as written."""
    wanted = terms(parameters.q)
    if not wanted:
        stamp = newest_stamp(connection)
        return Found(SearchPage(items=[], next=None, corrected=None, note=NOTHING_TO_FIND), stamp)
    corrected = correct(connection, wanted)
    instead = terms(corrected or "")
    page = read_listing(connection, find(connection.dialect.name, wanted, instead, parameters, path), parameters, path)
    hits = [to_hit(document, [*wanted, *instead]) for document in page.documents]
    following = next_address(path, query_pairs(parameters), page.next_cursor)
    return Found(SearchPage(items=hits, next=following, total=page.total, corrected=corrected, note=None), page.stamp)
