"""Problems of writes and API keys: subclasses of app/errors/problem.py's `Problem`, with their pages."""

from app.errors.problem import Problem


class Unauthenticated(Problem):
    """This endpoint requires an API key, and the request has none, or one that is unknown, expired or revoked.

    Send the key as `Authorization: Bearer …`. `company-profiles keys create` creates one.
    """

    name, title, status = "unauthenticated", "Unauthenticated", 401
    example = "This requires an API key. Send it as Authorization: Bearer …"

    def __init__(self, detail: str = example, *, error: str | None = None) -> None:
        # RFC 6750, section 3: without credentials the challenge names no error.
        challenge = 'Bearer realm="company-profiles"' + (f', error="{error}"' if error else "")
        super().__init__(detail, headers={"WWW-Authenticate": challenge})


class InsufficientScope(Problem):
    """The API key is valid but lacks the scope that the message names."""

    name, title, status = "insufficient-scope", "Insufficient scope", 403
    example = "This requires an API key with the scope write; the key 'dashboard' has read."

    def __init__(self, detail: str = example, *, scope: str = "write") -> None:
        challenge = f'Bearer realm="company-profiles", error="insufficient_scope", scope="{scope}"'
        super().__init__(detail, headers={"WWW-Authenticate": challenge})


class ReadOnly(Problem):
    """This database has no API keys, so nobody can write to it over HTTP.

    Run `company-profiles keys create NAME --scope write` on the server to create one.
    """

    name, title, status = "read-only", "Read-only", 403
    example = "This API is read-only, because it has no API keys. Create one with company-profiles keys create."


class Conflict(Problem):
    """The change conflicts with stored data: the slug is taken, something still refers to what you want to delete, or a revision
    cannot be undone now.

    The message says which; `suggestions` lists the URLs of the conflicting resources.
    """

    name, title, status = "conflict", "Conflict", 409
    example = "There is already a company 'baidu'."


class Gone(Problem):
    """The resource at this URL has been deleted. Its history remains: `suggestions` has the URL.

    A change sent to the former URL of a merged company gets this too: the redirect that a read gets would carry the change to
    another company. `suggestions` has the URL of that one.
    """

    name, title, status = "gone", "Gone", 410
    example = "This was deleted in revision 70. You can still read it with as_of=69."


class RequestTimeout(Problem):
    """The request body stopped arriving. Nothing was changed; send the complete request again.

    The setting `PROFILES_CLIENT_WAIT_SECONDS` limits how long the server waits for the next part of a body.
    """

    name, title, status = "request-timeout", "Request timeout", 408
    example = "No more of the body arrived for 30 seconds."
    usual_headers = {"Connection": "close"}  # RFC 9110, section 15.5.9


class PreconditionFailed(Problem):
    """The resource has changed since the version that `If-Match` names. Read it again, then decide.

    The `ETag` header of this response names the current version.
    """

    name, title, status = "precondition-failed", "Precondition failed", 412
    example = "The resource has changed since the version that If-Match names."


class UnsupportedMediaType(Problem):
    """This endpoint does not support the `Content-Type` of the request. The message lists the supported types."""

    name, title, status = "unsupported-media-type", "Unsupported media type", 415
    example = "The body is text/plain; send application/json."


class InvalidRecord(Problem):
    """The body is well-formed, but its content cannot be stored. `errors` lists each field and what was expected.

    Every fact needs a citation, and everything that the body refers to must exist.
    """

    name, title, status = "invalid-record", "Invalid record", 422
    example = "citations: is missing"


class InvalidDataset(Problem):
    """The dataset is invalid, and none of it was loaded. `errors` lists the first problems by line and field."""

    name, title, status = "invalid-dataset", "Invalid dataset", 422
    example = "body:12: companies[0].metrics[1].value: expected a number, not 'many'"


class IdempotencyKeyReused(Problem):
    """This `Idempotency-Key` was used for a different request. A key belongs to one request, which you can repeat for a day."""

    name, title, status = "idempotency-key-reused", "Idempotency key reused", 422
    example = "This Idempotency-Key was used before with another body or URL."


class PreconditionRequired(Problem):
    """A change requires `If-Match` with the ETag of the version that it is based on, so that no one's change is lost.

    Read the resource and send back its `ETag`. `If-Match: *` changes any version.
    """

    name, title, status = "precondition-required", "Precondition required", 428
    example = "Send If-Match with the ETag of the version that you read."


class InsufficientStorage(Problem):
    """The server's disk is full, so the change could not be made. Nothing was changed; reads still work.

    Writes work again as soon as there is space, without a restart. The `Retry-After` header says when to try again.
    """

    name, title, status = "insufficient-storage", "Insufficient storage", 507
    example = "The disk is full. Nothing was changed."
    usual_headers = {"Retry-After": "30"}
