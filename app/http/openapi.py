"""Parts of the OpenAPI document that endpoints share."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from fastapi import FastAPI

from app.errors.limits import LIMIT_PROBLEMS
from app.errors.problem import FieldError, Problem, ProblemDetails
from app.errors.reading import (
    DatabaseUnavailable,
    HeaderTooLarge,
    InternalError,
    InvalidCursor,
    InvalidParameters,
    MalformedRequest,
    NotAcceptable,
    NotFound,
    UrlTooLong,
)
from app.errors.writing import Gone

TAGS = [
    {"name": "companies", "description": "Organisations, and everything known about one."},
    {"name": "milestones", "description": "Events in the history of companies, with dates as precise as their source."},
    {"name": "products", "description": "What companies offer or build."},
    {"name": "metrics", "description": "Numbers about companies, each with unit, period, qualifier and scope."},
    {"name": "sources", "description": "The documents that facts come from."},
    {"name": "timeline", "description": "Milestones of several companies in order of date."},
    {"name": "comparison", "description": "Companies side by side, with reasons where values are not comparable."},
    {"name": "search", "description": "Full-text search in companies, facts and sources."},
    {
        "name": "reconciliation",
        "description": "Matching company names, as OpenRefine and other reconciliation clients need it.",
    },
    {"name": "changes", "description": "Every change in order, without gaps."},
    {"name": "datasets", "description": "Loading many sources, companies and facts at once."},
    {"name": "statistics", "description": "What the database contains."},
    {"name": "health", "description": "For load balancers and monitors."},
]

DESCRIPTION = """
Facts about companies. Each links to the passage it comes from, records how precise its date and number are, and keeps its
full history.

* **Start** with [/v1/companies](/v1/companies), then open a company's `profile_url`.
* **Lists** are paginated: follow `next`. Use `format=csv` for a spreadsheet, `format=ndjson` for a pipeline.
* **Dates** are [EDTF](https://www.loc.gov/standards/datetime/): imprecise dates have an earliest and a latest day.
* **Errors** are [problem details](/problems) that say what to send instead.
* **Caching**: every response under `/v1` has an `ETag`. Send it back in `If-None-Match`.
"""

ETAG_HEADER = {
    "description": "Changes whenever the response does.",
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
    """The ``responses=`` of an endpoint: each problem with schema and example. Problems of one status share an entry."""
    responses: Responses = {}
    for problem in problems:
        content = {"application/problem+json": {"schema": _SCHEMA, "examples": {}}}
        entry = responses.setdefault(problem.status, {"description": problem.title, "content": content})
        example = _example(problem)  # type: ignore[arg-type] # a class is hashable
        entry["content"]["application/problem+json"]["examples"][problem.name] = example
    return responses


@cache
def _example(problem: type[Problem]) -> dict[str, Any]:
    """Made once: one for each endpoint would take a megabyte."""
    return {"value": problem().details(_EXAMPLE_ID).model_dump(exclude_none=True)}


COMMON_PROBLEMS: tuple[type[Problem], ...] = (
    MalformedRequest, NotAcceptable, UrlTooLong, HeaderTooLarge, InvalidParameters, InternalError, DatabaseUnavailable,
    *LIMIT_PROBLEMS,
)  # fmt: skip


_MOVED = {
    "description": "The resource has moved to the URL in `Location`, because its slug was changed or it was merged.",
    "headers": {"Location": {"description": "The new URL.", "schema": {"type": "string", "maxLength": 16_000}}},
}


def _responses(found: dict[str, Any], problems: tuple[type[Problem], ...]) -> Responses:
    """A resource that can be missing can also have moved or been deleted."""
    moved: Responses = {308: _MOVED} if NotFound in problems else {}
    gone = (Gone,) if NotFound in problems else ()
    return {200: found, 304: _NOT_MODIFIED, **moved, **problem_responses(*problems, *gone)}


def list_responses(*problems: type[Problem]) -> Responses:
    """The responses of a list, in three formats."""
    content = {"text/csv": _TEXT, "application/x-ndjson": _TEXT}
    found = {"description": "The list.", "headers": {"ETag": ETAG_HEADER, "Link": _LINK}, "content": content}
    return _responses(found, (InvalidCursor, *COMMON_PROBLEMS, *problems))


def one_responses(*problems: type[Problem], other_formats: Mapping[str, object] | None = None) -> Responses:
    """The responses of a single resource."""
    found = {"description": "The resource.", "headers": {"ETag": ETAG_HEADER}, "content": dict(other_formats or {})}
    return _responses(found, (*COMMON_PROBLEMS, *problems))


def describe(app: FastAPI, *completions: Callable[[dict[str, Any]], None]) -> None:
    """Make the application's OpenAPI document describe our problems instead of FastAPI's validation error.

    The completions add parts that modules above this one know. They run once.
    """

    generate = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            document = generate()
            for complete in (_describe_problems, *completions):
                complete(document)
        return generate()

    app.openapi = openapi  # type: ignore[method-assign]


def _describe_problems(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    for model in (FieldError, ProblemDetails):
        schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
        schema.pop("$defs", None)
        schemas[model.__name__] = schema
    schemas["JsonValue"] = {"title": "JsonValue", "description": "Any JSON value."}
    for operations in document["paths"].values():
        for operation in operations.values():
            # Descriptions name the scope: OpenAPI only has a field for it in OAuth schemes.
            operation["security"] = [{key: [] for key in needed} for needed in operation.pop("security", [])]
            for parameter in operation.get("parameters", []):
                parameter["schema"] = _without_null(parameter["schema"])


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """A parameter is present or absent. The null that its model allows cannot be written in a URL."""
    alternatives = [alternative for alternative in schema.get("anyOf", []) if alternative != {"type": "null"}]
    if len(alternatives) != 1:
        return schema
    return {**alternatives[0], **{name: value for name, value in schema.items() if name != "anyOf"}}
