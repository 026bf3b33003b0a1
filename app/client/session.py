"""What every request shares: where the server is, the key, retries, stored responses, and errors as exceptions."""

import hashlib
import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar
from urllib.parse import quote

import httpx

from .base import Model
from .cache import Cache
from .problems import is_of_api, problem_of
from .transport import Awaiting, Blocking

Parameters = Mapping[str, Any] | httpx.QueryParams
Read = TypeVar("Read", bound=Model)
LONGEST_WAIT = 120.0
"""Seconds. If the server asks for more, its problem is raised at once."""
_FIRST_WAIT, _LAST_WAIT = 0.5, 8.0
_TRY_AGAIN = frozenset({429, 502, 503, 504})
_REPEATABLE = frozenset({"GET", "PUT", "DELETE"})


@dataclass(frozen=True)
class Session:
    """A server, and how it is asked."""

    transport: Blocking | Awaiting
    base: httpx.URL
    key: str | None
    retries: int
    cache: Cache | None

    def request(
        self, method: str, path: str, parameters: Parameters | None = None, headers: dict[str, str] | None = None, **options: Any
    ) -> httpx.Request:
        """A request for a path below the server's URL, such as ``v1/companies``, with options of httpx."""
        sent = {"Accept": "application/json", **(headers or {})}
        if self.key:
            sent["Authorization"] = f"Bearer {self.key}"
        query = parameters if isinstance(parameters, httpx.QueryParams) else written(parameters or {})
        return self.transport.http.build_request(method, self.base.join(quote(path)), params=query, headers=sent, **options)

    async def send(self, request: httpx.Request, *, repeatable: bool = False, stream: bool = False) -> httpx.Response:
        """The response, after the retries that are safe; an unchanged one comes from the cache. Raises Problem."""
        name = hashlib.sha256(f"{request.url} {request.headers['Accept']} {self.key}".encode()).hexdigest()
        cache = self.cache if request.method == "GET" and not stream else None
        if stored := cache.find(name) if cache else None:
            request.headers["If-None-Match"] = stored[0]
        names_version = request.headers.get("If-Match", "*") != "*"  # and so it can be made only once
        repeatable |= request.method in _REPEATABLE or "Idempotency-Key" in request.headers or names_version
        response = await self._attempt(request, repeatable=repeatable, stream=stream)
        if stored and response.status_code == 304:
            return httpx.Response(200, headers={"ETag": stored[0]}, content=stored[1], request=request)
        if cache and (etag := response.headers.get("ETag")) and "no-store" not in response.headers.get("Cache-Control", ""):
            cache.store(name, etag, response.content)
        return response

    async def _attempt(self, request: httpx.Request, *, repeatable: bool, stream: bool) -> httpx.Response:
        attempt, is_lost = 0, False
        while True:
            attempt += 1
            is_last = attempt > self.retries or not repeatable
            try:
                response = await self.transport.send(request, stream=stream)
            except httpx.TransportError:
                is_lost = True
                if is_last:
                    raise
                await self.transport.sleep(pause(attempt))
                continue
            if response.status_code == 304 or (response.is_success and is_of_api(request, response)):
                return response
            seconds = pause(attempt, response)
            if response.status_code not in _TRY_AGAIN or is_last or seconds > LONGEST_WAIT:
                problem = problem_of(response)
                if is_lost and request.method != "GET":
                    problem.add_note("The response to an earlier attempt was lost: that attempt may have made the change.")
                raise problem
            await self.transport.sleep(seconds)

    async def read(self, model: type[Read], *request: Any, repeatable: bool = False, **options: Any) -> Read:
        """The object in the response to a request. It knows its version."""
        response = await self.send(self.request(*request, **options), repeatable=repeatable)
        item = model.model_validate_json(response.content)
        item.__dict__["etag"] = response.headers.get("ETag")
        return item


def pause(attempt: int, response: httpx.Response | None = None) -> float:
    """Seconds before the next attempt: random, so that clients that failed together don't return together."""
    asked = response.headers.get("Retry-After", "") if response is not None else ""
    if asked.isdecimal():
        return int(asked) + random.random()  # noqa: S311 - no secret
    return float(min(_LAST_WAIT, _FIRST_WAIT * 2 ** (attempt - 1)) * random.uniform(0.5, 1))  # noqa: S311 - no secret


def written(parameters: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Query parameters as httpx takes them. ``from`` is a word of Python, so it is given as ``from_``."""
    values = {name.rstrip("_"): value for name, value in parameters.items() if value is not None}
    several = {name: value if isinstance(value, list | tuple) else [value] for name, value in values.items()}
    return {name: [one.isoformat() if isinstance(one, date) else one for one in many] for name, many in several.items()}
