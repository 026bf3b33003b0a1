"""Reads in which nothing is wrong, answered past the framework's router and its reading of arguments (ADR 9)."""

import re
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import cast, get_args, get_origin, get_type_hints
from urllib.parse import parse_qsl

from fastapi import FastAPI, Request, Response
from fastapi import params as kinds
from fastapi.routing import RouteContext, iter_route_contexts
from pydantic import BaseModel, TypeAdapter, ValidationError
from starlette.middleware import Middleware
from starlette.middleware.errors import ServerErrorMiddleware
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from app.http.dependencies import DatabaseDependency, get_database
from app.http.error_handlers import HANDLERS, on_exception
from app.middleware.addresses import address_problem

Endpoint = Callable[..., Awaitable[Response]]

_HANDLERS = {raised: handler for raised, handler in HANDLERS.items() if raised is not Exception}
"""Those of errors that are told by their class. Any other error is a fault, and goes past all that surrounds an answer."""


class DirectReads:
    """Calls the endpoint of a read itself, where its arguments are the request, the database, parts of the path and a query.

    The framework looks for a route, solves the dependencies of its endpoint and wraps both many times over, which takes it
    longer than most reads. Whatever is not as it should be goes the framework's way, so that every refusal is the framework's.
    Around an answer of its own stands what surrounds the framework's too; what it leaves out looks at the body and the address
    of a request only.
    """

    def __init__(self, app: FastAPI, around: Sequence[Middleware]) -> None:
        self.app = app
        self._routes = Routes(iter_route_contexts(app.routes))
        answering: ASGIApp = self._answer
        for make, arguments, options in reversed(around):
            answering = make(answering, *arguments, **options)
        self._answer_directly = ServerErrorMiddleware(answering, on_exception)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        call = self._call(scope) if scope["type"] == "http" and scope["method"] in ("GET", "HEAD") else None
        if call is None:
            await self.app(scope, receive, send)
        else:
            scope["app"] = self.app
            scope["profiles.call"] = call
            await self._answer_directly(scope, receive, send)

    def _call(self, scope: Scope) -> "Call | None":
        """What is to be called, and with what. None where the framework is to look at the request."""
        if (
            self.app.dependency_overrides
            or scope.get("root_path")
            or any(name == b"content-length" for name, _ in scope["headers"])
        ):
            return None
        path: str = scope["path"]
        read = self._routes.read_at(path)
        if read is None or address_problem(scope) is not None:
            return None
        arguments = read.arguments.read(scope["query_string"], path.split("/"))
        if arguments is None:
            return None
        scope["route"] = read.route
        return Call(read, arguments)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        call: Call = scope["profiles.call"]
        names, request = call.read.arguments, Request(scope)
        try:
            call.arguments[names.request] = request
            call.arguments[names.database] = await get_database(request)
            response = await call.read.endpoint(**call.arguments)
        except Exception as error:
            handle = next((_HANDLERS[raised] for raised in type(error).__mro__ if raised in _HANDLERS), None)
            if handle is None:
                raise
            response = await handle(request, error)
        await response(scope, receive, send)


@dataclass(frozen=True)
class Read:
    """A route that can be answered directly."""

    route: BaseRoute
    endpoint: Endpoint
    arguments: "Arguments"


@dataclass(frozen=True)
class Call:
    """What is to be called, with the arguments that were read from its address."""

    read: Read
    arguments: dict[str, object]


class Routes:
    """Finds the route of a path, as the framework would: the first that matches."""

    def __init__(self, contexts: Iterable[RouteContext]) -> None:
        got = [context for context in contexts if context.path and "GET" in (context.methods or ())]
        self._reads = {f"route_{number}": _read_of(context) for number, context in enumerate(got)}
        templates = (re.sub(r"{[^}]*}", "[^/]+", context.path or "") for context in got)
        self._pattern = re.compile("|".join(f"(?P<route_{number}>{template})" for number, template in enumerate(templates)))

    def read_at(self, path: str) -> Read | None:
        """None where there is nothing, or something that is not answered directly."""
        found = self._pattern.fullmatch(path)
        return None if found is None else self._reads[cast(str, found.lastgroup)]


def _read_of(context: RouteContext) -> Read | None:
    if context.endpoint is None or context.path is None or getattr(context, "dependencies", None):
        return None
    arguments = Arguments.of(context.endpoint, context.path)
    return None if arguments is None else Read(context.original_route, context.endpoint, arguments)


class Arguments:
    """The arguments of an endpoint by name, and how each is read from a request."""

    def __init__(self, hints: Mapping[str, object], template: Sequence[str]) -> None:
        self.database = _only(hints, lambda hint: hint == DatabaseDependency)
        self.request = _only(hints, lambda hint: hint is Request)
        self._query = _only(hints, lambda hint: _is(hint, kinds.Query))
        self._path = [
            (name, template.index(f"{{{name}}}"), TypeAdapter(cast(type[str], hint)))
            for name, hint in hints.items()
            if _is(hint, kinds.Path)
        ]
        self._model = QueryModel(get_args(hints[self._query])[0])

    @classmethod
    def of(cls, endpoint: Endpoint, path: str) -> "Arguments | None":
        """None where the endpoint takes anything else, or leaves the making of its answer to the framework."""
        hints = get_type_hints(endpoint, include_extras=True)
        answer = hints.pop("return", None)
        try:
            read = cls(hints, path.split("/"))
        except (LookupError, ValueError):
            return None
        return read if answer is Response and len(read._path) + 3 == len(hints) else None

    def read(self, query: bytes, segments: Sequence[str]) -> dict[str, object] | None:
        """Those of the query and the path, which comes in its segments. None where one is not as it should be."""
        try:
            values: dict[str, object] = {name: adapter.validate_python(segments[place]) for name, place, adapter in self._path}
            values[self._query] = self._model.read(query)
        except ValidationError:
            return None
        return values


class QueryModel:
    """The model of an endpoint's query."""

    def __init__(self, model: type[BaseModel]) -> None:
        self._model = model
        self._lists = {field.alias or name for name, field in model.model_fields.items() if get_origin(field.annotation) is list}

    def read(self, query: bytes) -> BaseModel:
        """Raises ValidationError. What is given more than once has no other place than a list."""
        if not query:
            return self._model()
        values: dict[str, str | list[str]] = {}
        for name, value in _pairs(query):
            if name in self._lists:
                cast(list[str], values.setdefault(name, [])).append(value)
            else:
                values[name] = value
        return self._model.model_validate(values)


def _pairs(raw: bytes) -> list[tuple[str, str]]:
    """What a query gives, in its order. One in which nothing is encoded need not be decoded."""
    text = raw.decode("latin-1")
    if "%" in text or "+" in text:
        return parse_qsl(text, keep_blank_values=True)
    return [(name, value) for name, _, value in (part.partition("=") for part in text.split("&") if part)]


def _only(hints: Mapping[str, object], wanted: Callable[[object], bool]) -> str:
    """The name of the one argument of a kind. Raises LookupError where there is not one."""
    found = [name for name, hint in hints.items() if wanted(hint)]
    if len(found) != 1:
        raise LookupError
    return found[0]


def _is(hint: object, kind: type[kinds.Param]) -> bool:
    return any(isinstance(part, kind) for part in get_args(hint)[1:])
