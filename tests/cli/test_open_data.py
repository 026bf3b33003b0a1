"""``load --format`` with open data as it is published."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import CommandLine
from tests.datasets.open_data.examples import (
    claim,
    company_facts,
    concept,
    entity,
    entity_data,
    entry,
    golden_copy,
    lei_row,
    quantity,
)

FILES = {
    "gleif-lei": golden_copy(lei_row()),
    "sec-companyfacts": company_facts(Revenues=concept("USD", entry(12_000_000, "2023-12-31", "2023-01-01"))),
    "wikidata": entity_data(entity(claim("P856", "https://fernhold.example"))),
}


@pytest.mark.parametrize("format", FILES)
def test_open_data_is_loaded_from_standard_input_and_what_is_left_out_is_reported(empty: CommandLine, format: str) -> None:
    loaded = empty("load", "-", "--format", format, given=FILES[format])

    assert loaded.exit_code == 0, loaded.stderr
    assert loaded.stderr.splitlines()[-1].startswith("Loaded: ")
    assert empty.rows()["companies"] == 1
    assert all(line.startswith("Left out: ") and line.endswith((" time", " times")) for line in loaded.stderr.splitlines()[:-1])


def test_the_columns_of_a_golden_copy_that_are_not_taken_are_named(empty: CommandLine) -> None:
    loaded = empty("load", "-", "--format", "gleif-lei", given=golden_copy(lei_row(**{"Entity.LegalJurisdiction": "NO"})))

    assert "Left out: Entity.LegalJurisdiction, 1 time" in loaded.stderr.splitlines()


def test_a_file_that_is_not_of_the_format_is_refused_by_line(empty: CommandLine) -> None:
    refused = empty("load", "-", "--format", "gleif-lei", given=b"name,country\nFernhold,NO\n")

    assert refused.exit_code == 1
    assert refused.stderr.startswith("standard input:1: ")
    assert empty.rows()["companies"] == 0


def test_natural_persons_are_loaded_on_request(empty: CommandLine) -> None:
    person = golden_copy(lei_row(**{"Entity.EntityCategory": "SOLE_PROPRIETOR"}))

    kept_out = empty("load", "-", "--format", "gleif-lei", given=person)
    assert "Left out: record: SOLE_PROPRIETOR, a natural person; --natural-persons loads it, 1 time" in kept_out.stderr
    assert empty.rows()["companies"] == 0

    asked = empty("load", "-", "--format", "gleif-lei", "--natural-persons", given=person)
    assert asked.exit_code == 0, asked.stderr
    assert empty.rows()["companies"] == 1
    assert "SOLE_PROPRIETOR: a natural person in trade." in empty("export").stdout


def test_natural_persons_are_refused_with_other_formats(empty: CommandLine) -> None:
    refused = empty("load", "-", "--format", "wikidata", "--natural-persons", given=FILES["wikidata"])

    assert refused.exit_code == 2
    assert "--natural-persons needs --format gleif-lei" in refused.stderr


def test_a_report_lists_what_is_left_out(empty: CommandLine, tmp_path: Path) -> None:
    report = tmp_path / "left-out.ndjson"
    content = golden_copy(lei_row(**{"Entity.LegalJurisdiction": "NO", "Entity.LegalAddress.Country": "Norway"}))
    loaded = empty("load", "-", "--format", "gleif-lei", "--report", str(report), given=content)

    assert loaded.exit_code == 0, loaded.stderr
    first, *rest = [json.loads(line) for line in report.read_text(encoding="utf-8").splitlines()]
    assert first == {
        "file": "standard input",
        "line": 2,
        "path": None,
        "field": "Entity.LegalAddress.Country",
        "kind": "refused",
        "reason": "not an ISO 3166-1 code",
        "value": "Norway",
    }
    assert [one["field"] for one in rest] == ["Entity.LegalJurisdiction"]


@pytest.mark.any_engine
def test_a_load_that_fails_leaves_no_report(empty: CommandLine, tmp_path: Path) -> None:
    report = tmp_path / "left-out.ndjson"
    assert empty("load", "-", "--format", "gleif-lei", "--report", str(report), given=b"name\n").exit_code == 1
    assert not report.exists()
    nowhere = empty("load", "-", "--format", "gleif-lei", "--report", str(tmp_path / "no" / "file"), given=FILES["gleif-lei"])
    assert (nowhere.exit_code, "cannot write" in nowhere.stderr) == (3, True)


@pytest.mark.any_engine
def test_an_invalid_lei_is_one_error(empty: CommandLine) -> None:
    refused = empty("load", "-", "--format", "gleif-lei", given=golden_copy(lei_row("5299FERNHOLD00000083")))

    assert refused.stderr.splitlines()[:-1] == [
        "standard input:2: LEI: '5299FERNHOLD00000083' is no LEI: 20 characters whose last two are check digits (ISO 17442)"
    ]


ITEM = json.dumps(entity(claim("P1128", quantity("+5")))).encode()


@pytest.mark.parametrize(
    ("format", "content"), [("gleif-lei", golden_copy(lei_row(), lei_row())), ("wikidata", b"\n".join([ITEM, ITEM]))]
)
def test_an_entry_that_is_given_twice_is_one_error(empty: CommandLine, format: str, content: bytes) -> None:
    refused = empty("load", "-", "--format", format, given=content)

    assert refused.exit_code == 1
    assert [line for line in refused.stderr.splitlines() if "was given before" in line] == refused.stderr.splitlines()[-2:-1]
