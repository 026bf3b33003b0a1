"""How many requests a client may send in a time: by its key where that is valid, and else by its address.

Told by ``RateLimit-Policy`` and ``RateLimit`` (draft-ietf-httpapi-ratelimit-headers-10) and, beyond the limit, ``Retry-After``.
The counters are those of one process. Windows are fixed: one begins with the first request that it counts.
"""

import math
import time
from collections import OrderedDict
from functools import lru_cache
from ipaddress import IPv6Address, ip_address, ip_network
from typing import NamedTuple

from limits import RateLimitItem, parse
from limits.storage import Storage
from limits.strategies import FixedWindowRateLimiter
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.datastructures import State
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.auth.credentials import Key, sent_key
from app.auth.queries import find_key
from app.database.database import Database
from app.database.failures import DATABASE_ERRORS
from app.errors.limits import TooManyRequests
from app.http.error_handlers import problem_response
from app.http.request_state import request_state
from app.middleware.load_shedding import UNLIMITED
from app.revisions.log import now
from app.settings import Settings

_MOST_COUNTERS = 100_000
_KEY_SECONDS = 60.0
"""For which a key that was found valid is taken for that, here only: what it may do is looked up for each request."""


class _Counters(Storage):
    """Counters in memory, of which the oldest go first where there are too many.

    The library's own have no bound, and go through all of them up to a hundred times a second.
    """

    def __init__(self) -> None:
        super().__init__()
        self._windows: OrderedDict[str, tuple[int, float]] = OrderedDict()

    @property
    def base_exceptions(self) -> type[Exception]:
        return ValueError

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        count, ends = self._window(key)
        if not count:
            self._windows.pop(key, None)
            ends = time.time() + expiry
        self._windows[key] = count + amount, ends
        if len(self._windows) > _MOST_COUNTERS:
            self._windows.popitem(last=False)
        return count + amount

    def _window(self, key: str) -> tuple[int, float]:
        """The count of a window and when it ends; 0 and now where there is none."""
        moment = time.time()
        count, ends = self._windows.get(key, (0, moment))
        return (count, ends) if ends > moment else (0, moment)

    def get(self, key: str) -> int:
        return self._window(key)[0]

    def get_expiry(self, key: str) -> float:
        return self._window(key)[1]

    def check(self) -> bool:
        return True

    def reset(self) -> int:
        count = len(self._windows)
        self._windows.clear()
        return count

    def clear(self, key: str) -> None:
        self._windows.pop(key, None)


class _Policy(NamedTuple):
    """A limit, and its name in the headers."""

    name: str
    limit: RateLimitItem


class _Client(NamedTuple):
    """Who is counted, and under which policy; None is without a limit."""

    policy: _Policy | None
    identity: str


class RateLimits:
    """Counts what comes, before the cache; what is too much goes past it to the application, which refuses it."""

    def __init__(self, app: ASGIApp, uncached: ASGIApp, state: State, settings: Settings) -> None:
        self.app = app
        self._uncached = uncached
        self._state = state
        self._by_address = _policy("address", settings.rate_limit)
        self._by_key = _policy("key", settings.key_rate_limit)
        self._limiter = FixedWindowRateLimiter(_Counters())
        self._known: dict[str, tuple[str, float]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in UNLIMITED:
            await self.app(scope, receive, send)
            return
        sent = sent_key(scope) if self._by_key else None
        client = self._client(scope, sent)
        accepted, headers = self._count(scope, client)
        if accepted and sent is not None and client.policy is not self._by_key:
            await self._look_up(sent)

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], *headers]}
                if message["status"] == 401 and sent is not None:
                    self._known.pop(sent.sha256, None)
            await send(message)

        await (self.app if accepted else self._uncached)(scope, receive, send_with_headers)

    def _client(self, scope: Scope, sent: Key | None) -> _Client:
        """A key that is not known to be valid counts for nothing: else each guess would have a limit of its own."""
        if sent is not None:
            identity, until = self._known.get(sent.sha256, ("", 0.0))
            if time.monotonic() < until:
                return _Client(self._by_key, identity)
        address = scope["client"][0] if scope.get("client") else ""
        return _Client(self._by_address, _network(address))

    def _count(self, scope: Scope, client: _Client) -> tuple[bool, list[tuple[bytes, bytes]]]:
        """Whether there is room for one more request, and what to tell of it. What is refused is marked so."""
        if client.policy is None:
            return True, []
        name, limit = client.policy
        accepted = self._limiter.hit(limit, name, client.identity)
        window = self._limiter.get_window_stats(limit, name, client.identity)
        seconds = max(1, math.ceil(window.reset_time - time.time()))
        if not accepted:
            request_state(scope).refusal = _refusal(name, limit, seconds)
        policy = f'"{name}";q={limit.amount};w={limit.get_expiry()}'
        told = f'"{name}";r={window.remaining};t={seconds}'
        return accepted, [(b"ratelimit-policy", policy.encode()), (b"ratelimit", told.encode())]

    async def _look_up(self, sent: Key) -> None:
        """Remember a key that is valid. It is looked up once a minute, by a request that counts for its address."""
        database: Database = self._state.database
        try:
            stored = await database.primary.read(find_key, sent.id)
        except (*DATABASE_ERRORS, PoolTimeout):
            return
        if stored is not None and sent.is_that_of(stored.sha256) and stored.state(now()) == "active":
            self._known[sent.sha256] = stored.id, time.monotonic() + _KEY_SECONDS


class Refusals:
    """Answers what was refused before the cache, as any problem is answered: with an identifier, readable from any page."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        refusal = request_state(scope).refusal
        if refusal is None:
            await self.app(scope, receive, send)
        else:
            await problem_response(Request(scope), refusal)(scope, receive, send)


def limits_rates(settings: Settings) -> bool:
    return bool(settings.rate_limit or settings.key_rate_limit)


def _policy(name: str, limit: str) -> _Policy | None:
    return _Policy(name, parse(limit)) if limit else None


def _refusal(name: str, limit: RateLimitItem, seconds: int) -> TooManyRequests:
    whom = "with a key" if name == "key" else "from an address"
    taken = f"This server takes {limit.amount:,} requests in {limit.get_expiry():,} seconds {whom}."
    return TooManyRequests(f"{taken} Go on in {seconds:,} seconds.", headers={"Retry-After": str(seconds)})


@lru_cache(10_000)
def _network(address: str) -> str:
    """What is one client: an IPv4 address, or the /64 network of an IPv6 address, all of which one client has."""
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return address  # what a proxy says may be no address
    if not isinstance(parsed, IPv6Address):
        return address
    return str(parsed.ipv4_mapped or ip_network((parsed, 64), strict=False))
