"""RFC 9457 problem details: the base class of every error of the API."""

from collections.abc import Mapping
from typing import Annotated, ClassVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

MOST_FIELD_ERRORS = 100
"""The most errors that one problem lists. A URL has room for thousands."""


def _cut_to(most: int) -> BeforeValidator:
    """Messages quote what the client sent, which may be longer than any message should be."""
    return BeforeValidator(lambda text: text[:most] if isinstance(text, str) else text)


class FieldError(BaseModel):
    """One error in a request."""

    field: Annotated[str, Field(max_length=200, description="Name of the parameter or header.", examples=["limit"]), _cut_to(200)]
    message: Annotated[
        str,
        Field(max_length=2000, description="What was expected.", examples=["Input should be greater than or equal to 1"]),
        _cut_to(2000),
    ]
    suggestion: Annotated[
        str | None, Field(max_length=200, description="The closest known name or value.", examples=["country"])
    ] = None


class ProblemDetails(BaseModel):
    """An error in the format of RFC 9457. `type` is the URL of a page that explains it."""

    type: Annotated[str, Field(max_length=300, description="URL of the page that explains this type of problem.")]
    title: Annotated[str, Field(max_length=200, description="Short summary of the problem type.")]
    status: Annotated[int, Field(ge=400, le=599, description="HTTP status code.")]
    detail: Annotated[str, Field(max_length=4000, description="What went wrong, and what to send instead."), _cut_to(4000)]
    instance: Annotated[str | None, Field(max_length=200, description="ID of the request, as in the server's log.")] = None
    errors: Annotated[list[FieldError] | None, Field(max_length=1000, description="Every error in the request.")] = None
    suggestions: Annotated[
        list[Annotated[str, Field(max_length=700)]] | None,
        Field(max_length=20, description="URLs or formats that may be meant.", examples=[["/v1/companies/baidu"]]),
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
    """Base class of all problems. A subclass sets its name, title and status; its docstring becomes its page."""

    name: ClassVar[str]
    title: ClassVar[str]
    status: ClassVar[int]
    example: ClassVar[str]
    """What went wrong in an example, and whenever no other detail is given."""
    usual_headers: ClassVar[dict[str, str]] = {}

    def __init__(
        self,
        detail: str | None = None,
        *,
        errors: list[FieldError] | None = None,
        suggestions: list[str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.detail = detail or self.example
        super().__init__(self.detail)
        self.errors = errors
        self.suggestions = suggestions or None
        self.headers = {**self.usual_headers, **(headers or {})}

    def details(self, request_id: str | None, root_path: str = "") -> ProblemDetails:
        """The problem as served. ``root_path`` is what the URLs in it have before ``/v1`` (app/http/root_path.py)."""
        suggestions = self.suggestions
        if suggestions and root_path:
            suggestions = [root_path + url if url.startswith("/") else url for url in suggestions]
        return ProblemDetails(
            type=f"{root_path}/problems/{self.name}",
            title=self.title,
            status=self.status,
            detail=self.detail,
            instance=f"urn:uuid:{request_id}" if request_id else None,
            errors=self.errors,
            suggestions=suggestions,
        )


_LOGGED = "logged with request "


def note_logged(error: BaseException, request_id: object) -> None:
    """Mark an exception as logged with the request that it ended, so that it is not logged twice."""
    error.add_note(f"{_LOGGED}{request_id}")


def was_logged(error: BaseException) -> bool:
    """Whether an exception was logged with the request that it ended."""
    return any(note.startswith(_LOGGED) for note in getattr(error, "__notes__", ()))
