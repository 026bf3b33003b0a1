"""Documents as rows of CSV (RFC 4180)."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence

import orjson

from app.http.lists.cells import column_name, value_at
from app.values.text import INVISIBLE

_FORMULA = re.compile(rf"[\t\r\n]|[{INVISIBLE}]*[=+\-@＝＋－＠﹦﹢﹣﹫]")  # noqa: RUF001 - in full width and small, too
_BYTE_ORDER_MARK = "\ufeff"


def csv_lines(documents: Iterable[str], columns: Sequence[str], *, bom: bool = False, defuse: bool = True) -> Iterator[bytes]:
    """Rows of CSV, with a header. A column is the path of a value in the document, such as ``date.earliest``."""
    buffer = io.StringIO()
    buffer.write(_BYTE_ORDER_MARK * bom)
    writer = csv.writer(buffer)
    writer.writerow(map(column_name, columns))
    paths = [column.split(".") for column in columns]
    for document in documents:
        fields = orjson.loads(document)
        writer.writerow([_cell(value_at(fields, path), defuse=defuse) for path in paths])
        yield buffer.getvalue().encode()
        buffer.seek(0)
        buffer.truncate()
    yield buffer.getvalue().encode()


def _cell(value: object, *, defuse: bool) -> object:
    """One cell. Text that a spreadsheet would run as a formula is defused by a leading apostrophe.

    https://owasp.org/www-community/attacks/CSV_Injection
    """
    if defuse and isinstance(value, str) and _FORMULA.match(value):
        return f"'{value}"
    return str(value).lower() if isinstance(value, bool) else value
