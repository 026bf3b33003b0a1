"""Problems: every error that the API answers with, as RFC 9457 problem details.

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

from collections.abc import Mapping, Sequence
from typing import Annotated, ClassVar, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

MOST_FIELD_ERRORS = 100
"""Things wrong with one request that its problem lists. An address has room for thousands."""


def _cut_to(most: int) -> BeforeValidator:
    """What a client sent is part of a message, and may be longer than any message should be."""
    return BeforeValidator(lambda text: text[:most] if isinstance(text, str) else text)


class FieldError(BaseModel):
    """One thing that is wrong with a request."""

    field: Annotated[str, Field(max_length=200, description="Name of the parameter or header.", examples=["limit"]), _cut_to(200)]
    message: Annotated[
        str,
        Field(max_length=2000, description="What was expected.", examples=["Input should be greater than or equal to 1"]),
        _cut_to(2000),
    ]
    suggestion: Annotated[
        str | None, Field(max_length=200, description="The nearest known name or value.", examples=["country"])
    ] = None


class ProblemDetails(BaseModel):
    """An error, as RFC 9457 describes it. ``type`` is the address of a page that explains it."""

    type: Annotated[str, Field(max_length=200, description="Address of the page that explains this type of problem.")]
    title: Annotated[str, Field(max_length=200, description="The type of problem in words.")]
    status: Annotated[int, Field(ge=400, le=599, description="The HTTP status.")]
    detail: Annotated[
        str, Field(max_length=4000, description="What went wrong this time, and what to write instead."), _cut_to(4000)
    ]
    instance: Annotated[str | None, Field(max_length=200, description="Identifier of the request, to look up in the log.")] = None
    errors: Annotated[
        list[FieldError] | None, Field(max_length=1000, description="Each thing that is wrong with the request.")
    ] = None
    suggestions: Annotated[
        list[Annotated[str, Field(max_length=500)]] | None,
        Field(max_length=20, description="Addresses or formats that may be meant.", examples=[["/v1/companies/baidu"]]),
    ] = None

    model_config = ConfigDict(json_schema_extra={"examples": [{
        "type": "/problems/not-found",
        "title": "Not found",
        "status": 404,
        "detail": "There is no company 'baidoo'.",
        "instance": "urn:uuid:7c1f6f0e-94a5-4a7e-9a43-6a1f2f0f6b1d",
        "suggestions": ["/v1/companies/baidu"],
    }]})  # fmt: skip


class Problem(Exception):
    """Base of all problems. A subclass states its name, title and status; its docstring is its page."""

    name: ClassVar[str]
    title: ClassVar[str]
    status: ClassVar[int]
    example: ClassVar[str]

    def __init__(
        self,
        detail: str,
        *,
        errors: list[FieldError] | None = None,
        suggestions: list[str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.errors = errors
        self.suggestions = suggestions or None
        self.headers = headers or {}

    @classmethod
    def for_example(cls) -> Self:
        """A problem as it may occur, for the documentation."""
        return cls(cls.example)

    def details(self, request_id: str | None) -> ProblemDetails:
        return ProblemDetails(
            type=f"/problems/{self.name}",
            title=self.title,
            status=self.status,
            detail=self.detail,
            instance=f"urn:uuid:{request_id}" if request_id else None,
            errors=self.errors,
            suggestions=self.suggestions,
        )


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
