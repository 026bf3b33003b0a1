"""Merges two companies that are the same: the second gets every fact, name, identifier and URL of the first."""

from fastapi import Response
from sqlalchemy import Connection

from app.api.editing.changes import Target, current, respond_change
from app.api.editing.editor import Editor, find, require
from app.api.editing.requests import ChangeRequest
from app.errors.reading import InvalidParameters, NotFound
from app.errors.writing import Conflict, Gone
from app.records.company import CompanyRecord, OtherName
from app.records.located import FilePlace, LocatedRecord
from app.records.removal import remove
from app.records.rewriting import located_again, of_company, stored_records
from app.records.writer import StoredResource
from app.revisions.former_addresses import Moved, hand_over_addresses
from app.values.resources import FACT_KINDS

_PLACE = FilePlace("body", 0)
_LONGEST_SLUG = 100


def merge(connection: Connection, change: ChangeRequest, target: Target) -> Response:
    """Merges a company into another one, which is the response.

    If the other company has a fact with the same slug, the slug of the merged company is appended.
    """
    slug, into = target.slug, change.into
    if slug == into:
        raise InvalidParameters.on("into", "is the same company; name another one")
    with change.log(connection) as log:
        merged = current(connection, change, target, log.readable_dataset)
        staying = _staying(connection, into)
        editor = Editor(connection)
        united = _united(_company(merged), _company(staying))
        for kind in FACT_KINDS:
            for batch in list(stored_records(connection, kind, of_company(kind, merged.id), _PLACE)):
                for fact in batch:
                    stored = find(connection, kind, slug, fact.record.slug)
                    editor.write(log, editor.draft(_moved(connection, fact, into), stored))
        remove(connection, log, "company", [merged])
        hand_over_addresses(connection, merged.id, staying.id)
        written = editor.write(log, editor.draft(LocatedRecord(_PLACE, "company", None, united), staying))
        return respond_change(log, written.document or staying.document)


def _staying(connection: Connection, into: str) -> StoredResource:
    """The company that is merged into. Raises InvalidParameters with the nearest slug if it does not exist."""
    try:
        return require(connection, "company", None, into)
    except Moved as moved:
        message, addresses = f"the slug of the company {into!r} has changed", [moved.current]
    except Gone as gone:
        message, addresses = gone.detail, []
    except NotFound as missing:
        message, addresses = missing.detail, missing.suggestions or []
    slug = addresses[0].rpartition("/")[2] if addresses else None
    raise InvalidParameters.on("into", message, slug)


def _company(stored: StoredResource) -> CompanyRecord:
    record = located_again("company", stored.document, _PLACE).record
    if not isinstance(record, CompanyRecord):
        raise TypeError("a company's document makes a company")
    return record


def _united(merged: CompanyRecord, staying: CompanyRecord) -> CompanyRecord:
    """The company that stays, with the names, identifiers and citations of both. Raises Conflict if they are too many."""
    names = [*staying.other_names, OtherName(name=merged.name), *merged.other_names]
    by_name = {other.name: other for other in reversed(names) if other.name != staying.name}
    other_names = [other for other in names if by_name.get(other.name) is other]
    identifiers = list(dict.fromkeys((one.scheme, one.value) for one in (*staying.identifiers, *merged.identifiers)))
    citations = [*staying.citations, *(one for one in merged.citations if one not in staying.citations)]
    united = staying.model_dump() | {
        "other_names": [name.model_dump() for name in other_names],
        "identifiers": [{"scheme": scheme, "value": value} for scheme, value in identifiers],
        "citations": [citation.model_dump() for citation in citations],
    }
    for name in ("country", "founded", "summary", "note"):
        united[name] = united[name] or merged.model_dump()[name]
    for name in ("other_names", "identifiers", "citations"):
        if len(united[name]) > 50:
            raise Conflict(f"Together they have more than 50 {name}; remove some first.")
    return CompanyRecord.model_validate(united)


def _moved(connection: Connection, fact: LocatedRecord, into: str) -> LocatedRecord:
    """The fact as one of the other company, with a slug that is free there."""
    slug, long_slug, ending, number = fact.record.slug, f"{fact.record.slug}-{fact.company}", "", 1
    while find(connection, fact.kind, into, slug) is not None:
        slug = long_slug[: _LONGEST_SLUG - len(ending)].rstrip("-") + ending
        number += 1
        ending = f"-{number}"
    record = fact.record.model_copy(update={"slug": slug})
    return LocatedRecord(fact.place, fact.kind, into, record)
