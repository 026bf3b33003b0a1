"""A change that comes between two statements of an answer does not get into it by halves."""

import asyncio
from collections.abc import Sequence

import pytest
from sqlalchemy import Connection

from app.db import Database
from app.search import answering, corrections, suggestions
from app.search.corrections import Correction
from app.search.words import Term
from tests.changes.asgi import Call, application
from tests.changes.writing import write


@pytest.fixture
def renamed_after_correction(database: Database, monkeypatch: pytest.MonkeyPatch) -> list[Correction]:
    """Kuaishou gets another name right after the first misspelling was put right. The corrections that were made."""
    made: list[Correction] = []

    def correct(connection: Connection, terms: Sequence[Term]) -> Correction:
        made.append(corrections.correct(connection, terms))
        if len(made) == 1:
            write(database, "alpha", name="Another")
        return made[-1]

    for module in (answering, suggestions):
        monkeypatch.setattr(module, "correct", correct)
    return made


@pytest.mark.parametrize(
    ("path", "nothing"),
    [
        ("/v1/search", {"items": [], "next": None, "corrected": None, "note": None}),
        ("/v1/suggest", {"items": []}),
    ],
)
def test_what_was_put_right_before_a_change_is_not_searched_after_it(
    database: Database, renamed_after_correction: list[Correction], path: str, nothing: object
) -> None:
    write(database, "alpha", name="Kuaishou")

    async def scenario() -> None:
        async with application(database.url.render_as_string(hide_password=False)) as (app, _):
            assert await Call(app, path, "q=kuaishuo").finished() == nothing
            assert [correction.query for correction in renamed_after_correction] == ["kuaishou", None]

    asyncio.run(scenario())
