"""``load --dry-run``, ``--prune`` and ``--format``: a file and a database made alike, and what that would change."""

import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app.database.models import Base
from tests.cli.conftest import CommandLine, message
from tests.cli.processes import SECONDS, environment
from tests.databases import Databases
from tests.datasets.examples import TEXT, dataset, write

_VALUE_CHANGED = dataset("2600000000").replace("stated_as: above 2.5", "stated_as: above 2.6")
CHANGED = _VALUE_CHANGED.replace("Fernhold\n", "Fernhold Group\n").replace("slug: glod", "slug: lamp")
"""The example with another value and name, and a product under another slug."""
MOSS = "companies: [{slug: moss, name: Moss}]"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def empty(databases: Databases) -> CommandLine:
    """The commands on a migrated database without rows."""
    return CommandLine(databases.copy(databases.migrated))


@pytest.fixture
def loaded(empty: CommandLine, folder: Path) -> CommandLine:
    """The commands on the example dataset."""
    empty.output("load", str(write(folder, dataset())))
    return empty


def contents(command: CommandLine) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table."""
    with command.database() as database, database.reading() as connection:
        tables = Base.metadata.tables.items()
        return {name: sorted(map(tuple, connection.execute(select(table))), key=repr) for name, table in tables}


def test_a_dry_run_prints_the_differences_and_changes_nothing(loaded: CommandLine, folder: Path) -> None:
    before, file = contents(loaded), str(write(folder, CHANGED + "  - {slug: moss, name: Moss}\n", "changed.yaml"))
    result = loaded("load", "--dry-run", file)

    assert result.exit_code == 0, result.stderr
    assert result.stdout.splitlines() == [
        "update /v1/companies/fernhold",
        "    name: 'Fernhold' → 'Fernhold Group'",
        "create /v1/companies/moss",
        "create /v1/companies/fernhold/products/lamp",
        "    cites fern-rising, paragraph 2 sentence 1: 'The lamp “Glød” 💡 sells in 12 countries.'",
        "update /v1/companies/fernhold/metrics/sales",
        "    value: 2500000000 → 2600000000",
        "    stated_as: 'above 2.5 billion crowns' → 'above 2.6 billion crowns'",
        *[line for line in result.stdout.splitlines() if line.startswith("    equivalent.")],
    ]
    assert result.stderr == "Would load: 2 created, 2 updated, 2 unchanged; newest revision 9\n"
    assert contents(loaded) == before


def test_what_a_dry_run_says_is_what_a_load_does(loaded: CommandLine, folder: Path) -> None:
    file = str(write(folder, CHANGED, "changed.yaml"))
    said = [loaded("load", "--prune", option, file).stderr for option in ("--dry-run", "--prune")]

    assert said[0].removeprefix("Would load") == said[1].removeprefix("Loaded")
    assert "1 created, 2 updated, 1 deleted, 2 unchanged" in said[1]
    assert loaded("load", "--dry-run", "--prune", file).stdout == ""


def test_a_dry_run_describes_a_text_by_its_length_and_digest(loaded: CommandLine, folder: Path) -> None:
    before = contents(loaded)
    reported = loaded.output("load", "--dry-run", str(write(folder, dataset(text=TEXT + "More.\n"), "longer.yaml"))).decode()

    assert reported.startswith("update /v1/sources/fern-rising\n    length: ")
    assert "    sha256: " in reported
    assert contents(loaded) == before


def test_a_dry_run_of_what_is_wrong_says_what_a_load_says(loaded: CommandLine, folder: Path) -> None:
    file = str(write(folder, dataset().replace("unit: NOK", "unit: Not A Unit"), "wrong.yaml"))
    runs = [loaded("load", *option, file) for option in ([], ["--dry-run"])]

    assert runs[0].exit_code == runs[1].exit_code == 1
    assert runs[0].stderr == runs[1].stderr
    assert runs[1].stdout == ""


def test_a_dry_run_prints_no_control_characters(empty: CommandLine) -> None:
    empty.output("load", "-", given=b'{"kind":"company","slug":"moss","name":"Moss","note":"one\\ntwo"}')
    given = json.dumps({"kind": "company", "slug": "moss", "name": "Moss", "note": "one\n\ttwo\u2028\u202ethree"}).encode()
    reported = empty.output("load", "--dry-run", "-", given=given).decode()

    assert reported.count("\n") == 2
    assert all(character.isprintable() for line in reported.splitlines() for character in line)


def test_pruning_makes_the_database_hold_what_the_file_holds(loaded: CommandLine, databases: Databases, folder: Path) -> None:
    loaded.output("load", "-", given=b'{"kind":"company","slug":"moss","name":"Moss"}')
    file = str(write(folder, CHANGED, "changed.yaml"))
    fresh = CommandLine(databases.copy(databases.migrated))
    fresh.output("load", file)

    assert loaded("load", "--prune", file).stderr == (
        "Loaded: 1 created, 2 updated, 2 deleted, 2 unchanged; newest revision 11\n"
    )
    assert loaded.output("export") == fresh.output("export")
    assert loaded.rows()["search_entries"] == fresh.rows()["search_entries"]
    assert loaded("load", "--prune", file).stderr.endswith("0 created, 0 updated, 5 unchanged; newest revision 11\n")


def test_pruning_by_an_empty_file_leaves_nothing_but_the_log(loaded: CommandLine, folder: Path) -> None:
    loaded.output("load", "--prune", str(write(folder, "companies: []", "nothing.yaml")))

    assert loaded.output("export") == b"sources: []\ncompanies: []\n"
    assert loaded.rows()["revisions"] == 10
    loaded.output("undo", "6-10")
    assert b"slug: glod" in loaded.output("export")


@pytest.mark.parametrize(
    ("line", "reported"),
    [
        (
            {"kind": "product", "company": "fernhold", "slug": "new", "name": "New", "category": "product"},
            "/v1/companies/fernhold/products/new: the company that it refers to is not in the dataset",
        ),
        (
            {"kind": "company", "slug": "moss", "name": "Moss"},
            "/v1/companies/moss: the source that it refers to is not in the dataset",
        ),
    ],
)
def test_what_stays_keeps_what_it_refers_to(loaded: CommandLine, line: dict[str, Any], reported: str) -> None:
    before = contents(loaded)
    cited = line | {"citations": [{"source": "fern-rising", "paragraph": 1, "sentence": 1}]}
    source: dict[str, Any] = {"kind": "source", "slug": "fern-rising", "title": "Fern Rising", "type": "article", "text": TEXT}
    source |= {"authors": ["A. Writer"], "language": "en", "body_start": TEXT.index("Fernhold")}
    lines = [cited] if line["kind"] == "company" else [cited, source]
    result = loaded("load", "--prune", "-", given="\n".join(map(json.dumps, lines)).encode())

    assert result.exit_code == 1
    assert reported in result.stderr
    assert result.stderr.endswith("company-profiles: nothing was loaded\n")
    assert contents(loaded) == before


@pytest.mark.parametrize("form", ["yaml", "ndjson"])
def test_an_export_loads_to_the_same_export_and_then_changes_nothing(
    loaded: CommandLine, databases: Databases, folder: Path, form: str
) -> None:
    exported = loaded.output("export", "--format", form)
    file = str(write(folder, exported, f"export.{form}"))
    fresh = CommandLine(databases.copy(databases.migrated))
    fresh.output("load", file)

    assert fresh.output("export", "--format", form) == exported
    for command in (loaded, fresh):
        before = contents(command)
        command.output("load", "--prune", file)
        assert contents(command) == before


def test_the_same_dataset_as_json_loads_to_the_same_export(loaded: CommandLine, databases: Databases, folder: Path) -> None:
    fields: dict[str, list[dict[str, Any]]] = {"sources": [], "companies": []}
    for line in loaded.output("export", "--format", "ndjson").splitlines():
        record = json.loads(line)
        kind = record.pop("kind")
        if kind in ("source", "company"):
            fields["sources" if kind == "source" else "companies"].append(record)
        else:
            owner = next(company for company in fields["companies"] if company["slug"] == record.pop("company"))
            owner.setdefault(f"{kind}s", []).append(record)
    fresh = CommandLine(databases.copy(databases.migrated))
    fresh.output("load", str(write(folder, json.dumps(fields), "same.json")))

    assert fresh.output("export") == loaded.output("export")


@pytest.mark.parametrize(
    ("name", "form", "content"),
    [
        ("data.txt", "yaml", MOSS),
        ("data.ndjson", "yaml", MOSS),
        ("data.yaml", "ndjson", '{"kind":"company","slug":"moss","name":"Moss"}'),
        ("data.yaml", "json", '{"companies":[{"slug":"moss","name":"Moss"}]}'),
        ("data", "json", '{"companies":[{"slug":"moss","name":"Moss"}]}'),
    ],
)
def test_the_format_that_is_named_wins_over_the_ending(
    empty: CommandLine, folder: Path, name: str, form: str, content: str
) -> None:
    file = str(write(folder, content, name))

    assert empty("load", file, "--format", form).stderr == "Loaded: 1 created, 0 updated, 0 unchanged; newest revision 1\n"


def test_standard_input_is_of_the_format_that_is_named(empty: CommandLine) -> None:
    assert empty("load", "-", "--format", "yaml", given=MOSS.encode()).exit_code == 0
    assert "slug: moss" in empty.output("export").decode()
    said = message(empty("load", "-", "--format", "xml", given=b""), 2)
    assert said.startswith("--format takes yaml, json, ndjson, gleif-lei, ")


@pytest.fixture
def waiting(empty: CommandLine, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A load that waits for more of standard input, of which it has read the most: a pipe holds 64 KiB."""
    process = subprocess.Popen(
        [sys.executable, "-m", "app", "load", "-"],
        cwd=folder,
        env=environment({"database_url": empty.database_url, "database_wait_seconds": "1"}),
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdin
    for number in range(5_000):
        process.stdin.write(b'{"kind":"company","slug":"slow-%d","name":"Slow"}\n' % number)
    process.stdin.flush()
    yield process
    process.kill()
    process.communicate(timeout=SECONDS)


def test_a_slow_pipe_keeps_nobody_from_writing(empty: CommandLine, waiting: subprocess.Popen[bytes]) -> None:
    assert waiting.poll() is None
    for number in range(3):
        empty.output("load", "-", given=f'{{"kind":"company","slug":"c{number}","name":"C"}}'.encode(), database_wait_seconds="1")
    _, messages = waiting.communicate(timeout=SECONDS)

    assert messages == b"Loaded: 5,000 created, 0 updated, 0 unchanged; newest revision 5,003\n"


def test_a_dry_run_leaves_no_lock_behind(folder: Path) -> None:
    command = CommandLine(f"sqlite:///{folder / 'file.db'}")
    command.output("load", "--dry-run", str(write(folder, MOSS)))

    with sqlite3.connect(folder / "file.db", timeout=0) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        assert connection.execute("SELECT count(*) FROM revisions").fetchone() == (0,)
    connection.close()
