"""Documents as rows of CSV (RFC 4180)."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence

import orjson

from app.values.text import INVISIBLE

_FORMULA = re.compile(rf"[\t\r\n]|[{INVISIBLE}]*[=+\-@＝＋－＠﹦﹢﹣﹫]")  # noqa: RUF001 - in full width and small, too


def csv_lines(documents: Iterable[str], columns: Sequence[str]) -> Iterator[bytes]:
    """Rows of RFC 4180 CSV, with a header. A column is the path of a value in the document, such as ``date.earliest``."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(columns)
    for document in documents:
        fields = orjson.loads(document)
        writer.writerow([_cell(_value(fields, column)) for column in columns])
        yield buffer.getvalue().encode()
        buffer.seek(0)
        buffer.truncate()
    yield buffer.getvalue().encode()


def _value(fields: object, path: str) -> object:
    for name in path.split("."):
        fields = fields.get(name) if isinstance(fields, dict) else None
    return fields


def _cell(value: object) -> object:
    """One cell. A list becomes one text; text that a spreadsheet would run as a formula gets a leading apostrophe.

    https://owasp.org/www-community/attacks/CSV_Injection
    """
    if isinstance(value, list):
        value = "; ".join(_item(item) for item in value)
    if isinstance(value, str) and _FORMULA.match(value):
        return f"'{value}"
    return str(value).lower() if isinstance(value, bool) else value


def _item(item: object) -> str:
    """A citation as source#paragraph.sentence, a name as itself, an identifier as scheme:value."""
    if not isinstance(item, dict):
        return str(item)
    if "paragraph" in item:
        return f"{item['source']}#{item['paragraph']}.{item['sentence']}"
    return f"{item['scheme']}:{item['value']}" if "scheme" in item else str(item["name"])
