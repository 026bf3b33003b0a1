"""What a file of open data contains and a load leaves out: counted by field and reason, and on request listed value by value."""

import json
import shutil
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext
from decimal import Decimal
from tempfile import TemporaryFile
from typing import BinaryIO, Final, Literal

from app.records.located import FilePlace, join
from app.records.validation import Value
from app.values.printable import printable

MOST_LINES: Final = 20
"""Lines about each kind of left-out values, the most frequent first."""
_MOST_FIELDS = 3
"""Fields that a line names if several have values that were left out for the same reason."""
_LONGEST_VALUE = 200
_NO_REASON = "no part of this is loaded"

Leaf = tuple[str, str, Value]
"""A value that is neither an object nor a list: its field, its path, which has the indexes of lists, and the value."""
Kind = Literal["refused", "passed over", "not read"]
"""A value that is invalid or unsupported; one that is ignored by rule, such as a repeated one; a field that no reader takes."""


class LeftOut(Counter[str]):
    """Counts left-out values by name: ``field: reason``, or the field alone if no reader takes it.

    With a ``report`` each value is written to it as a line of JSON, so that memory holds the names and not the values. ``rest``
    is a file that takes what was not refused, until all that was refused is in the report.
    """

    def __init__(self, report: BinaryIO | None = None, rest: BinaryIO | None = None) -> None:
        super().__init__()
        self._files = (report, rest) if report and rest else None
        self._place = FilePlace("", 0)
        self._ruled: set[str] = set()

    def at(self, place: FilePlace) -> None:
        """Sets the place of the record whose values follow."""
        self._place = place

    def refuse(self, field: str, reason: str, value: Value = None, path: str = "") -> None:
        """Counts a value of a field that is taken otherwise. ``path`` is its path in the record."""
        self[f"{field}: {reason}"] += 1
        if self._files:
            self._write(self._files[0], "refused", field, reason, value, path)

    def pass_over(self, field: str, reason: str, value: Value = None, path: str = "") -> None:
        """Counts a value that is ignored by rule, such as one that the file itself calls superseded."""
        name = f"{field}: {reason}"
        self[name] += 1
        self._ruled.add(name)
        if self._files:
            self._write(self._files[1], "passed over", field, reason, value, path)

    def skip(self, leaves: Iterable[Leaf]) -> None:
        """Counts values of fields that no reader takes."""
        if not self._files:
            self.update([field for field, _, _ in leaves])
            return
        for field, path, value in leaves:
            self[field] += 1
            self._write(self._files[1], "not read", field, _NO_REASON, value, path)

    def finish(self) -> None:
        """Completes the report: what was refused comes first, then the rest."""
        if self._files:
            report, rest = self._files
            rest.seek(0)
            shutil.copyfileobj(rest, report)

    def lines(self) -> Iterator[str]:
        """The summary for people, by importance. Values with the same reason are one line."""
        by_rule = [name for name in self if name in self._ruled]
        refused = [name for name in self if ": " in name and name not in self._ruled]
        for names in (refused, by_rule, [name for name in self if ": " not in name]):
            described = _by_reason({name: self[name] for name in names})
            for description, number in described.most_common(MOST_LINES):
                yield f"Left out: {printable(description)}, {number:,} {'time' if number == 1 else 'times'}"
            if len(described) > MOST_LINES:
                yield f"Left out: {len(described) - MOST_LINES:,} more names; --report FILE lists every value"

    def _write(self, file: BinaryIO, kind: Kind, field: str, reason: str, value: Value, path: str) -> None:
        place = self._place
        entry = {
            "file": place.file,
            "line": place.line or None,
            "path": join(place.path, path) or None,
            "field": field,
            "kind": kind,
            "reason": reason,
            "value": _shortened(value),
        }
        file.write((json.dumps(entry, ensure_ascii=False) + "\n").encode("utf-8", "backslashreplace"))


@contextmanager
def listing(report: BinaryIO | None) -> Iterator[LeftOut]:
    """Counts what is left out, and lists each value in the report if one is wanted."""
    with TemporaryFile() if report else nullcontext() as rest:
        yield LeftOut(report, rest)


def leaves(value: Value, path: str, field: str | None = None) -> Iterator[Leaf]:
    """Each value below a path that is neither null nor empty. ``field`` is the path without indexes of lists."""
    field = path if field is None else field
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from leaves(inner, join(path, name), join(field, name))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from leaves(inner, f"{path}[{index}]", field)
    elif value not in (None, ""):
        yield field, path, value


def _by_reason(counts: dict[str, int]) -> Counter[str]:
    """Counts by description, which names the first fields of a reason. A field without a reason is its own description."""
    fields: dict[str, list[str]] = defaultdict(list)
    totals: Counter[str] = Counter()
    for name, number in sorted(counts.items(), key=lambda item: -item[1]):
        field, separator, reason = name.partition(": ")
        fields[separator + reason or name].append(field)
        totals[separator + reason or name] += number
    described: Counter[str] = Counter()
    for reason, named in fields.items():
        more = f" and {len(named) - _MOST_FIELDS:,} more" if len(named) > _MOST_FIELDS else ""
        start = f"{', '.join(named[:_MOST_FIELDS])}{more}"
        described[f"{start}{reason}" if reason.startswith(": ") else start] = totals[reason]
    return described


def _shortened(value: Value) -> Value:
    """A value as the report has it: objects and lists as JSON text, and long texts cut."""
    if value is None or isinstance(value, bool | int | float):
        return value
    text = str(value) if isinstance(value, str | Decimal) else json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= _LONGEST_VALUE else f"{text[:_LONGEST_VALUE]}…"
