"""The OpenAPI descriptions of the endpoints that write."""

from typing import Any

from app.api.editing.dataset_upload import LARGEST_DATASET
from app.api.editing.examples import EXAMPLES
from app.datasets.json_schema import dataset_schema
from app.datasets.reader import MEDIA_TYPES
from app.errors.limits import LIMIT_PROBLEMS
from app.errors.problem import Problem
from app.errors.reading import (
    BodyTooLarge,
    DatabaseUnavailable,
    HeaderTooLarge,
    InternalError,
    InvalidParameters,
    MalformedRequest,
    NotFound,
    UrlTooLong,
)
from app.errors.writing import (
    Conflict,
    Gone,
    IdempotencyKeyReused,
    InsufficientScope,
    InsufficientStorage,
    InvalidDataset,
    InvalidRecord,
    PreconditionFailed,
    PreconditionRequired,
    ReadOnly,
    RequestTimeout,
    Unauthenticated,
    UnsupportedMediaType,
)
from app.http.openapi import ETAG_HEADER, Responses, one_responses, problem_responses
from app.http.responses import REVISION_HEADER
from app.records.located import RECORDS
from app.values.resources import PLURALS, Kind

_ALWAYS: tuple[type[Problem], ...] = (
    MalformedRequest, Unauthenticated, InsufficientScope, ReadOnly, UrlTooLong, HeaderTooLarge, InvalidParameters,
    InternalError, DatabaseUnavailable, RequestTimeout, InsufficientStorage, *LIMIT_PROBLEMS,
)  # fmt: skip
_WITH_BODY: tuple[type[Problem], ...] = (BodyTooLarge, UnsupportedMediaType, InvalidRecord)
_OF_EXISTING: tuple[type[Problem], ...] = (NotFound, Gone, PreconditionFailed, PreconditionRequired)
_ADDRESS = {"description": "URL of the resource.", "schema": {"type": "string", "maxLength": 500}}
_REVISION = {"description": "The newest revision after the change.", "schema": {"type": "string", "maxLength": 20}}
_HEADERS = {"ETag": ETAG_HEADER, "Content-Location": _ADDRESS, REVISION_HEADER: _REVISION}
_MOVED = {"description": "The resource has moved to the URL in `Location`. Nothing was changed."}


_MOST_ITEMS = 10_000_000
"""OpenAPI linters ask for a limit. A dataset is limited by its size only."""


def creation_responses(*, of_company: bool = False) -> Responses:
    """The responses of an endpoint that creates; ``of_company`` if the company is in the path and may not exist."""
    created: dict[str, Any] = {
        "description": "Created, now or by an earlier request with the same `Idempotency-Key`.",
        "headers": _HEADERS | {"Location": _ADDRESS},
    }
    answers: Responses = {201: created, 308: _MOVED} if of_company else {201: created}
    missing = (NotFound, Gone) if of_company else ()
    return answers | problem_responses(*_ALWAYS, *_WITH_BODY, *missing, Conflict, IdempotencyKeyReused)


def change_responses() -> Responses:
    changed: dict[str, Any] = {"description": "The resource after the change.", "headers": _HEADERS}
    answers: Responses = {200: changed, 308: _MOVED}
    return answers | problem_responses(*_ALWAYS, *_WITH_BODY, *_OF_EXISTING, Conflict)


def deletion_responses() -> Responses:
    deleted: dict[str, Any] = {"description": "Deleted.", "headers": {REVISION_HEADER: _REVISION}}
    answers: Responses = {204: deleted, 308: _MOVED}
    return answers | problem_responses(*_ALWAYS, *_OF_EXISTING, Conflict)


def body_of(kind: Kind) -> dict[str, Any]:
    """The ``openapi_extra=`` of an endpoint whose body is a record."""
    schema = {"$ref": f"#/components/schemas/{RECORDS[kind].__name__}"}
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


def patch_of(kind: Kind) -> dict[str, Any]:
    """The ``openapi_extra=`` of an endpoint whose body is a merge patch of a record."""
    schema = {"type": "object", "description": f"Any fields of {RECORDS[kind].__name__}. null removes a field."}
    types = ("application/merge-patch+json", "application/json")
    return {"requestBody": {"required": True, "content": {name: {"schema": schema} for name in types}}}


def load_responses() -> Responses:
    loaded: dict[str, Any] = {"description": "What was changed.", "headers": {REVISION_HEADER: _REVISION}}
    answers: Responses = {200: loaded}
    return answers | problem_responses(*_ALWAYS, BodyTooLarge, UnsupportedMediaType, InvalidDataset)


def dataset_body() -> dict[str, Any]:
    """The ``openapi_extra=`` of the endpoint whose body is a dataset."""
    text = {"schema": {"type": "string", "maxLength": LARGEST_DATASET}}
    content = dict.fromkeys(MEDIA_TYPES, text) | {"application/json": {"schema": {"$ref": "#/components/schemas/Dataset"}}}
    return {"requestBody": {"required": True, "content": content}}


def schema_responses() -> Responses:
    """The responses of the endpoint that serves the schema."""
    found = one_responses()
    found[200] |= {"description": "A JSON Schema.", "content": {"application/json": {"schema": {"type": "object"}}}}
    return found


def add_record_schemas(document: dict[str, Any]) -> None:
    """Adds the schemas of records, which clients send, to those of resources."""
    schemas = document["components"]["schemas"]
    dataset = _moved(dataset_schema())
    definitions = dataset.pop("$defs") | {"Dataset": {name: dataset[name] for name in dataset if name[0] != "$"}}
    company = definitions["CompanyItem"]
    without_facts = {name: field for name, field in company["properties"].items() if name not in PLURALS.values()}
    definitions["CompanyRecord"] = company | {
        "title": "CompanyRecord", "description": "A company without its facts.", "properties": without_facts
    }  # fmt: skip
    for name, definition in definitions.items():
        shown = {"examples": [EXAMPLES[name]]} if name in EXAMPLES else {}
        schemas.setdefault(name, definition | shown)


def _moved(schema: Any) -> Any:  # noqa: ANN401 - JSON of any kind
    """The same schema with definitions as components, and with a limit for every list."""
    if isinstance(schema, dict):
        bound = {"maxItems": _MOST_ITEMS} if schema.get("type") == "array" else {}
        return bound | {name: _moved(value) for name, value in schema.items()}
    if isinstance(schema, list):
        return [_moved(value) for value in schema]
    return schema.replace("#/$defs/", "#/components/schemas/") if isinstance(schema, str) else schema
