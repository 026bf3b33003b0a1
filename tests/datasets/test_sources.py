"""What a dataset records of a source: its address, when it was retrieved, its licence."""

from pathlib import Path

import pytest
from sqlalchemy import Connection

from app.datasets.exporter import export_ndjson, export_yaml
from app.datasets.json_schema import dataset_schema
from app.records.located import DatasetInvalid
from app.records.source import SourceRecord
from tests.datasets.examples import load_text, problems_of, read

SOURCE = "sources: [{slug: memo, title: Memo, type: page, text: Words., %s}]"
FIELDS = "original_url: 'https://memo.example/1', retrieved: 2026-11-20, licence: 'As the publisher allows'"


def test_address_day_and_licence_are_exported_as_they_were_loaded(connection: Connection, tmp_path: Path) -> None:
    load_text(connection, tmp_path, SOURCE % FIELDS)

    line = "".join(export_ndjson(connection))
    for written in ('"original_url":"https://memo.example/1"', '"retrieved":"2026-11-20"', '"licence":"As the publisher allows"'):
        assert written in line
    assert load_text(connection, tmp_path, "".join(export_yaml(connection))).unchanged.total() == 1


@pytest.mark.parametrize("name", ["original_url", "url"])
def test_the_former_name_of_the_address_means_the_same(name: str, tmp_path: Path) -> None:
    [source] = read(tmp_path, SOURCE % f"{name}: 'https://memo.example/1'")

    assert isinstance(source.record, SourceRecord)
    assert source.record.original_url == "https://memo.example/1"


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ("retrieved: 20 November 2026", "expected a day, such as 2026-11-24"),
        ("retrieved: 2026-11", "expected a day, such as 2026-11-24"),
        ("retrieved: 1763596800", "expected a day, such as 2026-11-24"),
        ("retrieved: 2026-02-30", "day value is outside expected range"),
        ("original_url: 'https://memo.example/1', url: 'https://memo.example/2'", "original_url and url differ"),
    ],
)
def test_what_is_wrong_is_named(fields: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(DatasetInvalid) as invalid:
        read(tmp_path, SOURCE % fields)

    [(_, _, said)] = problems_of(invalid)
    assert message in said


def test_editors_are_told_that_the_former_name_is_deprecated() -> None:
    source = dataset_schema()["$defs"]["SourceRecord"]["properties"]  # type: ignore[index]

    assert source["url"]["deprecated"] is True
    assert "deprecated" not in source["original_url"]
