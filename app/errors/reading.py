"""Problems of any request, as RFC 9457 problem details.

    Problem
    ├── MalformedRequest      400
    ├── InvalidCursor         400
    ├── NotFound              404
    ├── MethodNotAllowed      405
    ├── NotAcceptable         406
    ├── BodyTooLarge          413
    ├── AddressTooLong        414
    ├── InvalidParameters     422
    ├── InternalError         500
    └── DatabaseUnavailable   503

The page of each type is /problems/{name}, written from the class's docstring.
"""

from collections.abc import Sequence
from typing import Self

from app.errors.problem import MOST_FIELD_ERRORS, FieldError, Problem


class MalformedRequest(Problem):
    """The address or the body cannot be read: it is not UTF-8, holds a NUL or another control character, or is no JSON.

    Encode text of an address as UTF-8 before percent-encoding it, as `encodeURIComponent` does. JSON is read strictly:
    each key once, no NaN, no bottomless nesting.
    """

    name, title, status = "malformed-request", "Malformed request", 400
    example = "The query is not valid UTF-8 at byte 3."


class InvalidCursor(Problem):
    """The `cursor` was changed, cut, or comes from a list with other filters or another order.

    A cursor is opaque. Follow the `next` address of a page as it is, or start again without a cursor.
    """

    name, title, status = "invalid-cursor", "Invalid cursor", 400
    example = "The cursor is none that this list gave with these filters and in this order. Start again without it."


class NotFound(Problem):
    """Nothing is at this address. `suggestions` holds addresses that are spelt nearly alike, where there are any."""

    name, title, status = "not-found", "Not found", 404
    example = "There is no company 'baidoo'."


class MethodNotAllowed(Problem):
    """The address exists but does not take this method. The `Allow` header lists those that it takes."""

    name, title, status = "method-not-allowed", "Method not allowed", 405
    example = "This address takes GET and HEAD."


class NotAcceptable(Problem):
    """The `Accept` header asks only for formats that this address does not have. `suggestions` lists those that it has.

    Lists come as JSON, CSV and NDJSON, a company as JSON and JSON-LD, everything else as JSON.
    `?format=` chooses one without a header.
    """

    name, title, status = "not-acceptable", "Not acceptable", 406
    example = "This address has no text/html."


class BodyTooLarge(Problem):
    """The body of the request is larger than this server takes."""

    name, title, status = "body-too-large", "Body too large", 413
    example = "The body may have at most 65536 bytes."


class AddressTooLong(Problem):
    """The address is longer than 8,000 bytes. Ask in several requests."""

    name, title, status = "address-too-long", "Address too long", 414
    example = "The query has 10240 bytes; at most 8000 are read."


class InvalidParameters(Problem):
    """One or more parameters have a wrong name or value. `errors` names each one, what was expected, and the nearest known name.

    Parameters are strict: a misspelt one is refused, never ignored, so that an answer is always to the question that was asked.
    """

    name, title, status = "invalid-parameters", "Invalid parameters", 422
    example = "limit: Input should be greater than or equal to 1"

    @classmethod
    def of(cls, errors: Sequence[FieldError]) -> Self:
        """The problem of these errors, with their messages as its detail."""
        return cls("; ".join(f"{error.field}: {error.message}" for error in errors), errors=list(errors[:MOST_FIELD_ERRORS]))


class InternalError(Problem):
    """Something went wrong in the server. The log has the cause under the identifier in `instance`."""

    name, title, status = "internal-error", "Internal error", 500
    example = "The server met an error that it did not expect. Its log has the cause under this identifier."


class DatabaseUnavailable(Problem):
    """The database cannot be reached or is busy. The `Retry-After` header says when to try again."""

    name, title, status = "database-unavailable", "Database unavailable", 503
    example = "The database cannot be reached. Try again soon."

    def __init__(self, detail: str = example) -> None:
        super().__init__(detail, headers={"Retry-After": "2"})


PROBLEMS: tuple[type[Problem], ...] = (
    MalformedRequest,
    InvalidCursor,
    NotFound,
    MethodNotAllowed,
    NotAcceptable,
    BodyTooLarge,
    AddressTooLong,
    InvalidParameters,
    InternalError,
    DatabaseUnavailable,
)
