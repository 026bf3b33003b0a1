"""Turns the plain values of a file into valid records, and describes every error in words."""

import re
from decimal import Decimal
from typing import TypeAlias

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from app.records.located import LONGEST_PATH, MOST_LISTED, RECORDS, FilePlace, Findings, LocatedRecord, UnreadRecord
from app.values.expectations import clipped, expectation
from app.values.resources import FACT_KINDS, Kind
from app.values.text import NEW_TEXT, SLUG_PATTERN, Slug, nearest

Scalar: TypeAlias = bool | int | float | Decimal | str | None
Value: TypeAlias = "Scalar | list[Value] | dict[str, Value]"

_SLUG: TypeAdapter[str] = TypeAdapter(Slug)
_LONGEST_NUMBER = 400


def read_number(text: str) -> int | Decimal:
    """The exact number of a JSON number's text. Raises ValueError if it is far beyond every limit."""
    if len(text) > _LONGEST_NUMBER:
        raise ValueError(f"a number of {len(text):,} characters is out of range")
    if text.removeprefix("-").isdigit():
        return int(text)
    exponent = text.lower().partition("e")[2]
    if len(exponent) > 4:
        raise ValueError(f"the number {text[:60]} is out of range")
    return Decimal(text)


def to_record(kind: Kind, company: Value, fields: Value, place: FilePlace, findings: Findings) -> LocatedRecord | None:
    """The valid record, or None after adding the findings. ``company`` is the slug of the company of a fact."""
    count = findings.count
    if kind in FACT_KINDS:
        _check_company(company, place, findings)
    try:
        record = RECORDS[kind].model_validate(fields, context=NEW_TEXT)
    except ValidationError as error:
        _add_errors(error, kind, place, findings)
        _note_references(kind, company, fields, place, findings)
        return None
    if findings.count > count:
        return None
    return LocatedRecord(place, kind, company if isinstance(company, str) else None, record)


def _add_errors(error: ValidationError, kind: Kind, place: FilePlace, findings: Findings) -> None:
    """Adds the errors that are listed, and counts the others: an error takes far more to describe than to send."""
    room = findings.room
    for details in error.errors(include_url=False)[:room] if room > 0 else ():
        findings.add(place.finding(_path(details["loc"]), _message(details, kind)))
    findings.count_more(max(error.error_count() - room, 0))


def _note_references(kind: Kind, company: Value, fields: Value, place: FilePlace, findings: Findings) -> None:
    """Notes what an invalid record names, so that its wrong references are reported in the same run."""
    if not isinstance(fields, dict):
        return
    slug = fields.get("slug")
    if isinstance(slug, str):
        findings.invalid.add((kind, slug))
    if len(findings.unread) < MOST_LISTED:
        citations = fields.get("citations")
        sources = {
            f"citations[{index}].source": str(source)
            for index, citation in enumerate(citations if isinstance(citations, list) else [])
            if isinstance(citation, dict) and is_slug(source := citation.get("source"))
        }
        owner = company if isinstance(company, str) else None
        findings.unread.append(UnreadRecord(place, kind, owner, slug if isinstance(slug, str) else None, sources))


def _check_company(company: Value, place: FilePlace, findings: Findings) -> None:
    if company is None:
        findings.add(place.finding("company", "is missing: the slug of the company that the fact is about"))
        return
    try:
        _SLUG.validate_python(company)
    except ValidationError as error:
        findings.add(place.finding("company", _message(error.errors(include_url=False)[0], "company")))


def is_slug(value: Value) -> bool:
    return isinstance(value, str) and len(value) <= 100 and re.fullmatch(SLUG_PATTERN, value) is not None


def _path(location: tuple[int | str, ...]) -> str:
    steps = (f"[{step}]" if isinstance(step, int) else f".{step[:LONGEST_PATH]}" for step in location)
    return "".join(steps).removeprefix(".")


def _message(details: ErrorDetails, kind: Kind) -> str:
    error_type, given, context = details["type"], details["input"], details.get("ctx", {})
    field = str(next((step for step in reversed(details["loc"]) if isinstance(step, str)), ""))
    if error_type == "extra_forbidden":
        return unknown_field(field, list(RECORDS[kind].model_fields) if len(details["loc"]) == 1 else [])
    message = expectation(error_type, context, field, given, shown(given))
    if message is not None:
        return message
    if error_type == "value_error":
        return str(context["error"])
    return f"should {details['msg'].partition('should ')[2] or details['msg']}, not {shown(given)}"


def unknown_field(name: str, known: list[str]) -> str:
    """The message for an unknown field, with the nearest known one."""
    near = nearest(name, known)
    return f"unknown field; did you mean {near}?" if near else "unknown field"


def shown(value: object) -> str:
    """A value as messages show it."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, dict | list):
        return "a mapping" if isinstance(value, dict) else "a list"
    return clipped(value)
