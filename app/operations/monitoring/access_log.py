"""One line per request, without its headers, query and body: what a client sends may be a secret."""

import logging

from app.operations.monitoring.requests import ObservedRequest
from app.values.printable import printable

ACCESS_LOGGER = "app.access"

_logger = logging.getLogger(ACCESS_LOGGER)


class AccessLog:
    """Writes the line once the response is sent."""

    def begin(self) -> None:
        """Nothing is logged yet."""

    def end(self, request: ObservedRequest) -> None:
        if not _logger.isEnabledFor(logging.INFO):
            return
        fields = {
            "request_id": request.state.request_id,
            "method": request.method,
            "path": request.path,
            "route": request.route,
            "status": request.status,
            "duration_ms": round(request.seconds * 1000, 3),
            "bytes": request.size,
            "client": printable(request.client) if request.client is not None else None,
            "key": request.state.key_name,
            "trace_id": request.trace_id,
            "cache": request.state.cache,
        }
        summary = request.method, request.path, request.status
        # Made here, since a logger would first look up the line of this file.
        record = _logger.makeRecord(ACCESS_LOGGER, logging.INFO, "", 0, "%s %s %s", summary, None, extra=fields)
        _logger.handle(record)
