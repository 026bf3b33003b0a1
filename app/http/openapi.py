"""Parts of the OpenAPI document that endpoints share."""

from collections.abc import Callable, Mapping
from typing import Any

from fastapi import FastAPI

from app.errors.problem import Problem, ProblemDetails
from app.errors.reading import InvalidCursor, InvalidParameters, NotFound
from app.errors.writing import Gone
from app.http.negotiation import XLSX_TYPE
from app.http.openapi_problems import Responses, problem_responses
from app.http.openapi_schemas import finish_schemas, parameter_schema, responses_without_null
from app.http.openapi_sharing import share
from app.http.openapi_variants import describe_variants, variants

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

* **Start** with [/v1/companies](v1/companies), then open a company's `profile_url`.
* **Lists** are paginated: follow `next`. Use `format=xlsx` for a spreadsheet, `format=csv` or `format=ndjson` for a
  pipeline.
* **Dates** are [EDTF](https://www.loc.gov/standards/datetime/): imprecise dates have an earliest and a latest day.
* **Errors** are [problem details](problems) that say what to send instead.
* **Caching**: every response under `/v1` has an `ETag`. Send it back in `If-None-Match`.
"""

ETAG_HEADER = {
    "description": "Changes whenever the response does.",
    "schema": {"type": "string", "maxLength": 200},
    "example": '"7f3a-64-0.1.0-json"',
}
_LINK = {"description": 'The next page, as rel="next".', "schema": {"type": "string", "maxLength": 8000}}
TEXT = {"schema": {"type": "string", "maxLength": 1_000_000_000}}
_FILE: dict[str, Any] = {"schema": {"type": "string", "format": "binary", "maxLength": 1_000_000_000}}
TABLES = {"format=csv": ("text/csv", TEXT), "format=xlsx": (XLSX_TYPE, _FILE)}
"""The formats of everything that is also served as a table."""
LINKED_DATA = {"format=jsonld": ("application/ld+json", {"schema": {"type": "object"}})}
"""The other format of a single resource."""
NOT_MODIFIED = {"description": "The client's copy, named in `If-None-Match`, is current."}

MOVED = {
    "description": "The resource has moved to the URL in `Location`, because its slug was changed or it was merged. "
    "Nothing was changed.",
    "headers": {"Location": {"description": "The new URL.", "schema": {"type": "string", "maxLength": 16_000}}},
}


def _responses(found: dict[str, Any], problems: tuple[type[Problem], ...]) -> Responses:
    """A resource that can be missing can also have moved or been deleted."""
    moved: Responses = {308: MOVED} if NotFound in problems else {}
    gone = (Gone,) if NotFound in problems else ()
    return {200: found, 304: NOT_MODIFIED, **moved, **problem_responses(*problems, *gone)}


def list_responses(*problems: type[Problem]) -> Responses:
    """The responses of a list, in its formats."""
    found = {
        "description": "The list. `x-variants` describes it in other formats, and with chosen `fields`.",
        "headers": {"ETag": ETAG_HEADER, "Link": _LINK},
        **variants({**TABLES, "format=ndjson": ("application/x-ndjson", TEXT)}),
    }
    return _responses(found, (InvalidParameters, InvalidCursor, *problems))


def json_body(schema: str) -> dict[str, Any]:
    """The ``openapi_extra=`` of an endpoint whose body is JSON, by the name of its schema."""
    content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}
    return {"requestBody": {"required": True, "content": content}}


def one_responses(*problems: type[Problem], other_formats: Mapping[str, tuple[str, dict[str, Any]]] | None = None) -> Responses:
    """The responses of a single resource. Other formats are given by their parameter, as ``variants`` takes them."""
    found: dict[str, Any] = {"description": "The resource.", "headers": {"ETag": ETAG_HEADER}}
    if other_formats:
        found |= variants(other_formats) | {"description": "The resource. `x-variants` describes it in other formats."}
    return _responses(found, (InvalidParameters, *problems))


def describe(app: FastAPI, *completions: Callable[[dict[str, Any]], None]) -> None:
    """Make the application's OpenAPI document one that clients are generated from without an edit.

    The completions add parts that modules above this one know. They run once.
    """

    generate = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            document = generate()
            for complete in (_complete, describe_variants, *completions, share, finish_schemas):
                complete(document)
        return generate()

    app.openapi = openapi  # type: ignore[method-assign]


def _complete(document: dict[str, Any]) -> None:
    """Describe our problems instead of FastAPI's validation error, and parameters as they are written in a URL."""
    schemas = document["components"]["schemas"]
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    problem = ProblemDetails.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas |= problem.pop("$defs") | {"ProblemDetails": problem}
    responses_without_null(schemas)
    for operations in document["paths"].values():
        for operation in operations.values():
            # Descriptions name the scope: OpenAPI only has a field for it in OAuth schemes.
            operation["security"] = [{key: [] for key in needed} for needed in operation.pop("security", [])]
            for parameter in operation.get("parameters", []):
                parameter["schema"] = parameter_schema(parameter["schema"])
                # Optional for FastAPI, because a request without it gets a problem of its own.
                parameter["required"] |= parameter["name"] == "if-match"
                if parameter["name"] == "format":
                    # Tools that send every parameter send one that goes with the others.
                    parameter["example"] = parameter["schema"]["examples"][0]
