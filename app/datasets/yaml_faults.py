"""Why a text is not YAML, in words, and what to write instead."""

import re

import yaml

from app.records.located import DatasetFinding, FilePlace

_KEY = re.compile(r"""(?:^|[\s{,])["']?([^\s"'{,:#-][^\s"'{,:]*)["']?\s*:\s*$""")
_TABS = ("found a tab character that violates indentation", "found a tab character where an indentation space is expected")
_NO_START = "found character that cannot start any token"
_NO_MAPPING = "mapping values are not allowed in this context"
_UNENDED = "found unexpected end of stream"


def fault_of(error: yaml.MarkedYAMLError, file: str, text: str, path: str) -> DatasetFinding:
    """The finding, at the place of the mistake. ``path`` is the field that was read last, which may be the one before it."""
    mark = error.problem_mark or error.context_mark
    # The parser counts one line too many at the end of a text without a final line feed.
    number = min(mark.line, text.count("\n")) + 1 if mark else 0
    line = text.split("\n", number)[number - 1] if mark else ""
    before, after = (line[: mark.column], line[mark.column :]) if mark else ("", "")
    place = FilePlace(file, number)
    if error.problem in _TABS or (error.problem == _NO_START and after.startswith("\t")):
        return place.finding("", "is not YAML: a tab cannot indent; use spaces")
    if error.problem == _NO_START and after:
        return place.finding(_key(before), f"is not YAML: {_unquoted(_key(before), after)}")
    if error.problem == _NO_MAPPING:
        return place.finding("", "is not YAML: a text with a colon needs quotes, or this line is indented too far")
    if error.problem == _UNENDED and error.context_mark and "quoted" in str(error.context):
        return FilePlace(file, error.context_mark.line + 1).finding("", "is not YAML: the quotes that start here never end")
    return place.finding(path, f"is not YAML: {' '.join(part for part in (error.context, error.problem) if part)}")


def _key(before: str) -> str:
    """The key in front of a value; empty if there is none."""
    found = _KEY.search(before)
    return found[1][:100] if found else ""


def _unquoted(key: str, value: str) -> str:
    """What to do with a value that starts with a character that YAML reserves."""
    given = re.split(r"\s*(?:[,}\]]|\s#|$)", value, maxsplit=1)[0][:60]
    if key == "unit" and given == "%":
        return "% needs quotes, and the unit is called percent: write unit: percent"
    return f"a value that starts with {value[0]} needs quotes, as in '{given}'"
