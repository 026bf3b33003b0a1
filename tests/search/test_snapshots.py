"""A change that comes between two statements of an answer does not get into it by halves."""

import asyncio
from collections.abc import Callable, Sequence

import pytest
from sqlalchemy import Connection

from app.api.search import corrections
from app.api.search import service as answering
from app.api.search import suggest as suggestions
from app.api.search.corrections import Correction
from app.database.database import Database
from app.search.words import Term
from tests.changes.asgi import Call, application
from tests.changes.writing import write

NOTHING = {
    "/v1/search": {"items": [], "next": None, "corrected": None, "note": None},
    "/v1/suggest": {"items": []},
}


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> list[Sequence[Term]]:
    """The corrections that are begun, by their terms."""
    found: list[Sequence[Term]] = []

    def correct(connection: Connection, terms: Sequence[Term]) -> Correction:
        found.append(terms)
        return corrections.correct(connection, terms)

    for module in (answering, suggestions):
        monkeypatch.setattr(module, "correct", correct)
    return found


def rename_within(database: Database, monkeypatch: pytest.MonkeyPatch, step: str, *, before: bool) -> None:
    """Kuaishou gets another name before or after a step of the first correction is taken."""
    take: Callable[..., object] = getattr(corrections, step)
    taken: list[object] = []

    def renaming(*arguments: object) -> object:
        found = None if before else take(*arguments)
        if not taken:
            write(database, "alpha", name="Another")
        taken.append(arguments)
        return take(*arguments) if before else found

    monkeypatch.setattr(corrections, step, renaming)


@pytest.mark.parametrize(("step", "before"), [("_living", False), ("_nearest", True), ("_nearest", False)])
@pytest.mark.parametrize("path", NOTHING)
def test_what_was_corrected_before_a_change_is_not_searched_after_it(
    database: Database, monkeypatch: pytest.MonkeyPatch, begun: list[Sequence[Term]], path: str, step: str, *, before: bool
) -> None:
    write(database, "alpha", name="Kuaishou")
    rename_within(database, monkeypatch, step, before=before)

    async def scenario() -> None:
        async with application(database.url.render_as_string(hide_password=False)) as (app, _):
            assert await Call(app, path, "q=kuaishuo").finished() == NOTHING[path]

    asyncio.run(scenario())
    assert len(begun) == 2
