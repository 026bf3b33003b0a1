"""One search, from the query to a page of hits."""

from collections.abc import Sequence
from typing import NamedTuple

from anyio import to_thread
from sqlalchemy import Connection

from app.api.search.corrections import correct
from app.api.search.hits import to_hit
from app.api.search.parameters import SearchParameters
from app.api.search.queries import find
from app.database.database import Database
from app.database.snapshots import require_one_snapshot
from app.http.conditional import Stamp
from app.http.lists.listing import read_listing
from app.http.lists.pages import newest_stamp
from app.http.parameters import query_pairs
from app.http.responses import next_url
from app.search.words import Term, terms

NOTHING_TO_FIND = "The query has no letters or digits to look for."
_LONG = 10_000
"""Characters of non-ASCII documents: to mark the matches in this many takes about 50 milliseconds."""


class Found(NamedTuple):
    """The documents of a page, the terms that they match, and the other fields of a ``SearchPage``."""

    documents: Sequence[str]
    terms: Sequence[Term]
    stamp: Stamp
    next: str | None = None
    total: int | None = None
    corrected: str | None = None
    note: str | None = None

    async def hits(self) -> list[str]:
        """A ``Hit`` as JSON for each; in a thread if it takes long, so that other requests continue."""
        if sum(len(document) for document in self.documents if not document.isascii()) > _LONG:
            return await to_thread.run_sync(self._hits)
        return self._hits()

    def _hits(self) -> list[str]:
        return [to_hit(document, self.terms) for document in self.documents]


async def search(database: Database, path: str, parameters: SearchParameters) -> Found:
    """Search for the words as written and, after those, for the corrected query if there is one."""
    # A filter may skip any number of rows, and a count needs them all; otherwise no more are touched than are ranked.
    read = database.scan if parameters.is_filtered or parameters.total else database.read
    return await read(_search, path, parameters)


def _search(connection: Connection, path: str, parameters: SearchParameters) -> Found:
    """Raises SnapshotChanged."""
    wanted = terms(parameters.q)
    if not wanted:
        return Found((), (), newest_stamp(connection), note=NOTHING_TO_FIND)
    corrected = correct(connection, wanted)
    instead = terms(corrected.query or "")
    listing = find(connection.dialect.name, wanted, instead, parameters)
    page = read_listing(connection, listing, parameters, path)
    require_one_snapshot(corrected.first_seen, page.stamp)
    following = next_url(path, query_pairs(parameters), page.next_cursor)
    return Found(page.documents, [*wanted, *instead], page.stamp, following, page.total, corrected.query)
