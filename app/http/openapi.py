"""The parts of the OpenAPI document that endpoints share."""

from collections.abc import Callable, Mapping
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from app.errors.limits import LIMIT_PROBLEMS
from app.errors.problem import FieldError, Problem, ProblemDetails
from app.errors.reading import (
    AddressTooLong,
    DatabaseUnavailable,
    InternalError,
    InvalidCursor,
    InvalidParameters,
    MalformedRequest,
    NotAcceptable,
    NotFound,
)
from app.errors.writing import Gone

TAGS = [
    {"name": "companies", "description": "Organisations, and everything known of one."},
    {"name": "milestones", "description": "Events in companies' lives, with dates as sure as the source's."},
    {"name": "products", "description": "What companies offer or build."},
    {"name": "metrics", "description": "Numbers, each with unit, period, qualifier and scope."},
    {"name": "sources", "description": "The documents that facts are read from."},
    {"name": "timeline", "description": "What happened, in order, across companies."},
    {"name": "comparison", "description": "Companies side by side, saying what must not be compared."},
    {"name": "search", "description": "Finding companies, facts and sources by their words."},
    {"name": "reconciliation", "description": "Matching names of companies, as OpenRefine asks for it."},
    {"name": "changes", "description": "What was changed, in order, without a gap."},
    {"name": "datasets", "description": "Loading many sources, companies and facts at once."},
    {"name": "statistics", "description": "What the database holds."},
    {"name": "health", "description": "For load balancers and monitors."},
]

DESCRIPTION = """
Facts about companies, each with the place in a source that it rests on, how sure its date and number are, and its history.

* **Start** with [/v1/companies](/v1/companies), then open a company's `profile_url`.
* **Lists** come in pages: follow `next`. Add `format=csv` for a spreadsheet, `format=ndjson` for a pipeline.
* **Dates** are [EDTF](https://www.loc.gov/standards/datetime/): a fuzzy date stays fuzzy and says its bounds.
* **Errors** are [problem details](/problems) that say what to write instead.
* **Caching**: every answer under `/v1` has an `ETag`; send it back in `If-None-Match`.
"""

ETAG_HEADER = {
    "description": "Changes when the answer does.",
    "schema": {"type": "string", "maxLength": 200},
    "example": '"7f3a-64-0.1.0-json"',
}
_LINK = {"description": 'The next page, as rel="next".', "schema": {"type": "string", "maxLength": 8000}}
_TEXT = {"schema": {"type": "string", "maxLength": 1_000_000_000}}
_NOT_MODIFIED = {"description": "The client's copy, named in `If-None-Match`, is current."}

_SCHEMA = {"$ref": "#/components/schemas/ProblemDetails"}
_EXAMPLE_ID = "7c1f6f0e-94a5-4a7e-9a43-6a1f2f0f6b1d"

Responses = dict[int | str, dict[str, Any]]


def problem_responses(*problems: type[Problem]) -> Responses:
    """The ``responses=`` of an endpoint: each problem with its schema and an example. Those of one status share an entry."""
    responses: Responses = {}
    for problem in problems:
        content = {"application/problem+json": {"schema": _SCHEMA, "examples": {}}}
        entry = responses.setdefault(problem.status, {"description": problem.title, "content": content})
        example = problem.for_example().details(_EXAMPLE_ID).model_dump(exclude_none=True)
        entry["content"]["application/problem+json"]["examples"][problem.name] = {"value": example}
    return responses


COMMON_PROBLEMS: tuple[type[Problem], ...] = (
    MalformedRequest, NotAcceptable, AddressTooLong, InvalidParameters, InternalError, DatabaseUnavailable, *LIMIT_PROBLEMS,
)  # fmt: skip


_MOVED = {
    "description": "The resource has another address now, which is in `Location`: its slug was changed, or it was merged.",
    "headers": {"Location": {"description": "The address.", "schema": {"type": "string", "maxLength": 16_000}}},
}


def _moving(problems: tuple[type[Problem], ...]) -> tuple[type[Problem], ...]:
    """What may be missing may also have been deleted."""
    return (*problems, Gone) if NotFound in problems else problems


def list_responses(*problems: type[Problem]) -> Responses:
    """The answers of a list, in three formats."""
    content = {"text/csv": _TEXT, "application/x-ndjson": _TEXT}
    found = {"description": "The list.", "headers": {"ETag": ETAG_HEADER, "Link": _LINK}, "content": content}
    found_or_not: Responses = {200: found, 304: _NOT_MODIFIED}
    if NotFound in problems:
        found_or_not[308] = _MOVED
    return found_or_not | problem_responses(InvalidCursor, *COMMON_PROBLEMS, *_moving(problems))


def one_responses(*problems: type[Problem], other_formats: Mapping[str, object] | None = None) -> Responses:
    """The answers of a single resource."""
    found = {"description": "Found.", "headers": {"ETag": ETAG_HEADER}, "content": dict(other_formats or {})}
    found_or_not: Responses = {200: found, 304: _NOT_MODIFIED}
    if NotFound in problems:
        found_or_not[308] = _MOVED
    return found_or_not | problem_responses(*COMMON_PROBLEMS, *_moving(problems))


def describe(app: FastAPI, *completions: Callable[[dict[str, Any]], None]) -> None:
    """Let the application describe itself with its problem type in place of FastAPI's validation error.

    The completions add what is above this module to the document, once.
    """

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            document = _build(app)
            for complete in completions:
                complete(document)
            app.openapi_schema = document
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def _build(app: FastAPI) -> dict[str, Any]:
    document = get_openapi(
        title=app.title,
        version=app.version,
        summary=app.summary,
        description=app.description,
        routes=app.routes,
        tags=app.openapi_tags,
        license_info=app.license_info,
        contact=app.contact,
        servers=[{"url": "/", "description": "This server"}],
    )
    schemas = document["components"]["schemas"]
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    for model in (FieldError, ProblemDetails):
        schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
        schema.pop("$defs", None)
        schemas[model.__name__] = schema
    schemas["JsonValue"] = {"title": "JsonValue", "description": "Any JSON: the model of it has no words of its own."}
    for operations in document["paths"].values():
        for operation in operations.values():
            # The scope is in the text: OpenAPI has room for it in schemes of OAuth alone.
            operation["security"] = [{key: [] for key in needed} for needed in operation.pop("security", [])]
            for parameter in operation.get("parameters", []):
                parameter["schema"] = _without_null(parameter["schema"])
    return document


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """A parameter is given or not. That it may be null, as its model says, has no form in an address."""
    alternatives = [alternative for alternative in schema.get("anyOf", []) if alternative != {"type": "null"}]
    if len(alternatives) != 1:
        return schema
    return {**alternatives[0], **{name: value for name, value in schema.items() if name != "anyOf"}}
