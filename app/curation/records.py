"""From the body of a request to a valid record: the fields of a dataset, or a resource as it was served, with changes."""

from app.curation.patches import merged
from app.datasets.records import RECORDS, LocatedRecord, Place, Problems
from app.datasets.stored import record_fields
from app.datasets.strict_json import JsonFault, parse_json
from app.datasets.validation import Value, to_record
from app.errors import MOST_FIELD_ERRORS, FieldError, MalformedRequest
from app.revisions import Kind
from app.write_errors import InvalidRecord

Object = dict[str, Value]

_PLACE = Place("body", 0)


def read_object(body: bytes) -> Object:
    """The JSON object of a body. Raises MalformedRequest where it is no strict JSON, InvalidRecord where it is no object."""
    try:
        value = parse_json(body)
    except JsonFault as fault:
        field = f"{fault.path} " if fault.path else ""
        raise MalformedRequest(f"The body is no JSON that can be read: {field}{fault}.") from None
    if not isinstance(value, dict):
        raise InvalidRecord("The body is no JSON object.")
    return value


def new_record(kind: Kind, company: str | None, body: bytes) -> LocatedRecord:
    """The record that a body is. Raises MalformedRequest and InvalidRecord."""
    return _valid(kind, company, read_object(body))


def replaced_record(kind: Kind, company: str | None, body: bytes, document: str, text: str | None) -> LocatedRecord:
    """The record that a body makes of a stored one. What is as it was served counts as unchanged."""
    given, served = read_object(body), _object(document)
    recorded = _recorded(kind, document, text)
    if kind == "source" and given.get("url") == served["url"]:
        del given["url"]
        if "original_url" in given:
            given["url"] = given.pop("original_url")
    return _valid(kind, company, _as_recorded(kind, given, served, recorded))


def patched_record(kind: Kind, company: str | None, body: bytes, document: str, text: str | None) -> LocatedRecord:
    """The record that a merge patch (RFC 7396) makes of a stored one, applied to its fields as a dataset has them."""
    patch = read_object(body)
    recorded = _recorded(kind, document, text)
    if "text" in patch:
        recorded.pop("length", None)
        recorded.pop("sha256", None)
    return _valid(kind, company, merged(recorded, patch))


def _object(document: str) -> Object:
    value = parse_json(document.encode())
    if not isinstance(value, dict):
        raise TypeError("a document is an object")
    return value


def _recorded(kind: Kind, document: str, text: str | None) -> Object:
    """The fields of a stored record. A source's text, which is in no document, stands for its length and digest."""
    recorded: Object = record_fields(kind, _object(document))
    if text is not None:
        recorded = {name: value for name, value in recorded.items() if name not in ("length", "sha256")} | {"text": text}
    return recorded


def _as_recorded(kind: Kind, given: Object, served: Object, recorded: Object) -> Object:
    known = RECORDS[kind].model_fields
    fields: Object = {}
    problems = []
    for name, value in given.items():
        if name in known and not (name in served and value == served[name]):
            fields[name] = _citations_as_recorded(value, served, recorded) if name == "citations" else value
        elif name in known and name in recorded:
            fields[name] = recorded[name]
        elif name not in known and name in served and value != served[name]:
            problems.append(
                FieldError(field=name, message="is worked out by the server; send it as it was served, or leave it out")
            )
        elif name not in known and name not in served:
            fields[name] = value
    if problems:
        raise _invalid(problems)
    if kind == "source" and given.get("has_text") is True and "text" in recorded and "text" not in given:
        fields["text"] = recorded["text"]
    return fields


def _citations_as_recorded(value: Value, served: Object, recorded: Object) -> Value:
    """Those among citations that are as they were served, as a dataset has them."""
    before, kept = served.get("citations"), recorded.get("citations")
    if not isinstance(value, list) or not isinstance(before, list) or not isinstance(kept, list):
        return value
    return [kept[before.index(citation)] if citation in before else citation for citation in value]


def _valid(kind: Kind, company: str | None, fields: Object) -> LocatedRecord:
    problems = Problems()
    located = to_record(kind, company, fields, _PLACE, problems)
    if located is None:
        raise refused(problems)
    return located


def refused(problems: Problems) -> InvalidRecord:
    """The problem that lists what is wrong with a record."""
    return _invalid([FieldError(field=problem.field or "body", message=problem.message) for problem in problems.listed])


def _invalid(errors: list[FieldError]) -> InvalidRecord:
    detail = "; ".join(f"{error.field}: {error.message}" for error in errors)
    return InvalidRecord(detail, errors=errors[:MOST_FIELD_ERRORS])
