"""How every list is answered: a page as JSON, CSV or NDJSON, or the whole list as a stream of CSV or NDJSON."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated

from anyio import to_thread
from fastapi import Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field
from sqlalchemy import Connection, Result, Select, select

from app.db import Database
from app.formats import LIST_FORMATS, Format, Stamp, answer, csv_lines, json_list, ndjson_lines, negotiate, next_address, stream
from app.models import RevisionHead
from app.pagination import Order, read_page
from app.parameters import DEFAULT_LIMIT, ListParameters, query_pairs

_ROWS_AT_A_TIME = 500


class PageLinks(BaseModel):
    """How a list goes on."""

    next: Annotated[
        str | None,
        Field(
            max_length=16_000,
            description="Address of the next page; null on the last one.",
            examples=["/v1/companies?cursor=x7Qf"],
        ),
    ]
    total: Annotated[
        int | None,
        Field(ge=0, le=2**53 - 1, description="Number of all items; only where `total=true` asks for it.", examples=[2]),
    ] = None


@dataclass(frozen=True)
class Listing:
    """A list: a select of documents, its order, its columns as CSV, and a check to make where it is empty.

    The check raises NotFound where the list is empty because what it belongs to does not exist.
    """

    name: str
    rows: Select[str]
    order: Order
    columns: Sequence[str]
    check: Callable[[Connection], None] | None = None


class DocumentStream:
    """Every document of a list, read in one snapshot while it is sent."""

    def __init__(self, database: Database, listing: Listing) -> None:
        self._rows: Result[str] | None = None
        self._connection = database.engine.connect()
        try:
            if listing.check is not None:
                listing.check(self._connection)
            self.stamp = Stamp(*self._connection.execute(select(RevisionHead.dataset, RevisionHead.newest)).one())
            statement = listing.rows.order_by(*(key.ordered() for key in listing.order.keys))
            self._rows = self._connection.execution_options(yield_per=_ROWS_AT_A_TIME).execute(statement)
        except BaseException:
            self.close()
            raise

    def __iter__(self) -> Iterator[str]:
        try:
            for row in self._rows or ():
                yield row[0]
        finally:
            self.close()

    def close(self) -> None:
        """Ends the snapshot. Whoever does not read the stream to its end must call it."""
        if self._rows is not None:
            self._rows.close()
        self._connection.close()


async def answer_list(request: Request, database: Database, listing: Listing, parameters: ListParameters) -> Response:
    """Answer a list in the format that was asked for."""
    format = negotiate(request, parameters.format, LIST_FORMATS)
    if format is not Format.JSON and parameters.limit is None and parameters.cursor is None:
        return await _answer_whole(request, database, listing, format)
    path = request.url.path
    read = database.scan if parameters.total else database.read
    page = await read(
        read_page,
        listing.rows,
        listing.order,
        cursor=parameters.cursor,
        limit=parameters.limit or DEFAULT_LIMIT,
        total=parameters.total,
        scope=parameters.scope(path),
    )
    if not page.documents and listing.check is not None:
        await database.read(listing.check)
    link = next_address(path, query_pairs(parameters), page.next_cursor)
    body = (
        json_list(page.documents, link, page.total)
        if format is Format.JSON
        else b"".join(_lines(page.documents, listing, format))
    )
    return answer(request, body, page.stamp, format, link=link)


async def _answer_whole(request: Request, database: Database, listing: Listing, format: Format) -> Response:
    documents = await to_thread.run_sync(DocumentStream, database, listing)
    response = stream(request, _lines(documents, listing, format), documents.stamp, format, file_name=listing.name)
    if not isinstance(response, StreamingResponse):
        documents.close()
    return response


def _lines(documents: Iterable[str], listing: Listing, format: Format) -> Iterator[bytes]:
    return csv_lines(documents, listing.columns) if format is Format.CSV else ndjson_lines(documents)
