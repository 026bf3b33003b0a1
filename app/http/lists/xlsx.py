"""Documents as a workbook of Excel (Office Open XML), which is written to disk row by row, and then sent."""

import datetime
from collections.abc import Callable, Generator, Iterable, Sequence
from tempfile import TemporaryDirectory, TemporaryFile
from typing import Any

import orjson

from app.http.lists.cells import column_name, value_at
from app.values.dates import ISO_DATE
from app.values.numbers import SIGNIFICANT_DIGITS

MOST_ROWS = 1_048_575
"""Maximum number of rows of a sheet, without its header. The next sheet continues."""
_DAYS = frozenset(("edtf", "earliest", "latest", "period"))
_TIMES = frozenset(("updated_at", "recorded_at"))
_FIRST_DAY = "1900-01-01"
"""The first day that a spreadsheet has as a date."""
_CREATED = datetime.datetime(1980, 1, 1)  # noqa: DTZ001 - as the files in the archive; equal rows give equal bytes
_ROWS_AT_A_TIME = 500
_BLOCK_BYTES = 65_536
_LONGEST_TEXT = 32_767
_WIDTH = 20


def xlsx_blocks(documents: Iterable[str], columns: Sequence[str], about: Iterable[tuple[str, object]]) -> Generator[bytes]:
    """The bytes of a workbook. Memory holds one row of it: the others are in temporary files.

    While these are written, empty blocks show the caller that it may stop. It must close the generator if it does.
    """
    from xlsxwriter import Workbook  # type: ignore[import-untyped] # noqa: PLC0415 - it takes memory that few workers need

    with TemporaryDirectory(prefix="company-profiles-") as folder, TemporaryFile() as file:
        book = Workbook(file, {"constant_memory": True, "tmpdir": folder})
        book.set_properties({"created": _CREATED})
        try:
            rows = _Rows(book, columns)
            for number, document in enumerate(documents, start=1):
                rows.write(orjson.loads(document))
                if number % _ROWS_AT_A_TIME == 0:
                    yield b""
            rows.end()
            _describe(book, about)
            book.close()
        finally:
            for sheet in book.worksheets():
                sheet.row_data_fh.close()
        file.seek(0)
        while block := file.read(_BLOCK_BYTES):
            yield block


class _Rows:
    """The rows of a list, on as many sheets as they need."""

    def __init__(self, book: Any, columns: Sequence[str]) -> None:  # noqa: ANN401 - xlsxwriter has no types
        self._book = book
        self._columns = columns
        self._paths = [(number, path.split("."), _reader_of(path)) for number, path in enumerate(columns)]
        self._last = max(0, len(columns) - 1)
        self._formats = {
            int: book.add_format({"num_format": "0"}),
            datetime.date: book.add_format({"num_format": "yyyy-mm-dd"}),
            datetime.datetime: book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
        }
        self._header = book.add_format({"bold": True})
        self._begin_sheet()

    def _begin_sheet(self) -> None:
        number = len(self._book.worksheets()) + 1
        self._sheet = self._book.add_worksheet("Data" if number == 1 else f"Data {number}")
        self._sheet.freeze_panes(1, 0)
        self._sheet.set_column(0, self._last, _WIDTH)
        for column, path in enumerate(self._columns):
            self._sheet.write_string(0, column, column_name(path), self._header)
        self._row = 0

    def write(self, fields: object) -> None:
        if self._row == MOST_ROWS:
            self.end()
            self._begin_sheet()
        self._row += 1
        for column, path, read in self._paths:
            value = value_at(fields, path)
            if value is not None:
                value = read(value)
                write_cell(self._sheet, self._row, column, value, self._formats.get(type(value)))

    def end(self) -> None:
        self._sheet.autofilter(0, 0, self._row, self._last)


def write_cell(sheet: Any, row: int, column: int, value: object, form: Any = None) -> None:  # noqa: ANN401 - as above
    """Write a value as its type. Text is never taken for a formula, a number or a link.

    A cell holds 32,767 characters (Excel's limit). Longer text ends with an ellipsis.
    """
    if isinstance(value, str) and value.startswith("<r>") and value.endswith("</r>"):
        # The library takes it for the XML of formatted text and would copy it. Text in several parts is formatted text.
        sheet.write_rich_string(row, column, value[0], value[1], value[2:_LONGEST_TEXT])
    elif isinstance(value, str):
        sheet.write_string(row, column, value if len(value) <= _LONGEST_TEXT else value[: _LONGEST_TEXT - 1] + "…", form)
    elif isinstance(value, bool):
        sheet.write_boolean(row, column, value, form)
    elif isinstance(value, datetime.date):
        sheet.write_datetime(row, column, value, form)
    elif value is not None:
        sheet.write_number(row, column, value, form)


def _reader_of(path: str) -> Callable[[object], object]:
    """How the values of a column become typed."""
    name = path.rpartition(".")[2]
    return _time if name in _TIMES else _day if name in _DAYS else _number


def _time(value: object) -> object:
    """A time in UTC."""
    return datetime.datetime.fromisoformat(value).replace(tzinfo=None) if isinstance(value, str) else value


def _day(value: object) -> object:
    """Text as a day, where it is exactly that."""
    is_day = isinstance(value, str) and ISO_DATE.fullmatch(value) and value >= _FIRST_DAY
    return datetime.date.fromisoformat(value) if is_day else value  # type: ignore[arg-type] # text by then


def _number(value: object) -> object:
    """A number of more digits than a spreadsheet has as text."""
    if isinstance(value, int | float) and float(f"{value:.{SIGNIFICANT_DIGITS}g}") != value:
        return str(value)
    return value


def _describe(book: Any, about: Iterable[tuple[str, object]]) -> None:  # noqa: ANN401 - as above
    """A sheet that names what the data was read from."""
    sheet = book.add_worksheet("About")
    sheet.set_column(0, 1, _WIDTH)
    for row, (name, value) in enumerate(about):
        write_cell(sheet, row, 0, name)
        write_cell(sheet, row, 1, value)
