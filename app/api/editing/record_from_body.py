"""Turns a request body into a valid record. The body has the fields of a dataset, or is a served resource with changes."""

from collections.abc import Mapping

from app.api.editing.merge_patch import merged
from app.datasets.strict_json import JsonFault, parse_json
from app.errors.problem import MOST_FIELD_ERRORS, FieldError
from app.errors.reading import MalformedRequest
from app.errors.writing import InvalidRecord
from app.records.from_document import DATES, record_fields
from app.records.located import RECORDS, FilePlace, Findings, LocatedRecord
from app.records.validation import Value, shown, to_record
from app.values.resources import Kind

Object = dict[str, Value]

_PLACE = FilePlace("body", 0)
_BY_SERVER = "is computed by the server; send it unchanged or leave it out"
_COMPUTED: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(DATES, ("earliest", "latest")),
    "citations": ("source_url", "checked", "checked_at"),
    "equivalent": ("implied_rate", "stated_by_source"),
}
"""The members that the server adds to a field."""


def read_object(body: bytes) -> Object:
    """The JSON object of a body. Raises MalformedRequest if it is not strict JSON, InvalidRecord if it is not an object."""
    try:
        value = parse_json(body)
    except JsonFault as fault:
        errors = [FieldError(field=fault.path or "body", message=str(fault))]
        raise MalformedRequest(f"The body cannot be read: {errors[0].field}: {fault}.", errors=errors) from None
    if not isinstance(value, dict):
        raise _invalid([FieldError(field="body", message=f"expected an object, not {shown(value)}")])
    return value


def new_record(kind: Kind, company: str | None, body: bytes) -> LocatedRecord:
    """The record in a body. Raises MalformedRequest and InvalidRecord."""
    return _valid(kind, company, read_object(body))


def replaced_record(kind: Kind, company: str | None, body: bytes, document: str, text: str | None) -> LocatedRecord:
    """The record that replaces a stored one. Fields with their served value count as unchanged."""
    given, served = read_object(body), _object(document)
    if kind == "source":
        if given.get("url") == served["url"]:
            del given["url"]
        _name_address(given, served["original_url"])
        given.setdefault("text", None if given.get("withdrawn") is True else text)  # no response contains it; null removes it
        text = None if given["text"] is None else text
    return _valid(kind, company, _as_recorded(kind, given, served, _recorded(kind, document, text)))


def patched_record(kind: Kind, company: str | None, body: bytes, document: str, text: str | None) -> LocatedRecord:
    """The stored record with a merge patch (RFC 7396) applied to its fields as a dataset has them."""
    patch = read_object(body)
    recorded = _recorded(kind, document, None if patch.get("withdrawn") is True else text)
    if kind == "source":
        _name_address(patch)
    if "text" in patch:
        for name in ("length", "sha256", "withdrawn"):
            recorded.pop(name, None)
    for name in DATES:
        given = patch.get(name)
        if isinstance(given, dict):
            recorded[name] = _to_merge(recorded.get(name), given)
    fields: Object = {name: None for name in patch if name not in RECORDS[kind].model_fields}  # reported in their order
    return _valid(kind, company, fields | merged(recorded, patch))


def _to_merge(recorded: Value, given: Object) -> Value:
    """The members of a recorded date that a change of some of them keeps. Words don't outlive the date that they describe."""
    if isinstance(recorded, str):
        return {"edtf": recorded}
    if isinstance(recorded, dict) and "text" not in given and _is_another_date(given, recorded):
        return {"edtf": recorded["edtf"]}
    return recorded


def _is_another_date(given: Object, before: Object) -> bool:
    return "edtf" in given and str(given["edtf"]) != before["edtf"]  # YAML and JSON may write a year as a number


def _name_address(given: Object, served: Value = None) -> None:
    """``url``, in responses that of the resource, is the former name of ``original_url``; ``served`` is the present one."""
    if "url" in given and given.get("original_url") in (None, served):
        given["original_url"] = given.pop("url")


def _object(document: str) -> Object:
    value = parse_json(document.encode())
    if not isinstance(value, dict):
        raise TypeError("a document is an object")
    return value


def _recorded(kind: Kind, document: str, text: str | None) -> Object:
    """The fields of a stored record. The text of a source, which no document contains, replaces its length and digest."""
    recorded: Object = record_fields(kind, _object(document))
    if text is not None:
        recorded = {name: value for name, value in recorded.items() if name not in ("length", "sha256")} | {"text": text}
    return recorded


def _as_recorded(kind: Kind, given: Object, served: Object, recorded: Object) -> Object:
    known = RECORDS[kind].model_fields
    fields: Object = {}
    errors: list[FieldError] = []
    for name, value in given.items():
        is_served = name in served and value == served[name]
        if not is_served and name in served and name not in known:
            errors.append(FieldError(field=name, message=_BY_SERVER))
        elif not is_served:
            fields[name] = _written_again(name, value, served.get(name), errors)
        elif name in known and name in recorded:
            fields[name] = recorded[name]
    if errors:
        raise _invalid(errors)
    return fields


def _written_again(name: str, value: Value, served: Value, errors: list[FieldError]) -> Value:
    """The value of a changed field, without the members that the server adds to it."""
    parts = served if isinstance(served, list) else [served]
    before = [part for part in parts if isinstance(part, dict)]
    if isinstance(value, list):
        return [_without_added(f"{name}[{index}]", name, item, before, errors) for index, item in enumerate(value)]
    return _without_added(name, name, value, before, errors)


def _without_added(path: str, name: str, value: Value, before: list[Object], errors: list[FieldError]) -> Value:
    added = _COMPUTED.get(name, ())
    if name == "citations" and isinstance(value, dict) and value.get("sha256") and not value.get("edition"):
        added = (*added, "quote")  # the numbers decide
    if not isinstance(value, dict) or not before:
        return value
    if name in DATES and "latest" in value and value.get("text") == before[0]["text"] and _is_another_date(value, before[0]):
        added = (*added, "text")  # a date as it was served, with another EDTF text
    changed = [member for member in added if member in value and all(value[member] != part[member] for part in before)]
    errors += [FieldError(field=f"{path}.{member}", message=_BY_SERVER) for member in changed]
    return {member: part for member, part in value.items() if member not in added}


def _valid(kind: Kind, company: str | None, fields: Object) -> LocatedRecord:
    findings = Findings()
    located = to_record(kind, company, fields, _PLACE, findings)
    if located is None:
        raise refused(findings)
    return located


def refused(findings: Findings) -> InvalidRecord:
    """The problem that lists the first findings about a record."""
    listed = findings.listed[:MOST_FIELD_ERRORS]
    errors = [FieldError(field=problem.field or "body", message=problem.message) for problem in listed]
    return _invalid(errors, findings.count)


def _invalid(errors: list[FieldError], count: int = 0) -> InvalidRecord:
    first = errors[:MOST_FIELD_ERRORS]
    count = count or len(errors)
    number = f"{count:,} errors, of which the first {len(first)} are listed: " if count > len(first) else ""
    return InvalidRecord(number + "; ".join(f"{error.field}: {error.message}" for error in first), errors=first)
