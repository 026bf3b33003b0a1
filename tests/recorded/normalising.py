"""What differs from run to run is replaced by a marker; the docstring of ``tests.recorded.__main__`` lists it."""

import datetime
import hashlib
import re
from base64 import b64encode
from typing import Any

from tests.recorded.exchanges import Answer, Call

_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d(?::|%3A)\d\d(?::|%3A)\d\d(?:\.\d+)?(?:Z|(?:\+|%2B)00(?::|%3A)00)")
_KEY = re.compile(r"cp_[0-9a-f]{16}_[\w-]+")
_ETAG = re.compile(r'"([0-9a-f]{8})-\d+-')
_NONCE = re.compile(r"""(nonce-|nonce=")[\w-]{22}(?=['"])""")
_RETRY = re.compile(r"(?:Go on|Try again) in [\d,]+ seconds")
_SECONDS_LEFT = re.compile(r"t=\d+")
_DATES = frozenset({"date", "last-modified"})
_LONGEST_TEXT = 1_000_000


class Normaliser:
    """Knows one server, and so what of its answers is its own: the port, the dataset's name, and times since ``start``."""

    def __init__(self, port: int, start: datetime.datetime) -> None:
        self._port = str(port)
        self._start = start.replace(microsecond=0)
        self._dataset = ""

    def record(self, wanted: Call, answer: Answer) -> dict[str, Any]:
        """The request and its answer, as a line of the recording has them."""
        found = _ETAG.match(answer.header("etag"))
        self._dataset = found[1] if found else self._dataset
        request_id = "" if answer.header("x-request-id") in dict(wanted.headers).values() else answer.header("x-request-id")
        return {
            "method": wanted.method,
            "path": self._plain(wanted.path),
            "request_headers": [[name, self._plain(value)] for name, value in wanted.headers],
            "request_body": self._body(wanted.body, ""),
            "status": answer.status,
            "headers": [[name, self._header(name, value, answer, request_id)] for name, value in answer.headers],
            "body": self._body(answer.body, request_id),
        }

    def _header(self, name: str, value: str, answer: Answer, request_id: str) -> str:
        if name in _DATES:
            return "<date>"
        if name == "content-length" and answer.header("content-encoding"):
            return "<length>"
        if name == "retry-after":
            return "<seconds>"
        if name == "ratelimit":
            value = _SECONDS_LEFT.sub("t=<seconds>", value)
        return self._plain(value, request_id)

    def _body(self, body: bytes, request_id: str) -> str | dict[str, str]:
        digest = hashlib.sha256(body).hexdigest()
        try:
            text = body.decode()
        except UnicodeDecodeError:
            return {"sha256": digest, "base64": b64encode(body[:_LONGEST_TEXT]).decode()}
        return self._plain(text, request_id) if len(text) <= _LONGEST_TEXT else {"sha256": digest}

    def _plain(self, text: str, request_id: str = "") -> str:
        own = {request_id: "<request>", self._dataset: "<dataset>"}
        own |= {f"{host}{colon}{self._port}": "<host>" for host in ("127.0.0.1", "localhost") for colon in (":", "%3A")}
        for value, marker in own.items():
            text = text.replace(value, marker) if value else text
        text = _RETRY.sub("Try again in <seconds>", text)
        return _TIME.sub(self._time, _KEY.sub("<key>", _NONCE.sub(r"\1<nonce>", text)))

    def _time(self, found: re.Match[str]) -> str:
        moment = datetime.datetime.fromisoformat(found[0].replace("%3A", ":").replace("%2B", "+"))
        return "<time>" if self._start <= moment <= datetime.datetime.now(datetime.UTC) else found[0]
