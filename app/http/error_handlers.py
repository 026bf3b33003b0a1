"""How exceptions become problems. One table holds every handler."""

import errno
import logging
import sqlite3
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from fastapi import Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from app.database.failures import is_disk_full, is_transient, timed_out
from app.errors.limits import QueryTimeout
from app.errors.problem import MOST_FIELD_ERRORS, FieldError, Problem, note_logged
from app.errors.reading import BodyTooLarge, DatabaseUnavailable, InternalError, InvalidParameters, MethodNotAllowed, NotFound
from app.errors.writing import InsufficientStorage
from app.revisions.former_addresses import Moved
from app.values.text import PATTERNS_IN_WORDS, nearest

logger = logging.getLogger("app")


def problem_response(request: Request, problem: Problem) -> Response:
    details = problem.details(request.scope.get("profiles.request_id"))
    return Response(
        details.model_dump_json(exclude_none=True),
        status_code=problem.status,
        headers={"Cache-Control": "no-store", **problem.headers},
        media_type="application/problem+json",
    )


async def on_problem(request: Request, problem: Problem) -> Response:
    return problem_response(request, problem)


async def on_moved(request: Request, moved: Moved) -> Response:
    """The address that was asked for, with the new address of the resource in place of the former."""
    query = f"?{request.url.query}" if request.url.query else ""
    location = f"{moved.current}{request.url.path.removeprefix(moved.former)}{query}"
    return Response(status_code=308, headers={"Location": location, "Cache-Control": "no-cache"})


async def on_invalid_parameters(request: Request, error: RequestValidationError) -> Response:
    known = _known_parameters(request)
    errors = [_field_error(entry, known) for entry in error.errors()[:MOST_FIELD_ERRORS]]
    return problem_response(request, InvalidParameters.of(errors))


def _known_parameters(request: Request) -> list[str]:
    """The names of the query parameters of the endpoint that was addressed."""
    route = request.scope.get("route")
    return _query_parameters(route.dependant) if isinstance(route, APIRoute) else []


def _query_parameters(dependant: Dependant) -> list[str]:
    """The names of the query parameters that are taken, by what is depended on too."""
    names: list[str] = []
    for parameter in dependant.query_params:
        model = parameter.field_info.annotation
        names += [field.alias or name for name, field in getattr(model, "model_fields", {}).items()]
    return names + [name for needed in dependant.dependencies for name in _query_parameters(needed)]


def _field_error(entry: Mapping[str, Any], known: list[str]) -> FieldError:
    context = entry.get("ctx", {})
    location = entry["loc"][1:]
    field = context.get("field") or ".".join(part for part in location if isinstance(part, str)) or "request"
    if entry["type"] == "extra_forbidden":
        message = f"There is no such parameter; expected one of {', '.join(known)}"
        return FieldError(field=field[:200], message=message, suggestion=nearest(field, known))
    suggestion = nearest(context["name"].lstrip("-"), context["known"].split(",")) if "known" in context else None
    message = str(entry["msg"]).removeprefix("Value error, ")
    if entry["type"] == "string_pattern_mismatch":
        message = f"expected {PATTERNS_IN_WORDS.get(context['pattern'], context['pattern'])}"
    if entry["type"] in ("too_short", "too_long") and isinstance(entry["input"], str):
        bound = f"at least {context['min_length']}" if entry["type"] == "too_short" else f"at most {context['max_length']}"
        message = f"expected {bound} characters"
    if location and isinstance(location[-1], int) and "," in str(entry["input"]):
        message += f"; to give several, repeat the parameter: {field}=…&{field}=…"
    return FieldError(field=field[:200], message=message[:2000], suggestion=suggestion)


async def on_http_exception(request: Request, error: HTTPException) -> Response:
    """What routing itself refuses: no such address, wrong method, too large a body."""
    headers = dict(error.headers or {})
    if error.status_code == 405:
        headers["Allow"] = _allowed(request, headers.get("Allow", ""))
        return problem_response(request, MethodNotAllowed(f"{request.method} is not for this address.", headers=headers))
    if error.status_code == 413:
        return problem_response(request, BodyTooLarge("The body is larger than this server takes.", headers=headers))
    if error.status_code == 404:
        return problem_response(
            request, NotFound("Nothing is at this address. /docs lists what there is.", suggestions=["/docs"])
        )
    return problem_response(request, InternalError(InternalError.example))


def _allowed(request: Request, allow: str) -> str:
    """The methods in the order of the alphabet. Routing names those of one endpoint; an address may have several.

    HEAD is among them where GET is: the middleware answers it.
    """
    path = getattr(request.scope.get("route"), "path", request.scope["path"])
    documented = request.app.openapi()["paths"].get(path, {})
    methods = {method.strip() for method in allow.split(",") if method.strip()} | {method.upper() for method in documented}
    return ", ".join(sorted(methods | ({"HEAD"} if "GET" in methods else set())))


async def on_database_error(request: Request, error: DBAPIError | PoolTimeout) -> Response:
    """A database that is away or busy is a passing state, so is a full disk, and a question may be too much for it.

    Any other of its errors is ours.
    """
    if isinstance(error, DBAPIError) and is_disk_full(error.orig):
        return _no_room(request)
    if isinstance(error, DBAPIError) and timed_out(error):
        logger.warning("request %s took the database too long", request.scope.get("profiles.request_id"))
        return problem_response(request, QueryTimeout())
    if isinstance(error, DBAPIError) and not is_transient(error):
        return _fault(request, error)
    about = {"request_id": request.scope.get("profiles.request_id")}
    logger.warning("database unavailable: %s", type(getattr(error, "orig", error)).__name__, extra=about)
    return problem_response(request, DatabaseUnavailable())


async def on_outer_error(request: Request, error: OSError | sqlite3.Error) -> Response:
    """What comes past SQLAlchemy: from the files that a body is kept in while it is read, and from the system."""
    if is_disk_full(error) or (isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)):
        return _no_room(request)
    return await on_exception(request, error)


def _no_room(request: Request) -> Response:
    logger.error("the disk is full")
    return problem_response(request, InsufficientStorage())


async def on_client_gone(_request: Request, _error: ClientDisconnect) -> Response:
    """Nobody is there to be answered, and nothing is wrong with the server."""
    return Response(status_code=400)


async def on_exception(request: Request, error: Exception) -> Response:
    """A fault that goes past every middleware, so that the answer gets its identifier here."""
    response = _fault(request, error)
    response.headers["X-Request-ID"] = request.scope.get("profiles.request_id", "")
    return response


def _fault(request: Request, error: Exception) -> Response:
    """A fault of ours: the cause goes to the log under the request's identifier, never to the client."""
    request_id = request.scope.get("profiles.request_id")
    about = {"request_id": request_id, "route": getattr(request.scope.get("route"), "path", None)}
    logger.error("request %s failed", request_id, exc_info=error, extra=about)
    note_logged(error, request_id)
    return problem_response(request, InternalError(InternalError.example))


HANDLERS: dict[int | type[Exception], Callable[[Request, Any], Coroutine[Any, Any, Response]]] = {
    Problem: on_problem,
    Moved: on_moved,
    RequestValidationError: on_invalid_parameters,
    HTTPException: on_http_exception,
    DBAPIError: on_database_error,
    PoolTimeout: on_database_error,
    OSError: on_outer_error,
    sqlite3.Error: on_outer_error,
    ClientDisconnect: on_client_gone,
    Exception: on_exception,
}
