"""The position of each field of a JSON text. Slow, so it runs only when line numbers are needed."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from app.records.located import join

_TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*("?)|[\[\]{},:]|[^\s"\[\]{},:]+', re.DOTALL)


class JsonPlace(NamedTuple):
    """A field or list item: its path, its start, its value if that is a number or literal, and whether its key is repeated."""

    path: str
    start: int
    scalar: str
    repeated: bool


@dataclass(slots=True)
class _Open:
    """An object or list that is not closed yet. ``start`` is the start of the key whose value comes next."""

    path: str
    keys: set[str] | None
    index: int = 0
    key: str | None = None
    start: int = 0
    repeated: bool = False

    def take_key(self, key: str, start: int, keys: set[str]) -> None:
        self.key, self.start, self.repeated = key, start, key in keys
        keys.add(key)

    def place(self, piece: str, start: int) -> JsonPlace:
        scalar = "" if piece[0] in '"[{' else piece
        if self.keys is None:
            return JsonPlace(f"{self.path}[{self.index}]", start, scalar, repeated=False)
        return JsonPlace(join(self.path, self.key or ""), self.start, scalar, self.repeated)


def json_places(text: str) -> Iterator[JsonPlace]:
    """The fields and items of a JSON text, in order. The text must be well-formed up to where the caller stops, or end early."""
    outer = [_Open("", None)]
    for match in _TOKEN.finditer(text):
        piece, start, inner = match.group(), match.start(), outer[-1]
        if piece in "]}":
            outer.pop()
        elif piece == ",":
            inner.index += 1
            inner.key = None
        elif piece[0] == '"' and inner.keys is not None and inner.key is None:
            if not match[1]:
                return
            inner.take_key(json.loads(piece), start, inner.keys)
        elif piece != ":":
            place = JsonPlace("", start, piece, repeated=False) if len(outer) == 1 else inner.place(piece, start)
            yield place
            if piece in "[{":
                outer.append(_Open(place.path, set() if piece == "{" else None))


def json_lines(text: str, first_line: int) -> dict[str, int]:
    """The line of each field and item, by path. The text is well-formed and starts on line ``first_line``."""
    lines: dict[str, int] = {}
    line, counted = first_line, 0
    for place in json_places(text):
        line += text.count("\n", counted, place.start)
        counted = place.start
        lines[place.path] = line
    return lines
