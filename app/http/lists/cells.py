"""Documents as rows of a table: the names of columns, and values as cells."""

import re
from collections.abc import Iterable

_SPECIAL = re.compile(r"[\\;]")
_SPECIAL_IN_NAME = re.compile(r"[\\;@]")
_ESCAPED = r"\\\g<0>"


def column_name(path: str) -> str:
    """The name of a column, such as ``date_earliest`` for ``date.earliest``: SQL takes it without quotes."""
    return path.replace(".", "_").replace("-", "_")


def value_at(fields: object, path: Iterable[str]) -> object:
    """The value at a path of a document, such as ``date.earliest`` in parts. A list becomes one text."""
    for name in path:
        fields = fields.get(name) if isinstance(fields, dict) else None
    return "; ".join(map(_item, fields)) if isinstance(fields, list) else fields


def _item(item: object) -> str:
    r"""A name as name@language, an identifier as scheme:value, a citation as source#paragraph.sentence.

    A backslash precedes each ``\`` and ``;`` of an item, and each ``@`` of a name, so that a list can be read back.
    """
    if not isinstance(item, dict):
        return _SPECIAL.sub(_ESCAPED, str(item))
    if "paragraph" in item:
        return f"{item['source']}#{item['paragraph']}.{item['sentence']}"
    if "scheme" in item:
        return f"{item['scheme']}:{_SPECIAL.sub(_ESCAPED, item['value'])}"
    name = _SPECIAL_IN_NAME.sub(_ESCAPED, item["name"])
    return f"{name}@{item['language']}" if item["language"] else name
