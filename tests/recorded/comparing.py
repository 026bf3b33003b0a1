"""Two recordings side by side: what is equal, what differs in words for people alone, and what differs."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import zip_longest
from pathlib import Path
from typing import Any, TypeAlias

Line: TypeAlias = dict[str, Any]

_REQUEST = ("engine", "number", "method", "path", "request_headers", "request_body")
_WORDS = frozenset({"title", "detail", "description", "summary", "message"})
_DESCRIBED = ("/openapi.json", "/v1/datasets/schema")
_TEXT = re.compile(r">[^<]+<")
_NAMED_TEXT = re.compile(r'\b(content|alt|title|aria-label|placeholder)="[^"]*"')
_SHOWN = 60
EQUAL, IN_WORDS, DIFFERENT = "equal", "differ only in words", "differ"


def compare(before: Path, after: Path, say: Callable[[str], None], *, ignore_words: bool) -> bool:
    """Prints every difference, and returns whether the recordings are equal apart from ignored words."""
    counts: Counter[str] = Counter()
    for old, new in zip_longest(_lines(before), _lines(after)):
        verdict = judge(old, new)
        counts[verdict] += 1
        if verdict == DIFFERENT or (verdict == IN_WORDS and not ignore_words):
            known = old or new or {}
            say(f"{known['engine']} {known['number']} {known['method']} {known['path'][:200]}")
            for difference in differences(old, new):
                say(f"    {difference}")
    say(f"{counts.total()} requests, " + ", ".join(f"{counts[verdict]} {verdict}" for verdict in (EQUAL, IN_WORDS, DIFFERENT)))
    return not counts[DIFFERENT] and (ignore_words or not counts[IN_WORDS])


def _lines(path: Path) -> Iterator[Line]:
    with path.open(encoding="utf-8") as recording:
        for line in recording:
            yield json.loads(line)


def judge(old: Line | None, new: Line | None) -> str:
    if old == new:
        return EQUAL
    return IN_WORDS if old and new and wordless(old) == wordless(new) else DIFFERENT


def differences(old: Line | None, new: Line | None) -> Iterator[str]:
    """What differs, one line each."""
    if old is None or new is None:
        yield f"only in the {'second' if old is None else 'first'} recording"
        return
    for name in (*_REQUEST, "status"):
        if old.get(name) != new.get(name):
            yield f"{name}: {old.get(name)!r:.300} | {new.get(name)!r:.300}"
    gone, come = ([f"{name}: {value}" for name, value in line["headers"]] for line in (old, new))
    yield from (f"- {header}" for header in gone if header not in come)
    yield from (f"+ {header}" for header in come if header not in gone)
    if gone != come and sorted(set(gone)) == sorted(set(come)):
        yield "a header is there another number of times"
    if old["body"] != new["body"]:
        yield first_place(str(old["body"]), str(new["body"]))


def first_place(old: str, new: str) -> str:
    """The first place where two bodies differ, with what stands around it."""
    pairs = zip(old, new, strict=False)
    place = next((index for index, (left, right) in enumerate(pairs) if left != right), min(len(old), len(new)))
    start, end = max(0, place - _SHOWN), place + _SHOWN
    return f"body at {place}: {old[start:end]!r} | {new[start:end]!r}"


def wordless(line: Line) -> Line:
    """The line without what people read, and without the length that follows from it."""
    kind = next((value for name, value in line["headers"] if name == "content-type"), "")
    body = line["body"]
    if not isinstance(body, str) or not body:
        return line
    if kind.startswith("application/problem+json") or line["path"].partition("?")[0] in _DESCRIBED:
        body = _without_words(json.loads(body))
    elif kind.startswith("text/html"):
        body = _NAMED_TEXT.sub(r'\1=""', _TEXT.sub("><", body))
    else:
        return line
    headers = [[name, value] for name, value in line["headers"] if name != "content-length"]
    return line | {"headers": headers, "body": body}


def _without_words(value: Any) -> Any:  # noqa: ANN401 - any JSON
    if isinstance(value, list):
        return [_without_words(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {name: "" if name in _WORDS and isinstance(item, str) else _without_words(item) for name, item in value.items()}
