"""Problems of any request, as RFC 9457 problem details.

Each type has a page, /problems/{name}, made from the docstring of its class.
"""

from collections.abc import Sequence
from typing import Self

from app.errors.problem import MOST_FIELD_ERRORS, FieldError, Problem

LONGEST_URL = 8000
"""Bytes of the path and the query together."""


class MalformedRequest(Problem):
    """The request cannot be parsed: it is not valid HTTP, or its URL or body is not UTF-8, contains a control character such as
    NUL, or is not valid JSON.

    Encode text in a URL as UTF-8 and percent-encode the bytes, as `encodeURIComponent` does. The JSON parser is strict: it
    rejects duplicate keys, NaN and excessive nesting. If the request is not valid HTTP, the connection is closed.
    """

    name, title, status = "malformed-request", "Malformed request", 400
    example = "The query is not valid UTF-8 at byte 3."


class InvalidCursor(Problem):
    """The `cursor` was changed or cut off, or comes from a list with other filters or another sort order.

    A cursor is opaque. Follow the `next` URL of a page without changing it, or start again without a cursor.
    """

    name, title, status = "invalid-cursor", "Invalid cursor", 400
    example = "This cursor does not belong to this list with these filters and this sort order. Start again without a cursor."


class CrossOriginRefused(Problem):
    """A web page of another origin may not send this request. The browser asked with a preflight, an `OPTIONS` request.

    `errors` names what is not allowed: the origin, the method, or one of the request headers. The operator lists the origins in
    `PROFILES_CORS_ORIGINS`. Leave out a header that your library adds, or send the request from your own server.
    """

    name, title, status = "cross-origin-refused", "Cross-origin request refused", 400
    example = "The method TRACE is not allowed; these are: DELETE, GET, HEAD, PATCH, POST, PUT."


class NotFound(Problem):
    """There is nothing at this URL. `suggestions` lists URLs with a similar spelling, if there are any.

    A URL with a slash at its end redirects to the one without, if something is there.
    """

    name, title, status = "not-found", "Not found", 404
    example = "There is no company 'baidoo'."


class MethodNotAllowed(Problem):
    """The URL exists but does not support this method. The `Allow` header lists the supported methods."""

    name, title, status = "method-not-allowed", "Method not allowed", 405
    example = "This URL does not support DELETE."


class NotAcceptable(Problem):
    """The `Accept` header allows none of the formats of this URL. `suggestions` lists the available formats.

    Lists are available as JSON, CSV and NDJSON, a company as JSON and JSON-LD, everything else as JSON.
    `?format=` selects a format without a header.
    """

    name, title, status = "not-acceptable", "Not acceptable", 406
    example = "This URL is not available as 'text/html'. Its formats are application/json."


class BodyTooLarge(Problem):
    """The body of the request is larger than this server accepts."""

    name, title, status = "body-too-large", "Body too large", 413
    example = "The body may have at most 65536 bytes."


class UrlTooLong(Problem):
    """The URL is longer than 8,000 bytes. Split the request into several."""

    name, title, status = "address-too-long", "URL too long", 414
    example = "The URL has 10240 bytes; the maximum is 8000."


class HeaderTooLarge(Problem):
    """The header of the request is larger than 65,536 bytes, has more than 100 fields, or its body has too much around the data.

    Chunk extensions and trailer fields, which this server ignores, may have 16,384 bytes. The connection is closed.
    """

    name, title, status = "header-too-large", "Header too large", 431
    example = "The header of a request may have at most 65536 bytes and 100 fields."


class InvalidParameters(Problem):
    """One or more parameters have an invalid name or value. `errors` lists each one, what was expected, and the closest match.

    Parameters are strict: a misspelt one is an error and never ignored, so the response always belongs to the request you meant.
    """

    name, title, status = "invalid-parameters", "Invalid parameters", 422
    example = "limit: Input should be greater than or equal to 1"

    @classmethod
    def of(cls, errors: Sequence[FieldError]) -> Self:
        """The problem with these errors, whose messages become its detail."""
        return cls("; ".join(f"{error.field}: {error.message}" for error in errors), errors=list(errors[:MOST_FIELD_ERRORS]))

    @classmethod
    def on(cls, field: str, message: str, suggestion: str | None = None) -> Self:
        """The problem of one parameter or header."""
        return cls.of([FieldError(field=field, message=message, suggestion=suggestion)])


class InternalError(Problem):
    """The server failed unexpectedly. Its log shows the cause under the ID in `instance`."""

    name, title, status = "internal-error", "Internal error", 500
    example = "The server failed unexpectedly. Its log shows the cause under this ID."


class DatabaseUnavailable(Problem):
    """The database is unreachable or busy. The `Retry-After` header says when to try again."""

    name, title, status = "database-unavailable", "Database unavailable", 503
    example = "The database is unreachable. Try again in a moment."
    usual_headers = {"Retry-After": "2"}
