"""A fast path for reads: calls an endpoint without the framework's router and dependency injection (ADR 9).

It buys speed and nothing else. Without this file and its line in app/main.py every response stays the same, which
tests/http/test_read_fast_path.py checks.
"""

import re
from functools import partial
from inspect import signature
from typing import Any, cast, get_origin
from urllib.parse import parse_qsl

from fastapi import FastAPI, Request, Response
from fastapi.routing import RouteContext, iter_route_contexts
from pydantic import BaseModel, ValidationError
from starlette.middleware.errors import ServerErrorMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from app.http.dependencies import get_database
from app.http.error_handlers import EXPECTED, respond_to, respond_to_fault


class ReadFastPath:
    """Calls the endpoints that it supports. Every other request goes to the framework, so does one with invalid parameters.

    So only the framework refuses requests.
    """

    def __init__(self, app: FastAPI) -> None:
        self.app = app
        contexts = [context for context in iter_route_contexts(app.routes) if context.path and "GET" in (context.methods or ())]
        self._reads = [_read_of(context) for context in contexts]
        templates = (re.sub(r"{[^}]*}", "[^/]+", context.path or "") for context in contexts)
        self._pattern = re.compile("|".join(f"({template})" for template in templates))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        app: ASGIApp = self.app
        if scope["type"] == "http" and scope["method"] == "GET" and not self._is_special(scope):
            read = self.read_at(scope["path"])
            arguments = None if read is None else read.arguments(scope)
            if read is not None and arguments is not None:
                scope["app"], scope["route"] = self.app, read.route
                app = ServerErrorMiddleware(partial(read.respond, arguments), respond_to_fault)
        await app(scope, receive, send)

    def _is_special(self, scope: Scope) -> bool:
        """Whether a test replaces dependencies, or the request has a body."""
        return bool(self.app.dependency_overrides) or any(name == b"content-length" for name, _ in scope["headers"])

    def read_at(self, path: str) -> "Read | None":
        """The first route that matches, as in the framework. None if there is none, or if its endpoint is not supported."""
        found = self._pattern.fullmatch(path)
        return None if found is None else self._reads[cast(int, found.lastindex) - 1]


class Read:
    """An endpoint that takes the request, the database, parts of the path and one query model, and returns a response.

    Raises ValueError or AttributeError for any other endpoint.
    """

    def __init__(self, context: RouteContext) -> None:
        (database,), (query,) = context.dependant.dependencies, context.dependant.query_params
        segments = (context.path or "").split("/")
        self._endpoint = context.dependant.call
        self._request, self._database, self._query = context.dependant.request_param_name, database.name, query.name
        self._path = [(field, segments.index(f"{{{field.name}}}")) for field in context.dependant.path_params]
        self._model: type[BaseModel] = query.field_info.annotation
        fields = self._model.model_fields.items()
        self._lists = {field.alias or name for name, field in fields if get_origin(field.annotation) is list}
        self.route = context.original_route
        expected = {self._request, self._database, self._query, *(field.name for field, _ in self._path)}
        declared = signature(self._endpoint)
        if database.call is not get_database or declared.return_annotation is not Response or {*declared.parameters} != expected:
            raise ValueError

    def arguments(self, scope: Scope) -> dict[str, Any] | None:
        """The arguments from the path and the query. None if one is invalid."""
        segments, arguments = scope["path"].split("/"), {}
        for field, place in self._path:
            arguments[field.name], errors = field.validate(segments[place])
            if errors:
                return None
        query: dict[str, Any] = {}
        for name, value in parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True):
            if name in self._lists:
                query.setdefault(name, []).append(value)
            else:
                query[name] = value
        try:
            arguments[self._query] = self._model.model_validate(query)
        except ValidationError:
            return None
        return arguments

    async def respond(self, arguments: dict[str, Any], scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        try:
            arguments[self._request], arguments[self._database] = request, await get_database(request)
            response = await self._endpoint(**arguments)
        except EXPECTED as error:
            response = await respond_to(request, error)
        await response(scope, receive, send)


def _read_of(context: RouteContext) -> Read | None:
    try:
        return Read(context)
    except (AttributeError, ValueError):
        return None
