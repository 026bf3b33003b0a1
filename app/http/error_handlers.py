"""How exceptions become responses. One table holds every handler."""

import errno
import logging
import re
import sqlite3
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

from fastapi import Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from app.database.failures import is_disk_full, is_transient, sequence_is_behind, timed_out
from app.database.scans import CallerLeft
from app.errors.limits import Overloaded, QueryTimeout
from app.errors.problem import MOST_FIELD_ERRORS, FieldError, Problem, note_logged, was_logged
from app.errors.reading import (
    BodyTooLarge,
    CrossOriginRefused,
    DatabaseUnavailable,
    InternalError,
    InvalidParameters,
    MethodNotAllowed,
    NotFound,
)
from app.errors.writing import Gone, InsufficientStorage
from app.http.nearest_url import nearest_path, templates_of, without_slash
from app.http.request_state import request_state, route_of
from app.http.root_path import root_path_of
from app.revisions.former_addresses import Moved
from app.values.expectations import parameter_fault
from app.values.text import nearest

logger = logging.getLogger("app")

_SEQUENCE_BEHIND = (
    "The database gave a new row the number of another row, and nothing was changed. "
    "Its operator can run company-profiles check, which says how to correct that."
)
_OF_URLS = "%/?:@!$&'()*+,;=~[]"
"""Characters of a URL that stay as they are: what is encoded already is not encoded again."""
_BRACKETED = re.compile(r"(\w+)\[\w*\]")
_WITHOUT_BRACKETS = "write {name} without brackets; in axios, set paramsSerializer: {{ indexes: null }}"
_REPEATED, _WITH_COMMAS = "; repeat it for several values: {name}=…&{name}=…", "; several values have commas between them"
_LISTS = frozenset(("companies", "fields", "include", "sort"))
_NO_THREAD = "can't start new thread"
_SAFE = frozenset(("GET", "HEAD"))
"""The methods that change nothing (RFC 9110, section 9.2.1). OPTIONS never gets here."""


def problem_response(request: Request, problem: Problem) -> Response:
    details = problem.details(request_state(request.scope).request_id, root_path_of(request.scope))
    return Response(
        details.model_dump_json(exclude_none=True),
        status_code=problem.status,
        headers={"Cache-Control": "no-store", **problem.headers},
        media_type="application/problem+json",
    )


def on_moved(request: Request, moved: Moved) -> Response:
    """Redirect to the requested URL, with the resource's current path in place of its former one.

    A redirect never carries a change to another resource than the one that the client meant. The page of a resource has the same
    path without ``/v1``.
    """
    if not request.scope["path"].startswith("/v1/"):
        moved = Moved(moved.former.removeprefix("/v1"), moved.current.removeprefix("/v1"), is_rename=moved.is_rename)
    if not moved.is_rename and request.method not in _SAFE:
        return problem_response(request, _is_elsewhere(moved))
    return _permanently_at(request, moved.current.encode() + _after(request, moved.former))


def _permanently_at(request: Request, path: bytes) -> Response:
    """A redirect that keeps the method and the query."""
    query: bytes = request.scope["query_string"]
    location = quote(path + (b"?" + query if query else b""), safe=_OF_URLS)
    return Response(status_code=308, headers={"Location": location, "Cache-Control": "no-cache"})


def _after(request: Request, former: str) -> bytes:
    """The rest of the requested path after a former URL, as the client encoded it."""
    path: bytes = request.scope.get("raw_path") or quote(request.url.path).encode()
    return re.sub(rb"(?:%%[0-9A-Fa-f]{2}|.){%d}" % len(former), b"", path, count=1)


def _is_elsewhere(moved: Moved) -> Gone:
    message = f"{moved.former} was merged into {moved.current}, or has belonged to several resources, so nothing was changed."
    return Gone(f"{message} If your change belongs there, send it to that URL.", suggestions=[moved.current])


def on_invalid_parameters(request: Request, error: RequestValidationError) -> Response:
    route = request.scope.get("route")
    known = _query_parameters(route.dependant) if isinstance(route, APIRoute) else []
    errors = [_field_error(entry, known) for entry in error.errors()[:MOST_FIELD_ERRORS]]
    return problem_response(request, InvalidParameters.of(errors))


def _query_parameters(dependant: Dependant) -> list[str]:
    """The names of an endpoint's query parameters, including those of its dependencies."""
    names: list[str] = []
    for parameter in dependant.query_params:
        model = parameter.field_info.annotation
        names += [field.alias or name for name, field in getattr(model, "model_fields", {}).items()]
    return names + [name for dependency in dependant.dependencies for name in _query_parameters(dependency)]


def _field_error(entry: Mapping[str, Any], known: list[str]) -> FieldError:
    context = entry.get("ctx", {})
    location = entry["loc"][1:]
    field = context.get("field") or ".".join(part for part in location if isinstance(part, str)) or "request"
    bracketed = _BRACKETED.fullmatch(field)
    if bracketed and bracketed[1] in known:
        several = _WITH_COMMAS if bracketed[1] in _LISTS else _REPEATED
        message = (_WITHOUT_BRACKETS + several).format(name=bracketed[1])
        return FieldError(field=field[:200], message=message, suggestion=bracketed[1])
    if entry["type"] == "extra_forbidden":
        message = f"There is no such parameter; expected one of {', '.join(known)}"
        return FieldError(field=field[:200], message=message, suggestion=nearest(field, known))
    suggestion = nearest(context["name"].lstrip("-"), context["known"].split(",")) if "known" in context else None
    message = parameter_fault(entry, field)
    if location and isinstance(location[-1], int) and "," in str(entry["input"]):
        message += f"; to give several, repeat the parameter: {field}=…&{field}=…"
    return FieldError(field=field[:200], message=message[:2000], suggestion=suggestion)


def on_http_exception(request: Request, error: HTTPException) -> Response:
    """The framework's own refusals: no route, wrong method, body too large."""
    headers = dict(error.headers or {})
    problem: Problem = InternalError()
    if error.status_code == 404:
        return _on_nothing(request)
    if error.status_code == 405 and request.method == "OPTIONS" and "access-control-request-method" in request.headers:
        problem = CrossOriginRefused(
            "Pages of other origins may not use this server; its setting PROFILES_CORS_ORIGINS is empty."
        )
    elif error.status_code == 405:
        headers["Allow"] = _allowed(request, headers.get("Allow", ""))
        problem = MethodNotAllowed(f"This URL does not support {request.method}.", headers=headers)
    elif error.status_code == 413:
        problem = BodyTooLarge("The body is larger than this server accepts.", headers=headers)
    return problem_response(request, problem)


def _on_nothing(request: Request) -> Response:
    """Redirect to the URL without a slash at its end, if something is there. Otherwise name the nearest."""
    path, templates = request.scope["path"], templates_of(request.app)
    if without_slash(path, templates) is not None:
        raw: bytes = request.scope.get("raw_path") or quote(path).encode()
        return _permanently_at(request, re.sub(rb"(?:/|%2[Ff])+\Z", b"", raw))
    near, root_path = nearest_path(path, templates), root_path_of(request.scope)
    detail = f"There is nothing at this URL. The nearest is {root_path}{near}." if near else "There is nothing at this URL."
    suggestions = [near, "/docs"] if near and near != "/docs" else ["/docs"]
    return problem_response(request, NotFound(f"{detail} {root_path}/docs lists all endpoints.", suggestions=suggestions))


def _allowed(request: Request, allow: str) -> str:
    """Every method of a URL, sorted. The framework names those of one endpoint, but a URL may have several.

    HEAD works wherever GET does (app/middleware/head.py).
    """
    path = getattr(request.scope.get("route"), "path", request.scope["path"])
    documented = request.app.openapi()["paths"].get(path, {})
    methods = {method.strip() for method in allow.split(",") if method.strip()} | {method.upper() for method in documented}
    return ", ".join(sorted(methods | ({"HEAD"} if "GET" in methods else set())))


def on_database_error(request: Request, error: DBAPIError | PoolTimeout) -> Response:
    """An unreachable or busy database and a full disk are temporary, and a query may take too long. All else is a bug."""
    request_id = request_state(request.scope).request_id
    if isinstance(error, DBAPIError) and is_disk_full(error.orig):
        return _disk_full(request)
    if isinstance(error, DBAPIError) and timed_out(error):
        logger.warning("request %s took the database too long", request_id)
        return problem_response(request, QueryTimeout())
    if isinstance(error, DBAPIError) and not is_transient(error):
        return _fault(request, error, _SEQUENCE_BEHIND if sequence_is_behind(error) else None)
    logger.warning("database unavailable: %s", type(getattr(error, "orig", error)).__name__, extra={"request_id": request_id})
    return problem_response(request, DatabaseUnavailable())


def on_system_error(request: Request, error: OSError | sqlite3.Error) -> Response:
    """Errors that bypass SQLAlchemy: from the files that buffer a request body, and from the operating system."""
    if is_disk_full(error) or (isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)):
        return _disk_full(request)
    return _fault(request, error)


def on_memory_error(request: Request, _: Exception) -> Response:
    """What a request has allocated is free again when it has failed, and its transaction was rolled back."""
    logger.error("request %s needs more memory than there is", request_state(request.scope).request_id)
    return problem_response(
        request, Overloaded("The server has not enough memory for this request. Request less, or try again later.")
    )


def _disk_full(request: Request) -> Response:
    logger.error("the disk is full")
    return problem_response(request, InsufficientStorage())


def _fault(request: Request, error: Exception, detail: str | None = None) -> Response:
    """A bug of ours. The log gets the cause with the request ID; the client never sees it."""
    request_id = request_state(request.scope).request_id
    about = {"request_id": request_id, "route": route_of(request.scope)}
    if not was_logged(error):
        logger.error("request %s failed", request_id, exc_info=error, extra=about)
        note_logged(error, request_id)
    return problem_response(request, InternalError(detail))


HANDLERS: Mapping[type[Exception], Callable[[Request, Any], Response]] = {
    Problem: problem_response,
    Moved: on_moved,
    RequestValidationError: on_invalid_parameters,
    HTTPException: on_http_exception,
    DBAPIError: on_database_error,
    PoolTimeout: on_database_error,
    OSError: on_system_error,
    sqlite3.Error: on_system_error,
    MemoryError: on_memory_error,
    CallerLeft: lambda *_: Response(status_code=400),
    ClientDisconnect: lambda *_: Response(status_code=400),  # nobody is left to respond to
}
"""Expected exceptions, and what makes a response of each. Any other exception is a bug."""
EXPECTED = tuple(HANDLERS)


async def respond_to(request: Request, error: Exception) -> Response:
    """The response to an expected exception: by the handler of its class, or of its nearest base class."""
    return next(HANDLERS[base] for base in type(error).__mro__ if base in HANDLERS)(request, error)


async def respond_to_fault(request: Request, error: Exception) -> Response:
    """The response to an exception that nothing else handled. A thread that cannot start lacks memory for its stack."""
    if isinstance(error, MemoryError) or str(error) == _NO_THREAD:
        note_logged(error, request_state(request.scope).request_id)
        return on_memory_error(request, error)
    return _fault(request, error)
