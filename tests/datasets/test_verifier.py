"""Proving citations against a text."""

from pathlib import Path

import pytest
from sqlalchemy import Connection, update

from app.database.models import Citation
from app.datasets.verifier import UnknownSource, verify
from tests.datasets.examples import TEXT, dataset, load_text


def test_the_text_itself_proves_every_citation(connection: Connection, tmp_path: Path) -> None:
    load_text(connection, tmp_path, dataset())
    report = verify(connection, TEXT, "fern-rising")
    assert (report.ok, report.verified, str(report)) == (True, 4, "fern-rising: 4 citations verified")


def test_an_altered_text_fails_saying_first_that_it_is_another_one(connection: Connection, tmp_path: Path) -> None:
    load_text(connection, tmp_path, dataset())
    report = verify(connection, TEXT.replace("12 countries", "112 countries"))
    assert (report.ok, report.verified, report.failed) == (False, 3, 1)
    first, second, third, last = str(report).splitlines()
    assert first == f"fern-rising: the text has {len(TEXT) + 1} characters, the source {len(TEXT)}"
    assert "the texts differ" in second
    start = TEXT.index("The lamp")
    assert third == (
        "/v1/companies/fernhold/products/glod: paragraph 2 sentence 1:"
        f" the passage {start}–{start + len('The lamp “Glød” 💡 sells in 12 countries.')} has another digest"
    )
    assert last == "fern-rising: 3 citations verified, 1 not"


def test_a_wrong_sentence_number_fails(connection: Connection, tmp_path: Path) -> None:
    load_text(connection, tmp_path, dataset())
    connection.execute(update(Citation).where(Citation.product_id.is_not(None)).values(sentence=2))
    report = verify(connection, TEXT)
    assert report.failed == 1
    assert "lies in paragraph 2 sentence 1, not within paragraph 2 sentence 2" in report.failures[0]


def test_a_short_text_fails_beyond_its_end(connection: Connection, tmp_path: Path) -> None:
    load_text(connection, tmp_path, dataset())
    report = verify(connection, TEXT[:100])
    assert report.failed >= 1
    assert any("lies beyond the end, 100" in failure for failure in report.failures)
    assert verify(connection, "").failed == 4


def test_the_source_is_found_by_its_digest_or_must_be_named(connection: Connection, tmp_path: Path) -> None:
    with pytest.raises(UnknownSource, match="the database has no sources"):
        verify(connection, TEXT)
    load_text(connection, tmp_path, dataset())
    load_text(connection, tmp_path, '{"kind":"source","type":"page","slug":"other","title":"O","text":"O"}', "a.ndjson")
    assert verify(connection, TEXT).source == "fern-rising"
    with pytest.raises(UnknownSource, match="name the source of the text; known sources: fern-rising, other"):
        verify(connection, "altered")
    with pytest.raises(UnknownSource, match="there is no source 'x'"):
        verify(connection, TEXT, "x")
