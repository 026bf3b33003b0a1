"""What proxies report of a request: the client's IP, and the public URL that URLs in the response are made of (ADR 12).

Only trusted proxies are believed: those in uvicorn's variable FORWARDED_ALLOW_IPS. Without it a proxy on this machine is believed
about the client and the scheme, as by uvicorn, but not about the host and the root path: many proxies pass on those headers as a
client wrote them. The settings precede what proxies send.
"""

import hashlib
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from app.http.request_state import request_state
from app.http.root_path import root_path_of
from app.settings import ROOT_PATH, Settings

_HEADERS = frozenset((b"forwarded", b"x-forwarded-for", b"x-forwarded-host", b"x-forwarded-prefix", b"x-forwarded-proto"))
_LOOPBACK = "127.0.0.1,::1"
"""uvicorn's default."""
_HOST = re.compile(r"(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::[0-9]{1,5})?")
_LONGEST_PREFIX = 200
_MOST_REMEMBERED = 500
"""Bytes of header fields. What longer ones report is read each time: a client decides how long they are."""
_PAIR = re.compile(r'\s*+(?:([A-Za-z]+)=(?:"((?:[^"\\]|\\.)*+)"|([^\s",;]++)))?\s*+([;,]|$)')
"""A pair of RFC 7239, section 4, and what ends it: a comma begins the pairs of the next proxy.

It gives nothing back that it has matched: a client may send thousands of spaces.
"""


Fields = Sequence[tuple[bytes, bytes]]


class Reported(NamedTuple):
    """What proxies report of the request that they received. ``client`` is None where they name none."""

    client: tuple[str, int] | None = None
    scheme: str = ""
    host: str = ""
    root_path: str = ""


class BehindProxies:
    """Gives a request the client, the scheme, the host and the root path that the client's URL has.

    ``path`` becomes the path within the API, whether or not the proxy removed the root path.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        public = urlsplit(settings.public_url)
        self._public = public if settings.public_url else None
        self._root_path = public.path or settings.root_path
        allowed = os.environ.get("FORWARDED_ALLOW_IPS")
        self._trusted = ProxyHeadersMiddleware(app, _LOOPBACK if allowed is None else allowed).trusted_hosts  # type: ignore[arg-type]
        self._may_name_url = allowed is not None
        self._known = lru_cache(1024)(self._reported)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            sent = [field for field in scope["headers"] if field[0] in _HEADERS]
            if sent:
                client = scope.get("client")
                if (client[0] if client else None) not in self._trusted:
                    sent = []
            if sent or self._root_path or self._public or scope.get("root_path"):
                self._place(scope, sent)
        await self.app(scope, receive, send)

    def _place(self, scope: Scope, sent: Fields) -> None:
        """Write into the scope what is known about the request."""
        read = self._known if sum([len(value) for _, value in sent]) < _MOST_REMEMBERED else self._reported
        client, scheme, host, root_path = read(tuple(sent))
        if client is not None:
            scope["client"] = client
        if scheme:
            scope["scheme"] = scheme
        if self._public is not None:
            scope["scheme"], host, root_path = self._public.scheme, self._public.netloc, ""
        mounted, root_path = root_path_of(scope), root_path or self._root_path
        if host:
            scope["headers"] = [(name, host.encode() if name == b"host" else value) for name, value in scope["headers"]]
        if mounted or root_path:
            for prefix in dict.fromkeys((mounted, root_path, self._root_path)):
                _remove_prefix(scope, prefix)
            scope["root_path"] = root_path = root_path or mounted
        if root_path or host:
            request_state(scope).public_url_mark = _mark(scope["scheme"], host, root_path)

    def _reported(self, sent: Fields) -> Reported:
        """What the outermost trusted proxy reports. ``X-Forwarded-*`` precede ``Forwarded``.

        A proxy that sets one kind may pass on the other as a client wrote it.
        """
        headers = _joined(sent)
        client = headers.get("x-forwarded-for", "")
        scheme, host = (headers.get(f"x-forwarded-{name}", "").rpartition(",")[2].strip() for name in ("proto", "host"))
        if not (client or scheme or host):
            for hop in reversed(list(_hops(headers.get("forwarded", "")))):
                client, scheme, host = hop.get("for", ""), hop.get("proto", "").lower() or scheme, hop.get("host", "") or host
                if self._trusted.get_trusted_client_address(client)[0] not in self._trusted:
                    break
        address = self._trusted.get_trusted_client_address(client) if client else ("", 0)
        return Reported(
            address if address[0] else None,
            scheme if scheme in ("http", "https") else "",
            host if self._may_name_url and _HOST.fullmatch(host) else "",
            _prefix(headers) if self._may_name_url else "",
        )


@lru_cache(1024)
def _mark(scheme: str, host: str, root_path: str) -> str:
    """What marks ETags: bodies differ in their URLs."""
    return f"@{hashlib.sha256(f'{scheme}://{host}{root_path}'.encode()).hexdigest()[:16]}"


def _joined(sent: Fields) -> dict[str, str]:
    """Header fields by name. A repeated one is a list (RFC 9110, section 5.3)."""
    joined: dict[str, str] = {}
    for name, text in ((name.decode(), value.decode("latin-1")) for name, value in sent):
        joined[name] = f"{joined[name]}, {text}" if name in joined else text
    return joined


def _hops(header: str) -> Iterator[dict[str, str]]:
    """What each proxy wrote into ``Forwarded``, the outermost first. Nothing if the header is malformed."""
    pairs: dict[str, str] = {}
    found, place = [], 0
    while place <= len(header):
        pair = _PAIR.match(header, place)
        if pair is None:
            return
        if pair[1]:
            pairs[pair[1].lower()] = re.sub(r"\\(.)", r"\1", pair[2]) if pair[2] is not None else pair[3]
        if pair[4] != ";":
            found.append(pairs)
            pairs = {}
        place = pair.end() if pair[4] else len(header) + 1
    yield from found


def _prefix(headers: Mapping[str, str]) -> str:
    """The prefixes that proxies removed, the outermost first; empty if one is invalid."""
    prefix = "".join(part.strip().rstrip("/") for part in headers.get("x-forwarded-prefix", "").split(","))
    return prefix if len(prefix) <= _LONGEST_PREFIX and ROOT_PATH.fullmatch(prefix) else ""


def _remove_prefix(scope: Scope, prefix: str) -> None:
    path: str = scope["path"]
    if not prefix or not f"{path}/".startswith(f"{prefix}/"):
        return
    scope["path"] = path[len(prefix) :] or "/"
    # A client may have percent-encoded any character of it.
    raw = scope.get("raw_path") or b""
    scope["raw_path"] = re.sub(rb"(?:%%[0-9A-Fa-f]{2}|.){%d}" % len(prefix), b"", raw, count=1) or b"/"
