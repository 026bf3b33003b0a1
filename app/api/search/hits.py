"""Why a resource was found: the field that matched, and the characters in it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from html import escape

import orjson

from app.search.fields import SearchedField, searched_fields, title_of
from app.search.words import LONGEST_WORD, Term, words
from app.values.resources import Kind

LONGEST_TEXT = 240
_BEFORE = 60
_MOST_SPANS = 20


def kind_of(resource: dict[str, object]) -> Kind:
    """The kind of a document: a fact names it; a company has a profile, a source has facts."""
    if "profile_url" in resource:
        return "company"
    if "facts_url" in resource:
        return "source"
    return resource["kind"]  # type: ignore[return-value]


def to_hit(document: str, terms: Sequence[Term]) -> str:
    """A found document as a ``SearchHit`` in JSON. Its parts were validated when they were written."""
    resource = orjson.loads(document)
    kind = kind_of(resource)
    title = title_of(resource)
    hit = {
        "kind": kind,
        "url": resource["url"],
        "title": title,
        "company": resource["slug"] if kind == "company" else resource.get("company"),
        "match": _best_match(searched_fields(kind, resource), terms, title),
        "citations": resource.get("citations", []),
    }
    return orjson.dumps(hit).decode()


def _best_match(fields: Iterable[SearchedField], terms: Sequence[Term], title: str) -> Mapping[str, object]:
    """The field that matches most terms; of several, the first, which is the most telling. Stops at a field that matches all."""
    best, most = None, 0
    for field in fields:
        spans = _spans(field.text, terms)
        found = len({number for number, _, _ in spans})
        if found > most:
            best, most = _cut(field, [(start, end) for _, start, end in spans]), found
        if most == len(terms):
            break
    return best or _match("title", title[:LONGEST_TEXT], [], escape(title[:LONGEST_TEXT]))


def _match(field: str, text: str, spans: Sequence[tuple[int, int]], marked: str) -> Mapping[str, object]:
    """A ``SearchMatch``."""
    offsets = [{"start": start, "end": end} for start, end in spans]
    return {"field": field, "text": text, "spans": offsets, "marked": marked}


def _spans(text: str, terms: Sequence[Term]) -> list[tuple[int, int, int]]:
    """Which term is found at which characters, in text order."""
    if text.isascii():
        lowered = text.lower()  # the same as folding it
        found = sorted(
            (match.start(1), number, match.end(1))
            for number, term in enumerate(terms)
            if term.words[0] in lowered
            for match in _pattern(term).finditer(lowered)
        )
        return [(number, start, end) for start, number, end in found][:_MOST_SPANS]
    cut = list(words(text))
    return [
        (number, cut[position].start, cut[position + len(term.words) - 1].end)
        for position in range(len(cut))
        for number, term in enumerate(terms)
        if term.found_at(cut, position)
    ][:_MOST_SPANS]


@lru_cache(maxsize=1024)
def _pattern(term: Term) -> re.Pattern[str]:
    """Finds a term in lower-case ASCII text, at every word where it starts, as ``found_at`` does."""
    if not term.is_phrase:
        return re.compile(rf"(?<![a-z0-9])({term.words[0]}[a-z0-9]*)")
    as_cut = (word + "[a-z0-9]*" * (len(word) == LONGEST_WORD) for word in term.words)
    return re.compile(rf"(?<![a-z0-9])(?=({'[^a-z0-9]+'.join(as_cut)})(?![a-z0-9]))")


def _cut(field: SearchedField, spans: list[tuple[int, int]]) -> Mapping[str, object]:
    merged: list[tuple[int, int]] = []
    for start, end in spans:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    first = 0 if len(field.text) <= LONGEST_TEXT else max(0, merged[0][0] - _BEFORE)
    text = field.text[first : first + LONGEST_TEXT]
    inside = [(start - first, min(end - first, len(text))) for start, end in merged if start - first < len(text)]
    marked, position = "", 0
    for start, end in inside:
        marked += f"{escape(text[position:start])}<mark>{escape(text[start:end])}</mark>"
        position = end
    return _match(field.name, text, inside, marked + escape(text[position:]))
