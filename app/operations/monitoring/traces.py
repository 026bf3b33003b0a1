"""OpenTelemetry: FastAPI's own spans and metrics if a setting asks for them, and a span for each cached response.

Only OpenTelemetry's API is needed here, and FastAPI depends on it. Without an SDK nothing is recorded.
"""

import time

from fastapi.telemetry import TelemetryConfig
from opentelemetry import propagate, trace
from opentelemetry.trace import INVALID_TRACE_ID, SpanKind, format_trace_id
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from app import __version__
from app.http.request_state import request_state
from app.operations.monitoring.requests import ObservedRequest


def telemetry(*, wanted: bool) -> TelemetryConfig:
    """The options of FastAPI: to add the exporters of the variables ``OTEL_EXPORTER_OTLP_…``, or that nothing is wanted.

    Where an SDK is set up already, as ``opentelemetry-instrument`` does, it has those exporters: each span would go twice.
    """
    if wanted:
        return {"auto_configure": not _is_set_up()}
    return {"tracing": False, "metrics": False, "logs": False, "auto_configure": False}


def _is_set_up() -> bool:
    """Whether there is an SDK that makes spans; OpenTelemetry's API alone makes none."""
    return not isinstance(trace.get_tracer_provider(), trace.ProxyTracerProvider)


class TraceIdentity:
    """Notes the trace that a request is part of, for the log, where FastAPI has begun a span for it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        trace_id = trace.get_current_span().get_span_context().trace_id
        if trace_id != INVALID_TRACE_ID:
            request_state(scope).trace_id = format_trace_id(trace_id)
        await self.app(scope, receive, send)


class CachedSpans:
    """Makes a span for each cached response, as the framework does for the requests that reach it."""

    def begin(self) -> None:
        """A span is made when it is known whose it is."""

    def end(self, request: ObservedRequest) -> None:
        if request.state.cache != "hit" or not _is_set_up():
            return  # the framework makes it, or there is no SDK to make it
        ended = time.time_ns()
        span = trace.get_tracer("app.cache", __version__).start_span(
            f"{request.method} {request.route or ''}".rstrip(),
            context=propagate.extract(Headers(scope=request.scope)),
            kind=SpanKind.SERVER,
            start_time=ended - round(request.seconds * 1e9),
            attributes={
                "http.request.method": request.method,
                "http.response.status_code": request.status or 0,
                "http.route": request.route or "",
                "url.path": request.path,
                "url.scheme": request.scope["scheme"],
                "profiles.cache": "hit",
            },
        )
        span.end(ended)
        if (trace_id := span.get_span_context().trace_id) != INVALID_TRACE_ID:
            request.state.trace_id = format_trace_id(trace_id)
