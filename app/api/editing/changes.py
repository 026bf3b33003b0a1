"""What the addresses that write do, each in one transaction and under the lock of the newest revision."""

from collections.abc import Callable
from dataclasses import dataclass

import orjson
from fastapi import Response
from sqlalchemy import Connection

from app.api.editing.editor import Editor, require, text_of
from app.api.editing.idempotency import first_answer, remember
from app.api.editing.record_from_body import new_record, patched_record, replaced_record
from app.api.editing.requests import ChangeRequest
from app.api.facts.queries import require_company
from app.errors.writing import Conflict
from app.http.conditional import Stamp
from app.http.lists.pages import newest_stamp
from app.http.negotiation import Format
from app.http.responses import REVISION_HEADER
from app.records.located import LocatedRecord
from app.records.removal import in_the_way, remove, remove_facts
from app.records.writer import Stored
from app.revisions.former_addresses import address_of
from app.revisions.log import RevisionLog
from app.values.resources import Kind


@dataclass(frozen=True)
class Target:
    """What the address of a request names: a kind, the company of a fact, and the slug of what is to be changed."""

    kind: Kind
    company: str | None = None
    slug: str = ""


def create(connection: Connection, change: ChangeRequest, target: Target) -> Response:
    """Creates what the body describes, unless this very request was answered before."""
    if target.company is not None:
        require_company(connection, target.company)
    located = new_record(target.kind, target.company, change.body)
    with change.log(connection) as log:
        repeated = first_answer(connection, change, log.recorded_at)
        if repeated is not None:
            return repeated
        written = Editor(connection, log).write(located, None)
        response = answer_change(connection, log, str(written.document), status=201)
        remember(connection, change, response, log.recorded_at)
    return response


Reading = Callable[[Kind, str | None, bytes, str, str | None], LocatedRecord]
"""What makes a record of a body and what is stored: kind, company, body, document, text."""


def replace(connection: Connection, change: ChangeRequest, target: Target) -> Response:
    """Puts what the body describes in the place of a resource."""
    return _change(connection, change, target, replaced_record)


def patch(connection: Connection, change: ChangeRequest, target: Target) -> Response:
    """Changes those fields of a resource that the body names."""
    return _change(connection, change, target, patched_record)


def _change(connection: Connection, change: ChangeRequest, target: Target, read: Reading) -> Response:
    with change.log(connection) as log:
        stored = current(connection, change, target)
        text = text_of(connection, target.kind, stored)
        located = read(target.kind, target.company, change.body, stored.document, text)
        written = Editor(connection, log).write(located, stored)
        return answer_change(connection, log, written.document or stored.document)


def remove_resource(connection: Connection, change: ChangeRequest, target: Target, *, with_facts: bool = False) -> Response:
    """Deletes a resource that nothing refers to. The past of it stays readable."""
    with change.log(connection) as log:
        stored = current(connection, change, target)
        if target.kind == "company" and with_facts:
            remove_facts(connection, log, stored.id)
        addresses = in_the_way(connection, target.kind, [stored.id])
        if addresses:
            what = "has facts; delete them first, or add with_facts=true" if target.kind == "company" else "is still cited"
            raise Conflict(f"The {target.kind} {target.slug!r} {what}.", suggestions=addresses)
        remove(connection, log, target.kind, [stored])
        return Response(status_code=204, headers={REVISION_HEADER: str(log.newest)})


def current(connection: Connection, change: ChangeRequest, target: Target) -> Stored:
    """The resource that is to be changed. Raises NotFound, Moved, Gone, and what is wrong with ``If-Match``."""
    stored = require(connection, target.kind, target.company, target.slug)
    change.require_match(_stamp(connection, stored.document))
    return stored


def answer_change(connection: Connection, log: RevisionLog, document: str, *, status: int = 200) -> Response:
    """The resource after the change, with where it is and its new ETag."""
    address = address_of(document)
    headers = {
        "ETag": _stamp(connection, document).etag(Format.JSON),
        "Cache-Control": "no-store",
        "Content-Location": address,
        REVISION_HEADER: str(log.newest),
    }
    if status == 201:
        headers["Location"] = address
    return Response(document.encode(), status_code=status, headers=headers, media_type=Format.JSON.media_type)


def _stamp(connection: Connection, document: str) -> Stamp:
    return Stamp(newest_stamp(connection).dataset, orjson.loads(document)["revision"])
