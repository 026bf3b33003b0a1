"""What the endpoints that write do, each in one transaction and under the lock on the newest revision."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import orjson
from fastapi import Response
from pydantic import BaseModel
from sqlalchemy import Connection

from app.api.editing.editor import Draft, Editor, require, text_of
from app.api.editing.idempotency import first_answer, remember
from app.api.editing.record_from_body import new_record, patched_record, replaced_record
from app.api.editing.requests import ChangeRequest
from app.api.facts.queries import require_company
from app.database.dialects import POSTGRESQL
from app.errors.problem import Problem
from app.errors.writing import Conflict
from app.http.conditional import Stamp
from app.http.negotiation import Format
from app.http.responses import REVISION_HEADER
from app.http.root_path import under_root_path
from app.records.located import LocatedRecord
from app.records.removal import in_the_way, remove, remove_facts
from app.records.writer import StoredResource
from app.revisions.former_addresses import Moved, address_of
from app.revisions.log import RevisionLog, read_head
from app.values.resources import Kind


@dataclass(frozen=True)
class Target:
    """What the URL of a request names: a kind, the company of a fact, and the slug of the resource to change."""

    kind: Kind
    company: str | None = None
    slug: str = ""


Drafting = Callable[[str], Draft]
"""What makes a draft, given the name of the dataset. It only reads, so that it can be run again."""


@contextmanager
def locked(connection: Connection, change: ChangeRequest, make: Drafting) -> Iterator[tuple[RevisionLog, Callable[[], Draft]]]:
    """The locked log, and a function that gives the draft to write.

    On PostgreSQL writers wait for each other as long as one of them holds the lock, so the draft is made before. If what it
    was made from has changed by the time the lock is held, or if making it failed, it is made again under the lock: what a
    client receives is always true of the newest revision. On SQLite the transaction has held the lock since it began.
    """
    early, head = None, None
    if connection.dialect.name == POSTGRESQL:
        head = read_head(connection)
        with suppress(Problem, Moved):
            early = make(head.dataset)
    with change.log(connection, early.read_at(head.newest) if early and head else None) as log:
        yield log, lambda: early if early and log.reading_holds else make(log.readable_dataset)


def create(connection: Connection, change: ChangeRequest, target: Target) -> Response:
    """Creates what the body describes, unless the response to this very request is stored."""
    if target.company is not None:
        require_company(connection, target.company)
    located = new_record(target.kind, target.company, change.body)
    editor = Editor(connection)
    with locked(connection, change, lambda _: editor.draft(located, None)) as (log, draft):
        repeated = first_answer(connection, change, log.recorded_at)
        if repeated is not None:
            return repeated
        written = editor.write(log, draft())
        response = respond_change(log, str(written.document), status=201)
        remember(connection, change, response, log.recorded_at)
    return response


RecordReader = Callable[[Kind, str | None, bytes, str, str | None], LocatedRecord]
"""What makes a record of a body and what is stored: kind, company, body, document, text."""


def replace(connection: Connection, change: ChangeRequest, target: Target) -> Response:
    """Replaces a resource with what the body describes."""
    return _change(connection, change, target, replaced_record)


def patch(connection: Connection, change: ChangeRequest, target: Target) -> Response:
    """Changes those fields of a resource that the body names."""
    return _change(connection, change, target, patched_record)


def _change(connection: Connection, change: ChangeRequest, target: Target, read: RecordReader) -> Response:
    editor = Editor(connection)

    def make(dataset: str) -> Draft:
        stored = current(connection, change, target, dataset)
        text = text_of(connection, target.kind, stored)
        served = under_root_path(stored.document, change.root_path)
        return editor.draft(read(target.kind, target.company, change.body, served, text), stored)

    with locked(connection, change, make) as (log, draft):
        written = editor.write(log, draft())
        return respond_change(log, written.document or str(written.previous))


def remove_resource(connection: Connection, change: ChangeRequest, target: Target) -> Response:
    """Deletes a resource that nothing refers to. Its past stays readable."""
    with change.log(connection) as log:
        stored = current(connection, change, target, log.readable_dataset)
        if change.with_facts:
            remove_facts(connection, log, stored.id)
        addresses = in_the_way(connection, target.kind, [stored.id])
        if addresses:
            what = "has facts; delete them first, or add with_facts=true" if target.kind == "company" else "is still cited"
            raise Conflict(f"The {target.kind} {target.slug!r} {what}.", suggestions=addresses)
        remove(connection, log, target.kind, [stored])
        return Response(status_code=204, headers={REVISION_HEADER: str(log.newest)})


def current(connection: Connection, change: ChangeRequest, target: Target, dataset: str) -> StoredResource:
    """The resource to change. Raises NotFound, Moved, Gone, and what is wrong with ``If-Match``."""
    stored = require(connection, target.kind, target.company, target.slug)
    change.require_match(_stamp(dataset, stored.document))
    return stored


def respond_change(log: RevisionLog, document: str, *, status: int = 200) -> Response:
    """The resource after the change, with its URL and its new ETag."""
    address = address_of(document)
    headers = {
        "ETag": _stamp(log.dataset, document).etag(Format.JSON),
        "Cache-Control": "no-store",
        "Content-Location": address,
        REVISION_HEADER: str(log.newest),
    }
    if status == 201:
        headers["Location"] = address
    return Response(document.encode(), status_code=status, headers=headers, media_type=Format.JSON.media_type)


def respond_result(result: BaseModel, newest: int, *, dry_run: bool) -> Response:
    """What a change of many resources did. A dry run leads to no revision."""
    headers = {"Cache-Control": "no-store"} | ({} if dry_run else {REVISION_HEADER: str(newest)})
    return Response(result.model_dump_json(), media_type=Format.JSON.media_type, headers=headers)


def _stamp(dataset: str, document: str) -> Stamp:
    return Stamp(dataset, orjson.loads(document)["revision"])
