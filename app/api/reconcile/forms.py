"""Reads the form field or parameter of a query, which contains JSON. Errors name the invalid field."""

from typing import TypeVar
from urllib.parse import parse_qsl

from fastapi import Request
from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from app.api.reconcile.draft_schemas import MatchBatch, MatchCondition, MatchRequestQuery
from app.api.reconcile.extension_schemas import ExtensionProperty, ExtensionQuery, ExtensionSettings
from app.api.reconcile.schemas import EntityValue, PropertyCondition, QueryBatch, ReconciliationQuery
from app.datasets.strict_json import MOST_VALUES, JsonFault, require_few_values
from app.errors.problem import MOST_FIELD_ERRORS, FieldError
from app.errors.reading import InvalidParameters, MalformedRequest
from app.http.request_body import media_type, read_body
from app.values.text import nearest

LARGEST_BODY = 1_048_576
"""Bytes of a form: enough for a thousand long names in any script."""
FIELDS = ("queries", "extend")

_FORM = "application/x-www-form-urlencoded"
_JSON = "application/json"
_MOST_FIELDS = 10

_KNOWN = (
    *ReconciliationQuery.model_fields,
    *PropertyCondition.model_fields,
    *EntityValue.model_fields,
    *ExtensionQuery.model_fields,
    *ExtensionProperty.model_fields,
    *ExtensionSettings.model_fields,
    *MatchBatch.model_fields,
    *MatchRequestQuery.model_fields,
    *MatchCondition.model_fields,
)
_KEY = "[key]"
"""How Pydantic marks an error in a key instead of its value."""

T = TypeVar("T")
_BATCH: TypeAdapter[dict[str, ReconciliationQuery]] = TypeAdapter(QueryBatch)
_MATCH: TypeAdapter[MatchBatch] = TypeAdapter(MatchBatch)
_EXTENSION: TypeAdapter[ExtensionQuery] = TypeAdapter(ExtensionQuery)


async def receive_form(request: Request) -> bytes:
    """A form as it was sent. To read it takes up to 20 milliseconds, which is for a thread."""
    return await _receive(request, _FORM)


async def receive_json(request: Request) -> bytes:
    """A JSON body as it was sent."""
    return await _receive(request, _JSON)


async def _receive(request: Request, expected: str) -> bytes:
    given = media_type(request)
    if given != expected:
        raise InvalidParameters.on("Content-Type", f"expected {expected}, not {given or 'nothing'}")
    return await read_body(request, LARGEST_BODY)


def read_form(body: bytes) -> tuple[str, str]:
    """The name and text of the only field of a form."""
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS)
    except UnicodeDecodeError:
        raise MalformedRequest("The form is not valid UTF-8. Encode text as UTF-8 before percent-encoding it.") from None
    except ValueError:
        raise InvalidParameters.on("form", f"has more than {_MOST_FIELDS} fields; expected one of {', '.join(FIELDS)}") from None
    for name, _ in pairs:
        if name not in FIELDS:
            raise InvalidParameters.on(
                name, f"There is no such field; expected one of {', '.join(FIELDS)}", nearest(name, FIELDS)
            )
    return one_of(dict(pairs), len(pairs))


def one_of(given: dict[str, str], number: int) -> tuple[str, str]:
    """The given field. Raises InvalidParameters unless there is exactly one."""
    if number != 1:
        raise InvalidParameters.on("queries", "expected either queries or extend, once, with JSON as its value")
    return next(iter(given.items()))


def read_batch(text: str) -> dict[str, ReconciliationQuery]:
    """A batch of queries: ``{"q0": {"query": "Baidu"}}``."""
    return _read(_BATCH, "queries", text)


def read_extension(text: str) -> ExtensionQuery:
    """A data extension query: ``{"ids": ["baidu"], "properties": [{"id": "country"}]}``."""
    return _read(_EXTENSION, "extend", text)


def read_match(body: bytes) -> list[MatchRequestQuery]:
    """The queries of a body of /match: ``{"queries": [{"conditions": [{"matchType": "name", "propertyValue": "Baidu"}]}]}``."""
    return _read(_MATCH, "", _decode(body)).queries


def read_table_extension(body: bytes) -> ExtensionQuery:
    """A data extension query, as the whole body."""
    return _read(_EXTENSION, "", _decode(body))


def _decode(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError:
        raise MalformedRequest("The body is not valid UTF-8.") from None


def _read(adapter: TypeAdapter[T], field: str, text: str) -> T:
    try:
        require_few_values(text, MOST_VALUES)
        return adapter.validate_json(text)
    except JsonFault as fault:
        raise InvalidParameters.on(field or "body", str(fault)) from None
    except ValidationError as error:
        entries = error.errors(include_url=False, include_input=False)[:MOST_FIELD_ERRORS]
        errors = [_field_error(field, entry) for entry in entries]
        raise InvalidParameters.of(errors) from None


def _field_error(field: str, entry: ErrorDetails) -> FieldError:
    place = ".".join(filter(None, (field, *map(str, _place(entry)))))[:200] or "body"
    if entry["type"] == "extra_forbidden":
        name = str(entry["loc"][-1])
        others = [known for known in _KNOWN if known != name]
        return FieldError(field=place, message="There is no such field here", suggestion=nearest(name, others))
    return FieldError(field=place, message=_message(entry)[:2000])


def _place(entry: ErrorDetails) -> list[str | int]:
    """Keys, indexes and fields as the client wrote them, without the tags that Pydantic adds for alternatives."""
    path = entry["loc"]
    last = len(path) - 1 if entry["type"] == "extra_forbidden" else 0
    return [part for number, part in enumerate(path) if number in (0, last) or isinstance(part, int) or part in (*_KNOWN, _KEY)]


def _message(entry: ErrorDetails) -> str:
    """The message. The limits of text count characters, which Pydantic calls items if it does not know the type."""
    limits = entry.get("ctx", {})
    if entry["type"] == "too_short" and limits["field_type"] == "Value":
        return f"expected at least {limits['min_length']} character"
    if entry["type"] == "too_long" and limits["field_type"] == "Value":
        return f"expected at most {limits['max_length']} characters, not {limits['actual_length']}"
    return entry["msg"].removeprefix("Value error, ")
