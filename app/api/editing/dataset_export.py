"""Everything as a dataset, read while it is sent."""

from typing import Annotated, Literal

from anyio import to_thread
from fastapi import Request, Response
from pydantic import BaseModel, Field
from sqlalchemy import Connection

from app.database.database import Database
from app.database.sqlite import timed
from app.http.conditional import Stamp
from app.http.lists.pages import newest_stamp
from app.http.negotiation import Format, negotiate
from app.http.responses import stream

_FORMATS = (Format.YAML, Format.NDJSON)


class ExportParameters(BaseModel, extra="forbid"):
    """How to export."""

    format: Annotated[
        Literal["yaml", "ndjson"] | None,
        Field(description="Format of the dataset; overrides the `Accept` header.", examples=["yaml"]),
    ] = None


async def respond_export(request: Request, database: Database, parameters: ExportParameters) -> Response:
    """Everything in one snapshot. The response has a place of those that are sent while they are read."""
    from app.datasets.exporter import EXPORTERS  # noqa: PLC0415 - imports YAML, which takes memory that few workers need

    format = negotiate(request, parameters.format, _FORMATS)
    leave = await database.exports.take("export")
    try:
        connection, stamp = await to_thread.run_sync(_snapshot, database)
    except BaseException:
        leave()
        raise

    def close() -> None:
        connection.close()
        leave()

    texts = EXPORTERS[format.value](connection)
    parts = (text.encode() for text in texts)
    response = stream(request, parts, stamp, format, file_name="dataset", close=close)
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers.add_vary_header("Authorization")
    return response


def _snapshot(database: Database) -> tuple[Connection, Stamp]:
    connection = database.stream()
    try:
        with timed(connection):  # up to here; then the client sets the pace
            return connection, newest_stamp(connection)
    except BaseException:
        connection.close()
        raise
