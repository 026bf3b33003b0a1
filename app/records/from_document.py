"""Turns a served document back into the fields of the record that it was rendered from."""

from collections.abc import Mapping
from typing import Any

from app.records.located import RECORDS
from app.values.date_words import in_words
from app.values.dates import has_one_meaning
from app.values.resources import Kind

Fields = dict[str, Any]
"""A JSON object that this program wrote."""

DATES = ("published", "founded", "date", "launched", "period")


def record_fields(kind: Kind, document: Mapping[str, Any]) -> Fields:
    """The fields of a record, without those that are null, empty or the default. A source's text is not in its document."""
    known = RECORDS[kind].model_fields
    fields: Fields = {}
    for name, served in document.items():
        if name not in known or name == "url":
            continue
        value = _recorded(name, served)
        if value not in (None, []) and value != known[name].default:
            fields[name] = value
    return fields


def _recorded(name: str, served: Any) -> Any:  # noqa: ANN401 - JSON of any kind
    """A field as a dataset has it."""
    if name in DATES and served:
        return _date(served, is_period=name == "period")
    if name == "citations":
        return [_citation(citation) for citation in served]
    if name == "equivalent" and served:
        return _only(served, "value", "unit", "stated_as")
    if name == "other_names":
        return [_only(other, "name", "language") for other in served]
    return served


def _citation(citation: Mapping[str, Any]) -> Fields:
    """The server finds the words of a passage in the text, but only here if the text has changed since."""
    numbers = ("source", "paragraph", "sentence", "start", "end", "sha256")
    return _only(citation, *numbers, "edition", "quote") if citation.get("edition") else _only(citation, *numbers)


def _date(date: Mapping[str, str], *, is_period: bool) -> str | Fields:
    """Words that say no more than the English ones for the date are not recorded, so that they follow a change of it."""
    is_plain = date["text"] == in_words(date["edtf"], is_period=is_period) and has_one_meaning(date["edtf"])
    return date["edtf"] if is_plain else _only(date, "edtf", "text")


def _only(value: Mapping[str, Any], *names: str) -> Fields:
    return {name: value[name] for name in names if value.get(name) is not None}
