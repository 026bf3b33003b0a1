"""The fenced blocks of a page: commands, what they print, and files that they read.

The word after the fence says which: ``sh`` is run; ``text``, ``json`` and ``http`` after it are what it prints; a second word
is the name of the file that the block is saved as. ``shell`` needs another machine or an installation, and is not run.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_BLOCK = re.compile(r"^```(\w*) ?(\S*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_PRINTED = ("text", "json", "http")
_CHANGING = re.compile(
    r"""(?P<etag>"[0-9a-f]{8}-)|(?P<time>\d{4}-\d\d-\d\d[T\ ]\d\d:\d\d(:\d\d)?Z?)|(?P<size>\d+\.\d\ MB)
    |(?P<digest>\b([0-9a-f]{8,64}|[0-9a-f]{4}…[0-9a-f]{4})\b)|(?P<cursor>cursor=[\w-]+)
    |(?P<schema>schema\ \d{4})|(?P<folder>/[\w/.-]+/(?=company-profiles\.db))""",
    re.VERBOSE,
)
"""What differs between two runs: versions, times, sizes, digests, cursors, folders."""


@dataclass
class Step:
    """Commands, what the page says that they print, and the files that the page has them find."""

    commands: str
    files: dict[str, str]
    printed: list[tuple[str, str]] = field(default_factory=list)


def blocks(page: Path) -> list[tuple[str, str, str]]:
    """Kind, name and text of each block."""
    return _BLOCK.findall(page.read_text(encoding="utf-8"))


def steps(page: Path) -> Iterator[Step]:
    """What a page does, in order."""
    step: Step | None = None
    files: dict[str, str] = {}
    for kind, name, text in blocks(page):
        if name:
            files[name] = text
        elif kind == "sh":
            if step is not None:
                yield step
            step, files = Step(text, files), {}
        elif kind in _PRINTED and step is not None:
            step.printed.append((kind, text))
        elif kind == "shell":
            if step is not None:
                yield step
            step = None
    if step is not None:
        yield step


def same(kind: str, shown: str, printed: str) -> bool:
    """Whether a page shows what was printed: the lines in their order, header fields in any.

    ``…`` stands for anything, and a JSON object may leave members out.
    """
    if kind == "json":
        start = printed.find("{")
        return start >= 0 and _contains(json.JSONDecoder().raw_decode(printed, start)[0], json.loads(shown))
    patterns = [_pattern(line) for line in shown.splitlines() if line.strip()]
    lines = [line.rstrip() for line in _steady(printed).splitlines()]
    if kind == "http":  # a status line may follow the body of another response
        return all(any(pattern.search(line) for line in lines) for pattern in patterns)
    found = iter(lines)
    return all(any(pattern.fullmatch(line) for line in found) for pattern in patterns)


def _contains(given: Any, shown: Any) -> bool:  # noqa: ANN401 - JSON
    if isinstance(shown, dict):
        return isinstance(given, dict) and all(name in given and _contains(given[name], value) for name, value in shown.items())
    if isinstance(shown, list):
        pairs = zip(given, shown, strict=False)
        return isinstance(given, list) and len(given) == len(shown) and all(_contains(*pair) for pair in pairs)
    if isinstance(shown, str):
        return isinstance(given, str) and _pattern(shown).fullmatch(_steady(given)) is not None
    return bool(shown == given)


def _pattern(line: str) -> re.Pattern[str]:
    return re.compile(re.escape(_steady(line.rstrip())).replace("…", ".*") + "$", re.IGNORECASE)


def _steady(text: str) -> str:
    """A text without what differs between two runs."""
    return _CHANGING.sub(lambda match: f"<{match.lastgroup}>", text)
