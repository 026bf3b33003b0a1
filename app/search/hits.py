"""Telling a reader why a resource was found: the field, and the characters in it."""

from collections.abc import Sequence
from html import escape

import orjson

from app.search.fields import SearchedField, searched_fields, title_of
from app.search.schemas import Hit, HitKind, Match, Span
from app.search.words import Term, words

LONGEST_TEXT = 240
_BEFORE = 60
_MOST_SPANS = 20


def kind_of(resource: dict[str, object]) -> HitKind:
    """The kind of a document: a fact names it; a company is told by its profile, a source by its facts."""
    if "profile_url" in resource:
        return "company"
    if "facts_url" in resource:
        return "source"
    return resource["kind"]  # type: ignore[return-value]


def to_hit(document: str, terms: Sequence[Term]) -> Hit:
    """A found document as a hit."""
    resource = orjson.loads(document)
    kind = kind_of(resource)
    return Hit(
        kind=kind,
        url=resource["url"],
        title=title_of(resource),
        company=resource["slug"] if kind == "company" else resource.get("company"),
        match=_best_match(list(searched_fields(kind, resource)), terms, title_of(resource)),
        citations=resource.get("citations", []),
    )


def _best_match(fields: Sequence[SearchedField], terms: Sequence[Term], title: str) -> Match:
    """The field in which most terms are found; of several the first, which tells most."""
    found = [(field, spans) for field in fields if (spans := _spans(field.text, terms))]
    if not found:
        return Match(field="title", text=title[:LONGEST_TEXT], spans=[], marked=escape(title[:LONGEST_TEXT]))
    field, spans = max(found, key=lambda entry: len({index for index, _, _ in entry[1]}))
    return _cut(field, [(start, end) for _, start, end in spans])


def _spans(text: str, terms: Sequence[Term]) -> list[tuple[int, int, int]]:
    """Which term is found at which characters, in the order of the text.

    Most texts of a resource hold no term: where folding is lowering, that is seen before the text is cut into words.
    """
    if text.isascii():
        lowered = text.lower()
        if not any(term.words[0] in lowered for term in terms):
            return []
    cut = list(words(text))
    return [
        (number, cut[position].start, cut[position + len(term.words) - 1].end)
        for position in range(len(cut))
        for number, term in enumerate(terms)
        if term.found_at(cut, position)
    ][:_MOST_SPANS]


def _cut(field: SearchedField, spans: list[tuple[int, int]]) -> Match:
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
    spans_inside = [Span(start=start, end=end) for start, end in inside]
    return Match(field=field.name, text=text, spans=spans_inside, marked=marked + escape(text[position:]))
