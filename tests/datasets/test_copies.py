"""Citations checked against a copy of the text that is not stored, and pruning within a scope, on the command line."""

import hashlib
import json
from pathlib import Path
from typing import Any

from sqlalchemy import Row, select

from app.database.models import Base
from tests.cli.conftest import CommandLine
from tests.datasets.examples import TEXT, write
from tests.datasets.test_sync import MOSS, empty, folder, loaded

__all__ = ["empty", "folder", "loaded"]


def test_only_facts_of_the_named_company_are_pruned(loaded: CommandLine, folder: Path) -> None:
    loaded.output("load", str(write(folder, MOSS + "\n", "moss.yaml")), "--prune-company", "fernhold")
    assert [row.slug for row in rows(loaded, "companies")] == ["fernhold", "moss"]
    assert [rows(loaded, kind) for kind in ("milestones", "products", "metrics")] == [[], [], []]


def test_citations_are_checked_against_a_copy_that_is_not_stored(empty: CommandLine, folder: Path) -> None:
    copy, file = write(folder, TEXT, "copy.txt"), write(folder, private({"quote": "12 countries"}))

    empty.output("load", str(file), "--text", str(copy))

    [citation] = rows(empty, "citations")
    assert (citation.paragraph, citation.sentence, citation.checked) == (2, 1, "text")
    assert TEXT[citation.start_character : citation.end_character] == "12 countries"
    assert [row.text for row in rows(empty, "sources")] == [None]
    assert json.loads(rows(empty, "products")[0].document)["citations"][0]["quote"] is None


def test_verify_records_that_citations_were_checked_and_loading_again_keeps_that(empty: CommandLine, folder: Path) -> None:
    start = TEXT.index("12 countries")
    passage = {"start": start, "end": start + 12, "sha256": hashlib.sha256(b"12 countries").hexdigest()}
    copy, file = write(folder, TEXT, "copy.txt"), write(folder, private({"paragraph": 2, "sentence": 1} | passage))
    empty.output("load", str(file))
    assert [row.checked for row in rows(empty, "citations")] == ["claimed"]

    result = empty("verify", "--text", str(copy), "--record")

    assert "Recorded: 1 companies and facts have checked citations now" in result.stderr
    empty.output("load", str(file))
    assert [row.checked for row in rows(empty, "citations")] == ["text"]


def private(citation: dict[str, object]) -> str:
    """A dataset without the text of its source, with one fact."""
    source = {"slug": "fern-rising", "title": "Fern Rising", "type": "article", "body_start": TEXT.index("Fernhold")}
    extent = {"length": len(TEXT), "sha256": hashlib.sha256(TEXT.encode()).hexdigest()}
    product = {"slug": "glod", "name": "Glød", "category": "product", "citations": [{"source": "fern-rising"} | citation]}
    company = {"slug": "fernhold", "name": "Fernhold", "products": [product]}
    return json.dumps({"sources": [source | extent], "companies": [company]})


def rows(command: CommandLine, table: str) -> list[Row[Any]]:
    with command.database() as database, database.reading() as connection:
        return list(connection.execute(select(Base.metadata.tables[table])))
