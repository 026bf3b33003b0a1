"""Error responses as exceptions."""

import httpx

from .models import FieldError, ProblemDetails


class Problem(Exception):
    """An error response of the server, with the fields of RFC 9457.

    ``type`` is the URL of a page that explains it, ``detail`` says what to send instead, ``errors`` has each invalid field,
    and ``suggestions`` has URLs that may be meant.
    """

    def __init__(self, details: ProblemDetails, response: httpx.Response | None = None) -> None:
        super().__init__(details, response)
        self.response = response
        self.type: str = details.type
        self.title = details.title
        self.status = details.status
        self.detail = details.detail
        self.instance = details.instance
        self.errors: list[FieldError] = details.errors or []
        self.suggestions: list[str] = details.suggestions or []

    @property
    def name(self) -> str:
        """The last part of the type, such as ``not-found``."""
        return self.type.rpartition("/")[2]

    def __str__(self) -> str:
        lines = [f"{self.status} {self.title}: {self.detail}"]
        lines += [f"{error.field}: {error.message}" for error in self.errors if error.message not in self.detail]
        return "\n".join(lines)


class Unauthorized(Problem):
    """401: the API key is missing, unknown, revoked or expired."""


class NotFound(Problem):
    """404: there is no such resource; ``suggestions`` may have close matches."""


class Conflict(Problem):
    """409: the change conflicts with stored data."""


class Gone(Problem):
    """410: the resource was deleted or merged; ``suggestions`` has the URLs of its past."""


class PreconditionFailed(Problem):
    """412: somebody else has changed the resource since it was read. Read it again, then decide."""


class Invalid(Problem):
    """422: the request has invalid fields; ``errors`` lists each."""


_BY_STATUS = {401: Unauthorized, 404: NotFound, 409: Conflict, 410: Gone, 412: PreconditionFailed, 422: Invalid}


def is_of_api(request: httpx.Request, response: httpx.Response) -> bool:
    """Whether the API responded, not a web page: a redirect to another place makes a read of a change."""
    return response.request.method == request.method and "text/html" not in response.headers.get("Content-Type", "")


def problem_of(response: httpx.Response) -> Problem:
    """The problem that an error response describes. That of a proxy may describe none."""
    if response.headers.get("Content-Type", "").startswith("application/problem+json"):
        details = ProblemDetails.model_validate_json(response.content)
    else:
        detail = response.text[:500] if response.is_error else f"{response.url} is not this API; use the address of the API"
        details = ProblemDetails(type="about:blank", title=response.reason_phrase, status=response.status_code, detail=detail)
    return _BY_STATUS.get(response.status_code, Problem)(details, response)
