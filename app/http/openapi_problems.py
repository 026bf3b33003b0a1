"""Problems in the OpenAPI document: what an operation may return, and what any request may get."""

from functools import cache
from typing import Any

from app.errors.limits import LIMIT_PROBLEMS
from app.errors.problem import Problem
from app.errors.reading import (
    BodyTooLarge,
    DatabaseUnavailable,
    HeaderTooLarge,
    InternalError,
    MalformedRequest,
    NotAcceptable,
    UrlTooLong,
)
from app.errors.writing import InsufficientStorage, RequestTimeout, UnsupportedMediaType

Responses = dict[int | str, dict[str, Any]]

COMMON_PROBLEMS: tuple[type[Problem], ...] = (
    MalformedRequest, NotAcceptable, RequestTimeout, BodyTooLarge, UrlTooLong, UnsupportedMediaType, HeaderTooLarge,
    InternalError, DatabaseUnavailable, InsufficientStorage, *LIMIT_PROBLEMS,
)  # fmt: skip
"""What any request may get. They share the response ``default``, so that an operation lists only what is special about it."""

MEDIA_TYPE = "application/problem+json"
_SCHEMA = {"$ref": "#/components/schemas/ProblemDetails"}


def problem_responses(*problems: type[Problem]) -> Responses:
    """The ``responses=`` of an endpoint: the problems that it may return besides the common ones, by status."""
    by_status: dict[int | str, list[type[Problem]]] = {}
    for problem in problems:
        by_status.setdefault(problem.status, []).append(problem)
    special = {status: _described(" or ".join(p.title for p in found), found) for status, found in by_status.items()}
    return special | {"default": _described("Any other problem, which any request may get.", COMMON_PROBLEMS)}


def _described(description: str, problems: list[type[Problem]] | tuple[type[Problem], ...]) -> dict[str, Any]:
    examples = {problem.name: _example(problem) for problem in problems}  # type: ignore[arg-type] # a class is hashable
    return {"description": description, "content": {MEDIA_TYPE: {"schema": _SCHEMA, "examples": examples}}}


@cache
def _example(problem: type[Problem]) -> dict[str, Any]:
    """Made once: one for each endpoint would take a megabyte. The schema shows the ID of a request."""
    return {"value": problem().details(None).model_dump(exclude_none=True)}
