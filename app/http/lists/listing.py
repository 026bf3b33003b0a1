"""How every list is served: a page in any format, or the whole list as a stream of CSV, NDJSON or XLSX."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Annotated, Any, NamedTuple

from anyio import to_thread
from fastapi import Request, Response
from pydantic import BaseModel, Field
from sqlalchemy import Connection, Result

from app.database.database import Readable
from app.database.prepared import Values
from app.database.sqlite import timed
from app.http.lists.field_selection import choose_fields, select_fields
from app.http.lists.pages import ListStatements, Page, PageRequest, newest_stamp
from app.http.lists.parameters import DEFAULT_LIMIT, ListParameters
from app.http.lists.tables import Table, negotiate_list, respond_page, respond_whole
from app.http.negotiation import Format
from app.http.parameters import query_pairs
from app.http.responses import json_items, json_list, next_url, respond

_ROWS_AT_A_TIME = 500

NextPage = Annotated[
    str | None,
    Field(max_length=16_000, description="URL of the next page; null on the last one.", examples=[None]),
]
Total = Annotated[int | None, Field(ge=0, le=2**53 - 1, description="Number of all items, if `total=true`.", examples=[2])]


class PageLinks(BaseModel):
    """What every page of a list has beside its items."""

    next: NextPage
    total: Total = None


class Listing(NamedTuple):
    """A list: its statements and the values of their parameters, the models of its items, and its columns as CSV.

    ``check`` raises NotFound if the list is empty because what it belongs to doesn't exist.
    ``to_item`` turns a stored document into an item. ``extend`` adds to the documents of a page, in the same snapshot.
    ``is_scan`` is whether a page is an expensive read, which takes a place among those.
    """

    name: str
    statements: ListStatements
    values: Values
    models: Sequence[type[BaseModel]]
    columns: Sequence[str]
    check: Callable[[Connection], None] | None = None
    to_item: Callable[[str], str] | None = None
    extend: Callable[[Connection, list[str]], list[str]] | None = None
    is_scan: bool = False


class DocumentStream:
    """Every item of a list, read in one snapshot while it is sent."""

    def __init__(self, database: Readable, listing: Listing) -> None:
        self._rows: Result[*tuple[Any, ...]] | None = None
        self._to_item = listing.to_item
        self._connection = database.stream()
        try:
            with timed(self._connection):  # up to the first row; then the client sets the pace
                if listing.check is not None:
                    listing.check(self._connection)
                self.stamp = newest_stamp(self._connection)
                statement = listing.statements.rows.order_by(*listing.statements.order.ordering)
                self._rows = self._connection.execution_options(yield_per=_ROWS_AT_A_TIME).execute(statement, listing.values)
        except BaseException:
            self.close()
            raise

    def __iter__(self) -> Iterator[str]:
        try:
            for row in self._rows or ():
                yield row[0] if self._to_item is None else self._to_item(row[0])
        finally:
            self.close()

    def close(self) -> None:
        """End the snapshot. The caller must close a stream that it doesn't read to the end."""
        if self._rows is not None:
            self._rows.close()
        self._connection.close()


async def respond_list(request: Request, database: Readable, listing: Listing, parameters: ListParameters) -> Response:
    """Respond with a list in the requested format."""
    format = negotiate_list(request, parameters)
    chosen = choose_fields(parameters.fields, listing.models)
    table = Table(listing.name, listing.columns, chosen, parameters)
    if format is not Format.JSON and parameters.limit is None and parameters.cursor is None:
        return await _stream_whole(request, database, listing, format, table)
    path: str = request.scope["path"]
    read = database.scan if parameters.total or listing.extend or listing.is_scan else database.read
    page = await read(read_listing, listing, parameters, path)
    link = next_url(path, query_pairs(parameters), page.next_cursor) if page.next_cursor else None
    if format is Format.JSON:
        items = json_items(page.lines) if chosen is None else ",".join(select_fields(page.documents, chosen))
        return respond(request, json_list(items, link, page.total), page.stamp, format, link=link)
    return respond_page(request, page.documents, page.stamp, format, table, link)


def read_listing(connection: Connection, listing: Listing, parameters: ListParameters, path: str) -> Page:
    """The page of a list that the parameters ask for. If it is empty, the list's check may raise."""
    wanted = PageRequest(parameters.cursor, parameters.limit or DEFAULT_LIMIT, parameters.total, parameters.scope(path))
    page = listing.statements.read(connection, wanted, listing.values)
    if not page.lines and listing.check is not None:
        listing.check(connection)
    if listing.to_item is not None:
        page = replace(page, lines="\n".join(map(listing.to_item, page.documents)))
    return replace(page, lines="\n".join(listing.extend(connection, page.documents))) if listing.extend else page


async def _stream_whole(request: Request, database: Readable, listing: Listing, format: Format, table: Table) -> Response:
    leave = await database.exports.take("export")
    try:
        documents = await to_thread.run_sync(DocumentStream, database, listing)
    except BaseException:
        leave()
        raise

    def close() -> None:
        documents.close()
        leave()

    return respond_whole(request, documents, documents.stamp, format, table, close)
