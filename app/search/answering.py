"""Answering a search: the hits of a page, or those of the corrected query where there are none."""

from typing import NamedTuple

from sqlalchemy import Connection, select

from app.formats import Stamp, next_address
from app.lists import read_listing
from app.models import RevisionHead
from app.parameters import query_pairs
from app.search.hits import to_hit
from app.search.queries import SearchParameters, correct, find
from app.search.schemas import SearchPage
from app.search.words import Term, terms

NOTHING_TO_FIND = "The query has no letters or digits to look for."


class Found(NamedTuple):
    """A page of hits and the revision that it was read at."""

    page: SearchPage
    stamp: Stamp


def search(connection: Connection, path: str, parameters: SearchParameters) -> Found:
    """Search as written and, where that finds nothing, with its words put right."""
    wanted = terms(parameters.q)
    if not wanted:
        stamp = Stamp(*connection.execute(select(RevisionHead.dataset, RevisionHead.newest)).one())
        return Found(SearchPage(items=[], next=None, corrected=None, note=NOTHING_TO_FIND), stamp)
    found = _page(connection, path, parameters, wanted, None)
    if found.page.items or parameters.cursor is not None:
        return found
    corrected = correct(connection, wanted)
    if corrected is None:
        return found
    instead = _page(connection, path, parameters.model_copy(update={"q": corrected}), terms(corrected), corrected)
    return Found(instead.page, found.stamp) if instead.page.items else found


def _page(connection: Connection, path: str, parameters: SearchParameters, wanted: list[Term], corrected: str | None) -> Found:
    page = read_listing(connection, find(connection.dialect.name, wanted, parameters), parameters, path)
    hits = [to_hit(document, wanted) for document in page.documents]
    pairs = [(name, parameters.q if name == "q" else value) for name, value in query_pairs(parameters)]
    following = next_address(path, pairs, page.next_cursor)
    return Found(SearchPage(items=hits, next=following, total=page.total, corrected=corrected, note=None), page.stamp)
