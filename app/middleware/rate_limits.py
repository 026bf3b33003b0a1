"""Rate limits per client in fixed windows: per API key if a valid one is sent, per client IP otherwise.

Responses announce them in ``RateLimit-Policy`` and ``RateLimit`` (draft-ietf-httpapi-ratelimit-headers-10), refusals in
``Retry-After`` too. Each process counts for itself. A window begins with the first request that it counts.
"""

import math
import time
from collections import OrderedDict
from typing import NamedTuple, Self

from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.datastructures import State
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.auth.credentials import Key, sent_key
from app.auth.queries import find_key
from app.database.database import Database
from app.database.failures import DATABASE_ERRORS
from app.errors.limits import TooManyRequests
from app.http.clients import client_of
from app.http.request_state import request_state
from app.middleware.load_shedding import UNLIMITED
from app.settings import Settings
from app.values.dates import now

_MOST_WINDOWS = 100_000
_KEY_SECONDS = 60.0
"""How long a key counts as valid here after it was looked up. Its permissions are still checked on every request."""
_PERIODS = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400}


class _Limit(NamedTuple):
    """A number of requests per period, and its name in the headers."""

    name: str
    requests: int
    seconds: int

    @classmethod
    def parse(cls, name: str, rate: str) -> Self | None:
        """From a setting such as 600/minute. None if it is empty."""
        requests, _, period = rate.partition("/")
        return cls(name, int(requests), _PERIODS[period]) if rate else None

    def refusal(self, seconds: int) -> TooManyRequests:
        whom = "per API key" if self.name == "key" else "from one client IP"
        accepted = f"This server accepts {self.requests:,} requests in {self.seconds:,} seconds {whom}."
        return TooManyRequests(f"{accepted} Try again in {seconds:,} seconds.", headers={"Retry-After": str(seconds)})


class _Windows:
    """The requests of each client in its current window. If there are too many windows, the oldest is dropped."""

    def __init__(self) -> None:
        self._windows: OrderedDict[tuple[str, str], tuple[int, float]] = OrderedDict()

    def count(self, limit: _Limit, client: str) -> tuple[int, float]:
        """Count a request. Returns the number of requests in the window, and how many seconds of it are left."""
        moment, key = time.monotonic(), (limit.name, client)
        requests, end = self._windows.get(key, (0, 0.0))
        if end <= moment:
            self._windows.pop(key, None)
            requests, end = 0, moment + limit.seconds
        self._windows[key] = requests + 1, end
        if len(self._windows) > _MOST_WINDOWS:
            self._windows.popitem(last=False)
        return requests + 1, end - moment


class RateLimits:
    """Counts requests before they reach the cache. A refused one bypasses the cache, and ``Refusals`` responds to it."""

    def __init__(self, app: ASGIApp, uncached: ASGIApp, state: State, settings: Settings) -> None:
        self.app = app
        self._uncached = uncached
        self._state = state
        self._by_ip = _Limit.parse("address", settings.rate_limit)
        self._by_key = _Limit.parse("key", settings.key_rate_limit)
        self._windows = _Windows()
        self._valid_keys: dict[str, tuple[str, float]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in UNLIMITED:
            await self.app(scope, receive, send)
            return
        sent = sent_key(scope) if self._by_key else None
        limit, client = self._client(scope, sent)
        headers = [] if limit is None else self._count(scope, limit, client)
        is_refused = request_state(scope).refusal is not None
        if sent is not None and limit is not self._by_key and not is_refused:
            await self._look_up(sent)

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], *headers]}
                if message["status"] == 401 and sent is not None:
                    self._valid_keys.pop(sent.sha256, None)
            await send(message)

        await (self._uncached if is_refused else self.app)(scope, receive, send_with_headers)

    def _client(self, scope: Scope, sent: Key | None) -> tuple[_Limit | None, str]:
        """Which limit applies, and to whom. Only a key known to be valid counts: guesses would each have their own limit."""
        if sent is not None:
            key_id, until = self._valid_keys.get(sent.sha256, ("", 0.0))
            if time.monotonic() < until:
                return self._by_key, key_id
        return self._by_ip, client_of(scope)

    def _count(self, scope: Scope, limit: _Limit, client: str) -> list[tuple[bytes, bytes]]:
        """Count a request, note a refusal if it is too many, and return the headers that announce the limit."""
        requests, left = self._windows.count(limit, client)
        seconds = min(limit.seconds, max(1, math.ceil(left)))  # a rounded sum of floats may be longer than the window
        if requests > limit.requests:
            request_state(scope).refusal = limit.refusal(seconds)
        policy = f'"{limit.name}";q={limit.requests};w={limit.seconds}'
        remaining = f'"{limit.name}";r={max(0, limit.requests - requests)};t={seconds}'
        return [(b"ratelimit-policy", policy.encode()), (b"ratelimit", remaining.encode())]

    async def _look_up(self, sent: Key) -> None:
        """Remember a valid key. It is looked up once a minute, by a request that counts for its client IP."""
        database: Database = self._state.database
        try:
            stored = await database.primary.read(find_key, sent.id, sent.sha256)
        except (*DATABASE_ERRORS, PoolTimeout):
            return
        is_valid = sent.is_that_of(stored.sha256 if stored is not None else None)
        if stored is not None and is_valid and stored.state(now()) == "active":
            self._valid_keys[sent.sha256] = stored.id, time.monotonic() + _KEY_SECONDS


def limits_rates(settings: Settings) -> bool:
    return bool(settings.rate_limit or settings.key_rate_limit)
