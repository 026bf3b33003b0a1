"""Withdrawing the text of a source: no quote of it is left, in past states either (ADR 13)."""

import json
import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import ColumnElement, Connection, bindparam, func, or_, select, update

from app.database.history_tables import HISTORY_TABLES
from app.database.models import Base, Revision
from app.records.writer import Written
from app.revisions.log import RevisionLog
from app.values.resources import PLURALS, Kind

_REVISIONS_AT_ONCE = 2_000
_REVISIONS, _RESPONSES = Base.metadata.tables["revisions"], Base.metadata.tables["idempotent_answers"]
_STATES_TEXT, _STATES_NONE = ',"has_text":true', ',"has_text":false'


def is_withdrawn(written: Written) -> bool:
    """Whether a change of a source withdrew its text."""
    before, after = _states(written)
    return after and not before


def is_served_again(written: Written) -> bool:
    """Whether a change of a source brought back a text that was withdrawn."""
    before, after = _states(written)
    return before and not after and bool(json.loads(str(written.document))["has_text"])


def _states(written: Written) -> tuple[bool, ...]:
    """Whether the text of a source was withdrawn before a change, and after it."""
    if written.previous is None or written.document is None:
        return False, False
    return tuple(bool(json.loads(document).get("withdrawn")) for document in (written.previous, written.document))


def forget_text(connection: Connection, log: RevisionLog, source_id: int) -> None:
    """Removes the texts that a source had, and every quote of them, from the history and from stored responses.

    What is current was written without them before. The past reads differently from now on, so the dataset gets a new name.
    """
    _forget_texts(connection, source_id)
    slugs = _Slugs(connection, source_id)
    for first in range(source_id, log.newest + 1, _REVISIONS_AT_ONCE):  # a source's id is the number of its first revision
        _forget_quotes(connection, slugs, first)
    _forget_responses(connection, slugs)
    log.rename_dataset()


class _Slugs:
    """The slugs that a source has had. At another time each may have been that of another source."""

    def __init__(self, connection: Connection, source_id: int) -> None:
        query = select(Revision.number, Revision.url).where(Revision.resource_id == source_id).order_by(Revision.number)
        rows = connection.execute(query).all()
        self._since = [row.number for row in rows]
        self._slugs: list[str] = [row.url.rpartition("/")[2] for row in rows]

    @property
    def all(self) -> Collection[str]:
        return set(self._slugs)

    def at(self, revision: int) -> str:
        return self._slugs[bisect_right(self._since, revision) - 1]


def _forget_texts(connection: Connection, source_id: int) -> None:
    past = HISTORY_TABLES["sources"]
    document = func.replace(past.c.document, _STATES_TEXT, _STATES_NONE)
    connection.execute(update(past).where(past.c.id == source_id).values(text=None, document=document))
    document = func.replace(Revision.document, _STATES_TEXT, _STATES_NONE)
    connection.execute(update(Revision).where(Revision.resource_id == source_id).values(document=document))


def _forget_quotes(connection: Connection, slugs: _Slugs, first: int) -> None:
    """In the next revisions, and in the rows of the history tables that hold the same documents."""
    near = _REVISIONS.c.number.between(first, first + _REVISIONS_AT_ONCE - 1)
    found: dict[Kind, list[dict[str, object]]] = defaultdict(list)
    for row in connection.execute(select(_REVISIONS).where(near, _cites_any(_REVISIONS.c.document, slugs.all))).all():
        document = _without_quotes(row.document, {slugs.at(row.number)})
        if document != row.document:
            found[row.kind].append({"resource": row.resource_id, "since": row.number, "unquoted": document})
    for kind, values in found.items():
        past = HISTORY_TABLES[PLURALS[kind]]
        same = past.c.id == bindparam("resource"), past.c.revision == bindparam("since")
        for rewriting in (update(_REVISIONS).where(_REVISIONS.c.number == bindparam("since")), update(past).where(*same)):
            connection.execute(rewriting.values(document=bindparam("unquoted")), values)


def _forget_responses(connection: Connection, slugs: _Slugs) -> None:
    """In the responses that are stored for requests which are sent again."""
    stored = _RESPONSES.c
    rows = connection.execute(select(_RESPONSES).where(_cites_any(stored.body, slugs.all))).all()
    values = [
        {"key": row.api_key_id, "repeated": row.idempotency_key, "unquoted": _without_quotes(row.body, slugs.all)} for row in rows
    ]
    if values:
        same = stored.api_key_id == bindparam("key"), stored.idempotency_key == bindparam("repeated")
        connection.execute(update(_RESPONSES).where(*same).values(body=bindparam("unquoted")), values)


def _cites_any(document: ColumnElement[str], slugs: Collection[str]) -> ColumnElement[bool]:
    return or_(*(document.contains(f'"source":"{slug}","') for slug in slugs))


def _without_quotes(document: str, slugs: Collection[str]) -> str:
    """A document whose citations of these sources have no quote. Inside a JSON string each of the quotation marks is escaped."""
    cited = rf'"source":"(?:{"|".join(slugs)})","source_url":"[^"]*",(?:"[a-z]+":[0-9]+,)+"sha256":"[0-9a-f]+","quote":'
    return re.sub(rf'({cited})"(?:[^"\\]|\\.)*"', r"\1null", document)
