"""Problems of writing, and of keys: subclasses of app/errors/problem.py's `Problem`, with their pages.

Problem
├── Unauthenticated          401
├── InsufficientScope        403
├── ReadOnly                 403
├── Conflict                 409
├── Gone                     410
├── PreconditionFailed       412
├── UnsupportedMediaType     415
├── InvalidRecord            422
├── InvalidDataset           422
├── IdempotencyKeyReused     422
└── PreconditionRequired     428
"""

from app.errors.problem import Problem


class Unauthenticated(Problem):
    """The address needs a key, and the request has none that is known, or one that has expired or was revoked.

    Send it as `Authorization: Bearer …`. `company-profiles keys create` makes one.
    """

    name, title, status = "unauthenticated", "Unauthenticated", 401
    example = "This needs a key. Send one as Authorization: Bearer …"

    def __init__(self, detail: str = example, *, error: str | None = None) -> None:
        # RFC 6750, section 3: without credentials the challenge names no error.
        challenge = 'Bearer realm="company-profiles"' + (f', error="{error}"' if error else "")
        super().__init__(detail, headers={"WWW-Authenticate": challenge})


class InsufficientScope(Problem):
    """The key is valid, but is not for this: it lacks the scope that the message names."""

    name, title, status = "insufficient-scope", "Insufficient scope", 403
    example = "This needs a key with the scope write; the key 'dashboard' has read."

    def __init__(self, detail: str = example, *, scope: str = "write") -> None:
        challenge = f'Bearer realm="company-profiles", error="insufficient_scope", scope="{scope}"'
        super().__init__(detail, headers={"WWW-Authenticate": challenge})


class ReadOnly(Problem):
    """No key was made for this database, so nobody can write to it over HTTP.

    `company-profiles keys create NAME --scope write` on the server makes one.
    """

    name, title, status = "read-only", "Read-only", 403
    example = "No key was made, so this API is read-only. company-profiles keys create makes one."


class Conflict(Problem):
    """The change does not go with what is stored: the slug is taken, or something still refers to what is to be deleted.

    The message says which; `suggestions` holds the addresses that are in the way.
    """

    name, title, status = "conflict", "Conflict", 409
    example = "There is a company 'baidu' already."


class Gone(Problem):
    """What was at this address has been deleted. Its history stays: `suggestions` holds the address."""

    name, title, status = "gone", "Gone", 410
    example = "This was deleted in revision 70. Its past stays readable with as_of=69."


class RequestTimeout(Problem):
    """The body of the request stopped coming. Nothing was changed; send the request again, whole.

    How long the server waits for the next part of a body is its setting `PROFILES_CLIENT_WAIT_SECONDS`.
    """

    name, title, status = "request-timeout", "Request timeout", 408
    example = "Nothing more of the body came for 30 seconds."

    def __init__(self, detail: str = example) -> None:
        super().__init__(detail, headers={"Connection": "close"})  # RFC 9110, section 15.5.9


class PreconditionFailed(Problem):
    """The resource is no longer what `If-Match` names: somebody has changed it since. Read it again, then decide.

    The ETag of the newest version is in the header of this answer.
    """

    name, title, status = "precondition-failed", "Precondition failed", 412
    example = "The resource has changed since the version that If-Match names."


class UnsupportedMediaType(Problem):
    """The `Content-Type` of the request is none that this address reads. The message lists those that it does."""

    name, title, status = "unsupported-media-type", "Unsupported media type", 415
    example = "The body is text/plain; send application/json."


class InvalidRecord(Problem):
    """The body is read, but what it says cannot be stored. `errors` lists each field and what is expected there.

    Every fact needs a citation; what a body refers to must exist.
    """

    name, title, status = "invalid-record", "Invalid record", 422
    example = "citations: is missing"


class InvalidDataset(Problem):
    """The dataset cannot be loaded, and nothing of it was. `errors` lists the first problems by line and field."""

    name, title, status = "invalid-dataset", "Invalid dataset", 422
    example = "body:12: companies[0].metrics[1].value: expected a number, not 'many'"


class IdempotencyKeyReused(Problem):
    """The `Idempotency-Key` was sent before with another request. A key is for one request, which may be repeated for a day."""

    name, title, status = "idempotency-key-reused", "Idempotency key reused", 422
    example = "This Idempotency-Key was sent before with another body or address."


class PreconditionRequired(Problem):
    """A change needs `If-Match` with the ETag of the version that it is made from, so that no one's change is lost.

    Read the resource, and send its `ETag` back. `If-Match: *` changes whatever is there.
    """

    name, title, status = "precondition-required", "Precondition required", 428
    example = "Send If-Match with the ETag of the version that you have read."


class InsufficientStorage(Problem):
    """The disk of the server is full, so the change could not be made. Nothing of it was; reading goes on.

    Changes work again as soon as there is room, without a restart. The `Retry-After` header says when to try again.
    """

    name, title, status = "insufficient-storage", "Insufficient storage", 507
    example = "The disk is full. Nothing was changed."

    def __init__(self, detail: str = example) -> None:
        super().__init__(detail, headers={"Retry-After": "30"})


WRITE_PROBLEMS: tuple[type[Problem], ...] = (
    Unauthenticated,
    InsufficientScope,
    ReadOnly,
    Conflict,
    Gone,
    RequestTimeout,
    PreconditionFailed,
    UnsupportedMediaType,
    InvalidRecord,
    InvalidDataset,
    IdempotencyKeyReused,
    PreconditionRequired,
    InsufficientStorage,
)
