"""Routes of reads: the framework's, with a short way for requests in which nothing is wrong (docs/adr/0009)."""

from collections.abc import Awaitable, Callable, Coroutine, Mapping
from typing import Any, cast, get_args, get_origin, get_type_hints

from fastapi import Request, Response
from fastapi import params as kinds
from fastapi.routing import APIRoute
from pydantic import BaseModel, TypeAdapter, ValidationError

from app.dependencies import DatabaseDependency, get_database

Handler = Callable[[Request], Coroutine[Any, Any, Response]]
Endpoint = Callable[..., Awaitable[Response]]


class ReadRoute(APIRoute):
    """Reads the arguments of an endpoint itself, where they are the request, the database, parts of the path and a query.

    The framework solves any dependency of any endpoint, which takes it 60 to 100 µs for one of these. A request that cannot
    be read this way goes the framework's, so that every refusal is the framework's.
    """

    def get_route_handler(self) -> Handler:
        handle = super().get_route_handler()
        endpoint: Endpoint = self.endpoint
        arguments = Arguments.of(endpoint)
        if arguments is None:
            return handle

        async def handle_directly(request: Request) -> Response:
            app = request.app
            if app.state.arguments_by_framework or app.dependency_overrides:
                return await handle(request)
            values = arguments.read(request)
            if values is None:
                return await handle(request)
            values[arguments.database] = await get_database(request)
            return await endpoint(**values)

        return handle_directly


class Arguments:
    """The arguments of an endpoint by name, and how each is read from a request."""

    def __init__(self, hints: Mapping[str, object]) -> None:
        self.database = _only(hints, lambda hint: hint == DatabaseDependency)
        self._request = _only(hints, lambda hint: hint is Request)
        self._query = _only(hints, lambda hint: _is(hint, kinds.Query))
        self._path = {name: TypeAdapter(cast(type[str], hint)) for name, hint in hints.items() if _is(hint, kinds.Path)}
        self._model = QueryModel(get_args(hints[self._query])[0])

    @classmethod
    def of(cls, endpoint: Endpoint) -> "Arguments | None":
        """None where the endpoint takes anything else, or leaves the making of its answer to the framework."""
        hints = get_type_hints(endpoint, include_extras=True)
        answer = hints.pop("return")
        try:
            read = cls(hints)
        except LookupError:
            return None
        return read if answer is Response and len(read._path) + 3 == len(hints) else None

    def read(self, request: Request) -> dict[str, object] | None:
        """None where one is not as it should be."""
        try:
            values: dict[str, object] = {
                name: adapter.validate_python(request.path_params[name]) for name, adapter in self._path.items()
            }
            values[self._query] = self._model.read(request)
        except ValidationError:
            return None
        values[self._request] = request
        return values


class QueryModel:
    """The model of an endpoint's query."""

    def __init__(self, model: type[BaseModel]) -> None:
        self._model = model
        self._lists = {field.alias or name for name, field in model.model_fields.items() if get_origin(field.annotation) is list}

    def read(self, request: Request) -> BaseModel:
        """Raises ValidationError. What is given more than once has no other place than a list."""
        if not request.scope["query_string"]:
            return self._model()
        query = request.query_params
        values = {name: query.getlist(name) if name in self._lists else value for name, value in query.items()}
        return self._model.model_validate(values)


def _only(hints: Mapping[str, object], wanted: Callable[[object], bool]) -> str:
    """The name of the one argument of a kind. Raises LookupError where there is not one."""
    found = [name for name, hint in hints.items() if wanted(hint)]
    if len(found) != 1:
        raise LookupError
    return found[0]


def _is(hint: object, kind: type[kinds.Param]) -> bool:
    return any(isinstance(part, kind) for part in get_args(hint)[1:])
