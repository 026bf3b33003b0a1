"""What a write request says besides its body: who, why, and which version it changes."""

from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import Depends, Header, Query, Request
from pydantic import BaseModel, Field
from sqlalchemy import Connection

from app.auth.access import Actor, WriterDependency
from app.errors.writing import PreconditionFailed, PreconditionRequired, UnsupportedMediaType
from app.http.conditional import Stamp, matching_etag, of_any_url
from app.http.negotiation import Format, sent_header
from app.http.request_body import media_type, read_body
from app.http.root_path import root_path_of
from app.revisions.log import Reading, RevisionLog
from app.values.text import VISIBLE_PATTERN, Line, Slug

LARGEST_RECORD = 48 * 1024 * 1024
"""Bytes: a source may contain a text of ten million characters."""

JSON = "application/json"
MERGE_PATCH = "application/merge-patch+json"


class ChangeParameters(BaseModel, extra="forbid"):
    """Query parameters of every write."""

    reason: Annotated[
        Line | None,
        Field(description="Reason, for the history.", examples=["The annual report corrects the year."]),
    ] = None


class DeletionParameters(ChangeParameters):
    """Query parameters of the deletion of a company."""

    with_facts: Annotated[
        bool,
        Field(description="Delete the company's facts too. Otherwise only a company without facts is deleted.", examples=[True]),
    ] = False


class MergeParameters(ChangeParameters):
    """Query parameters of a merge of companies."""

    into: Annotated[Slug, Field(description="Slug of the company that stays.", examples=["example-works"])]


IfMatch = Annotated[
    str | None,
    Header(
        max_length=2000,
        description="The `ETag` of the version that you change (RFC 9110, section 13.1.1), or `*` for any version.",
        examples=['"7f3a-64-0.1.0-json"'],
    ),
]
IdempotencyKey = Annotated[
    str | None,
    Header(
        min_length=1,
        max_length=255,
        pattern=VISIBLE_PATTERN,
        description="A unique name for this request, such as a UUID. If you repeat the request with it within a day, you get the"
        " first response and nothing is changed again.",
        examples=["8e03978e-40d5-43e8-bc93-6894a57f9324"],
    ),
]


@dataclass(frozen=True)
class ChangeRequest:
    """A complete write request. Its body is read before any lock is taken."""

    actor: Actor
    reason: str
    target: str
    body: bytes
    if_match: str | None
    idempotency_key: str | None
    with_facts: bool = False
    """Whether the deletion of a company deletes its facts too."""
    into: str = ""
    """The slug of the company that a merge keeps."""
    root_path: str = ""
    """What the URLs have in the document that the client read."""

    def log(self, connection: Connection, reading: Reading | None = None) -> RevisionLog:
        return RevisionLog(connection, actor=self.actor.name, reason=self.reason, reading=reading)

    def require_match(self, stamp: Stamp) -> None:
        """Raises PreconditionRequired without ``If-Match``, and PreconditionFailed if it names another version."""
        current = stamp.etag(Format.JSON)
        if self.if_match is None:
            raise PreconditionRequired
        if matching_etag(self.if_match, current, strong=True) is None:
            raise PreconditionFailed(headers={"ETag": current})


async def change_request(
    request: Request, actor: Actor, reason: str | None, *, if_match: str | None = None, idempotency_key: str | None = None
) -> ChangeRequest:
    """Reads a write request to its end."""
    body = await read_body(request, LARGEST_RECORD)
    if body:
        _require_json(request)
    if if_match is not None:
        if_match = of_any_url(sent_header(request, b"if-match"))
    target = f"{request.method} {request.url.path}?{request.url.query}"
    root_path = root_path_of(request.scope)
    return ChangeRequest(actor, reason or "Changed over HTTP", target, body, if_match, idempotency_key, root_path=root_path)


def _require_json(request: Request) -> None:
    """Raises UnsupportedMediaType. A merge patch is for PATCH only: PUT would remove the fields that it leaves out."""
    given = media_type(request)
    readable = (MERGE_PATCH, JSON) if request.method == "PATCH" else (JSON,)
    if given not in readable:
        # RFC 5789, section 3.1: the header lists the accepted patch formats.
        headers = {"Accept-Patch": ", ".join(readable)} if request.method == "PATCH" else {}
        message = f"The Content-Type of the body is {given[:100] or 'missing'}; send {' or '.join(readable)}."
        raise UnsupportedMediaType(message, headers=headers)


async def get_creation(
    request: Request,
    actor: WriterDependency,
    parameters: Annotated[ChangeParameters, Query()],
    idempotency_key: IdempotencyKey = None,
) -> ChangeRequest:
    return await change_request(request, actor, parameters.reason, idempotency_key=idempotency_key)


async def get_change(
    request: Request, actor: WriterDependency, parameters: Annotated[ChangeParameters, Query()], if_match: IfMatch = None
) -> ChangeRequest:
    return await change_request(request, actor, parameters.reason, if_match=if_match)


async def get_deletion(
    request: Request, actor: WriterDependency, parameters: Annotated[DeletionParameters, Query()], if_match: IfMatch = None
) -> ChangeRequest:
    return replace(await get_change(request, actor, parameters, if_match), with_facts=parameters.with_facts)


async def get_merging(
    request: Request, actor: WriterDependency, parameters: Annotated[MergeParameters, Query()], if_match: IfMatch = None
) -> ChangeRequest:
    return replace(await get_change(request, actor, parameters, if_match), into=parameters.into)


CreationDependency = Annotated[ChangeRequest, Depends(get_creation)]
ChangeDependency = Annotated[ChangeRequest, Depends(get_change)]
