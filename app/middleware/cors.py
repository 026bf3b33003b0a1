"""Cross-origin resource sharing (CORS)."""

from collections.abc import Sequence

from starlette.datastructures import Headers
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.errors.problem import FieldError
from app.errors.reading import CrossOriginRefused
from app.http.error_handlers import problem_response

ALLOWED_METHODS = ("DELETE", "GET", "HEAD", "PATCH", "POST", "PUT")
ALLOWED_HEADERS = (
    "Authorization", "Baggage", "Cache-Control", "Content-Type", "Idempotency-Key", "If-Match", "If-None-Match", "Last-Event-ID",
    "Pragma", "Profiles-Minimum-Revision", "Sentry-Trace", "Traceparent", "Tracestate", "X-Correlation-ID", "X-Request-ID",
    "X-Requested-With",
)  # fmt: skip
"""Request headers that a page of another origin may send: those that have a meaning here, and those that libraries add."""
EXPOSED_HEADERS = (
    "Content-Location", "ETag", "Idempotency-Replayed", "Link", "Location", "Profiles-Revision", "RateLimit",
    "RateLimit-Policy", "Retry-After", "WWW-Authenticate", "X-Request-ID",
)  # fmt: skip
"""Response headers that a page of another origin may read."""


class CrossOrigin(CORSMiddleware):
    """Starlette's CORS, but a refused preflight is a problem that says why.

    ``Vary: Origin`` is sent without an ``Origin`` too: a shared cache must not mix the responses.
    """

    def __init__(self, app: ASGIApp, origins: Sequence[str]) -> None:
        super().__init__(app, origins, ALLOWED_METHODS, ALLOWED_HEADERS, expose_headers=EXPOSED_HEADERS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if any(name == b"origin" for name, _ in scope["headers"]):
            response = self._refusal(Request(scope)) if scope["method"] == "OPTIONS" else None
            await (response or super().__call__)(scope, receive, send)
            return

        async def send_varied(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], (b"vary", b"Origin")]}
            await send(message)

        await self.app(scope, receive, send_varied)

    def _refusal(self, request: Request) -> Response | None:
        """The problem with a preflight, with the headers that a preflight gets. None if it is allowed, or is no preflight."""
        if "access-control-request-method" not in request.headers:
            return None
        response = self.preflight_response(request.headers)
        if response.status_code == 200:
            return None
        errors = self._errors(request.headers)
        headers = {name: value for name, value in response.headers.items() if not name.startswith("content-")}
        return problem_response(
            request, CrossOriginRefused(" ".join(error.message for error in errors), errors=errors, headers=headers)
        )

    def _errors(self, headers: Headers) -> list[FieldError]:
        """What is not allowed, by the header that asks for it."""
        origin, method = headers["origin"], headers["access-control-request-method"]
        names = [name.strip() for name in headers.get("access-control-request-headers", "").split(",") if name.strip()]
        unknown = [name for name in names if name.lower() not in self.allow_headers]
        errors = []
        if not self.is_allowed_origin(origin):
            message = f"Pages of {origin[:200]} may not use this server; its setting PROFILES_CORS_ORIGINS lists those that may."
            errors.append(FieldError(field="Origin", message=message))
        if method not in self.allow_methods:
            message = f"The method {method[:50]} is not allowed; these are: {', '.join(self.allow_methods)}."
            errors.append(FieldError(field="Access-Control-Request-Method", message=message))
        if unknown:
            message = f"These headers are not allowed: {', '.join(unknown)[:500]}. These are: {', '.join(ALLOWED_HEADERS)}."
            errors.append(FieldError(field="Access-Control-Request-Headers", message=message))
        if "access-control-request-private-network" in headers:
            message = "Pages of a public network may not use this server on a private one."
            errors.append(FieldError(field="Access-Control-Request-Private-Network", message=message))
        return errors
