"""A list as a table or as lines: CSV, XLSX and NDJSON."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple, Protocol

from fastapi import Request, Response

from app import __version__
from app.errors.reading import InvalidParameters
from app.http.conditional import Stamp
from app.http.lists.csv import csv_lines
from app.http.lists.field_selection import select_fields
from app.http.lists.xlsx import xlsx_blocks
from app.http.negotiation import LIST_FORMATS, Format, negotiate
from app.http.responses import ndjson_lines, respond, stream
from app.http.root_path import documents_under_root_path, public_url


class FormatOptions(Protocol):
    """The parameters of a list that are about its format."""

    @property
    def format(self) -> str | None: ...
    @property
    def bom(self) -> bool: ...
    @property
    def defuse(self) -> bool: ...


class Table(NamedTuple):
    """What documents become: the name of the file, the columns, the chosen fields (None for all), and options."""

    name: str
    columns: Sequence[str]
    chosen: frozenset[str] | None
    options: FormatOptions


def negotiate_list(request: Request, options: FormatOptions, available: Sequence[Format] = LIST_FORMATS) -> Format:
    """The format of a list. Raises InvalidParameters if an option belongs to another one."""
    format = negotiate(request, options.format, available)
    if format is not Format.CSV and (options.bom or not options.defuse):
        name = "bom" if options.bom else "defuse"
        raise InvalidParameters.on(name, f"{name} is for CSV, not for {format.value}; leave it out, or use format=csv")
    return format


def respond_page(
    request: Request, documents: Iterable[str], stamp: Stamp, format: Format, table: Table, link: str | None = None
) -> Response:
    """Respond with a page."""
    if format is Format.XLSX:
        return respond_whole(request, documents, stamp, format, table, lambda: None, link)
    return respond(request, b"".join(_serialise(request, documents, stamp, format, table)), stamp, format, link=link)


def respond_whole(
    request: Request,
    documents: Iterable[str],
    stamp: Stamp,
    format: Format,
    table: Table,
    close: Callable[[], None],
    link: str | None = None,
) -> Response:
    """Respond with documents that are read while they are sent, and then closed."""
    parts = _serialise(request, documents, stamp, format, table)
    return stream(request, parts, stamp, format, file_name=table.name, close=close, link=link)


def _serialise(request: Request, documents: Iterable[str], stamp: Stamp, format: Format, table: Table) -> Iterator[bytes]:
    documents = documents_under_root_path(documents, request.scope)
    if format is Format.NDJSON:
        return ndjson_lines(select_fields(documents, table.chosen))
    columns = [column for column in table.columns if table.chosen is None or column.partition(".")[0] in table.chosen]
    if format is Format.XLSX:
        return xlsx_blocks(documents, columns, _about(request, stamp))
    return csv_lines(documents, columns, bom=table.options.bom, defuse=table.options.defuse)


def _about(request: Request, stamp: Stamp) -> Sequence[tuple[str, object]]:
    """What a workbook says about its data."""
    return (
        ("URL", public_url(request)),
        ("Revision", stamp.newest),
        ("Dataset", stamp.dataset),
        ("Sources", f"{request.base_url}v1/sources"),
        ("Licence", "Facts: see the sources that they cite."),
        ("Program", f"Company Profiles {__version__} (MIT licence)"),
        ("Lists", 'Items are separated by "; ". A backslash precedes each ";" and "\\" of an item, and each "@" of a name.'),
        ("Names", "name@language"),
        ("Identifiers", "scheme:value"),
        ("Citations", "source#paragraph.sentence"),
        ("Dates", "An inexact date is text; its first and last day are in the columns that follow. So is a day before 1900."),
        ("Times", "UTC"),
    )
