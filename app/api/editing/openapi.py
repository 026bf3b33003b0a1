"""The OpenAPI descriptions of the endpoints that write."""

from typing import Any

from app.api.editing.dataset_upload import LARGEST_DATASET
from app.api.editing.openapi_schemas import input_name, patch_name
from app.datasets.reader import MEDIA_TYPES
from app.errors.problem import Problem
from app.errors.reading import InvalidParameters, NotFound
from app.errors.writing import (
    Conflict,
    Gone,
    IdempotencyKeyReused,
    InsufficientScope,
    InvalidDataset,
    InvalidRecord,
    PreconditionFailed,
    PreconditionRequired,
    ReadOnly,
    Unauthenticated,
)
from app.http.openapi import ETAG_HEADER, MOVED, NOT_MODIFIED, TEXT, json_body, one_responses
from app.http.openapi_problems import Responses, problem_responses
from app.http.openapi_variants import variants
from app.http.responses import REVISION_HEADER
from app.values.resources import Kind

_ALWAYS: tuple[type[Problem], ...] = (Unauthenticated, InsufficientScope, ReadOnly, InvalidParameters)
_OF_EXISTING: tuple[type[Problem], ...] = (NotFound, Gone, PreconditionFailed, PreconditionRequired)
_ADDRESS = {"description": "URL of the resource.", "schema": {"type": "string", "maxLength": 500}}
_REVISION = {"description": "The newest revision after the change.", "schema": {"type": "string", "maxLength": 20}}
_HEADERS = {"ETag": ETAG_HEADER, "Content-Location": _ADDRESS, REVISION_HEADER: _REVISION}


def creation_responses(*, of_company: bool = False) -> Responses:
    """The responses of an endpoint that creates; ``of_company`` if the company is in the path and may not exist."""
    created: dict[str, Any] = {
        "description": "Created, now or by an earlier request with the same `Idempotency-Key`.",
        "headers": _HEADERS | {"Location": _ADDRESS},
    }
    answers: Responses = {201: created, 308: MOVED} if of_company else {201: created}
    missing = (NotFound, Gone) if of_company else ()
    return answers | problem_responses(*_ALWAYS, InvalidRecord, *missing, Conflict, IdempotencyKeyReused)


def change_responses() -> Responses:
    changed: dict[str, Any] = {"description": "The resource after the change.", "headers": _HEADERS}
    answers: Responses = {200: changed, 308: MOVED}
    return answers | problem_responses(*_ALWAYS, InvalidRecord, *_OF_EXISTING, Conflict)


def deletion_responses() -> Responses:
    deleted: dict[str, Any] = {"description": "Deleted.", "headers": {REVISION_HEADER: _REVISION}}
    answers: Responses = {204: deleted, 308: MOVED}
    return answers | problem_responses(*_ALWAYS, *_OF_EXISTING, Conflict)


def body_of(kind: Kind) -> dict[str, Any]:
    """The ``openapi_extra=`` of an endpoint whose body is a record."""
    return json_body(input_name(kind))


def patch_of(kind: Kind) -> dict[str, Any]:
    """The ``openapi_extra=`` of an endpoint whose body is a merge patch of a record."""
    schema = {"$ref": f"#/components/schemas/{patch_name(kind)}"}
    types = ("application/merge-patch+json", "application/json")
    return {"requestBody": {"required": True, "content": {name: {"schema": schema} for name in types}}}


def load_responses() -> Responses:
    loaded: dict[str, Any] = {"description": "What was changed.", "headers": {REVISION_HEADER: _REVISION}}
    answers: Responses = {200: loaded}
    return answers | problem_responses(*_ALWAYS, InvalidDataset)


def export_responses() -> Responses:
    exported: dict[str, Any] = {
        "description": "The dataset. `x-variants` describes it in the other format.",
        "headers": {"ETag": ETAG_HEADER},
        "content": {"application/yaml": TEXT},
        **variants({"format=ndjson": ("application/x-ndjson", TEXT)}),
    }
    answers: Responses = {200: exported, 304: NOT_MODIFIED}
    return answers | problem_responses(*_ALWAYS)


def undo_responses() -> Responses:
    undone: dict[str, Any] = {"description": "What was undone.", "headers": {REVISION_HEADER: _REVISION}}
    answers: Responses = {200: undone}
    return answers | problem_responses(*_ALWAYS, IdempotencyKeyReused, Conflict)


def dataset_body() -> dict[str, Any]:
    """The ``openapi_extra=`` of the endpoint whose body is a dataset."""
    text = {"schema": {"type": "string", "maxLength": LARGEST_DATASET}}
    content = dict.fromkeys(MEDIA_TYPES, text) | {"application/json": {"schema": {"$ref": "#/components/schemas/Dataset"}}}
    return {"requestBody": {"required": True, "content": content}}


def schema_responses() -> Responses:
    """The responses of the endpoint that serves the schema."""
    found = one_responses()
    shown = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "/v1/datasets/schema",
        "title": "Dataset of company facts",
    }
    fields = {name: {"type": "string", "maxLength": 2000, "examples": [value]} for name, value in shown.items()}
    schema = {"type": "object", "required": list(fields), "properties": fields}
    found[200] |= {"description": "A JSON Schema.", "content": {"application/json": {"schema": schema}}}
    return found
