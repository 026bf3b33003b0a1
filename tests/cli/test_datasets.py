"""``load``, ``export`` and ``verify``."""

import errno
import os
import pty
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Connection, select

import seed
from app.database.models import Revision
from app.datasets.exporter import EXPORTERS
from app.datasets.loader import load
from app.datasets.reader import read_dataset
from tests.cli.conftest import CommandLine, message
from tests.cli.processes import SECONDS, environment, start
from tests.datasets.examples import TEXT, dataset, write

BROKEN = """\
companies:
  - slug: Not a slug
    name: One
  - slug: two
    name: Two
    contry: NO
    founded: 1999-13
"""


def company(slug: str) -> bytes:
    return f'{{"kind":"company","slug":"{slug}","name":"{slug.title()}"}}\n'.encode()


def test_a_dataset_loads_once(empty: CommandLine, folder: Path) -> None:
    file = str(write(folder, dataset()))

    assert empty("load", file).stderr == "Loaded: 5 created, 0 updated, 0 unchanged; newest revision 5\n"
    assert empty("load", file).stderr == "Loaded: 0 created, 0 updated, 5 unchanged; newest revision 5\n"
    assert empty.rows()["revisions"] == 5


def test_the_log_says_who_and_why(empty: CommandLine) -> None:
    empty.output("load", "-", "--actor", "Ada", "--reason", " At last ", given=company("one"))

    with empty.database() as database, database.reading() as connection:
        assert connection.execute(select(Revision.actor, Revision.reason)).one() == ("Ada", "At last")


@pytest.mark.parametrize(("option", "most"), [("--actor", 100), ("--reason", 300)])
@pytest.mark.parametrize("text", ["", " ", "two\nlines", "\udcff", "x" * 301])
def test_who_and_why_are_a_line_of_text(on_file: CommandLine, option: str, most: int, text: str) -> None:
    said = message(on_file("load", "-", option, text, given=company("one")), 2)

    assert said == f"{option} takes one line of 1 to {most} characters"


def test_a_broken_dataset_reports_every_error_and_loads_nothing(empty: CommandLine, folder: Path) -> None:
    write(folder, company("good"), "good.ndjson")
    write(folder, BROKEN, "broken.yaml")
    write(folder, "slug,name\n", "table.csv")
    result = empty("load", "good.ndjson", "broken.yaml", "missing.yaml", "-", "table.csv", given=b"{}\n" + company("fine"))

    assert result.exit_code == 1
    reported = [line.split(": ", 2)[:2] for line in result.stderr.splitlines()]
    assert sorted(reported[:-1]) == [
        ["broken.yaml:2", "companies[0].slug"],
        ["broken.yaml:6", "companies[1].contry"],
        ["broken.yaml:7", "companies[1].founded"],
        ["missing.yaml", "no such file or directory"],
        ["standard input:1", "kind"],
        ["table.csv", "unknown file extension; expected one of .yaml, .yml, .json, .ndjson, .jsonl"],
    ]
    assert reported[-1] == ["company-profiles", "nothing was loaded"]
    assert set(empty.rows().values()) == {0, 1}


def test_loads_at_once_wait_for_each_other(empty: CommandLine, folder: Path) -> None:
    files = [write(folder, company(f"c{number}"), f"{number}.ndjson") for number in range(8)]

    def load_one(file: Path) -> int:
        with empty.database() as database, database.writing() as connection:
            return load(connection, read_dataset([file]), actor="tests", reason="At once").newest

    with ThreadPoolExecutor(len(files)) as threads:
        assert sorted(threads.map(load_one, files)) == list(range(1, 9))
    assert empty.rows()["companies"] == 8


@pytest.mark.parametrize(("form", "name"), [("yaml", "copy.yaml"), ("ndjson", "copy.ndjson")])
def test_an_export_loads_to_the_same_content(seeded: CommandLine, empty: CommandLine, folder: Path, form: str, name: str) -> None:
    assert seeded.output("export", "--format", form, "--output", name) == b""
    written = (folder / name).read_bytes()
    empty.output("load", name)

    assert written == seeded.output("export", "--format", form)
    assert written == empty.output("export", "--format", form)
    assert seeded.rows() == empty.rows()


@pytest.fixture
def on_new_file(on_file: CommandLine) -> CommandLine:
    """The commands on an SQLite file with a schema and nothing in it."""
    assert on_file("migrate").exit_code == 0
    return on_file


def test_an_export_that_fails_leaves_the_file_as_it_was(
    on_new_file: CommandLine, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fill_the_disk(_: Connection) -> Iterator[str]:
        yield "half\n"
        raise OSError(errno.ENOSPC, "No space left on device")

    write(folder, "old\n", "old.yaml")
    monkeypatch.setitem(EXPORTERS, "yaml", fill_the_disk)

    assert message(on_new_file("export", "--output", "old.yaml"), 3) == "cannot write old.yaml: No space left on device"
    assert (folder / "old.yaml").read_text(encoding="utf-8") == "old\n"
    assert not list(folder.glob("*unfinished*"))


@pytest.mark.parametrize("output", [".", "missing/file.yaml", "/proc/file.yaml"])
def test_an_output_that_cannot_be_written_is_reported(on_new_file: CommandLine, output: str) -> None:
    assert message(on_new_file("export", "--output", output), 3).startswith(f"cannot write {output}: ")


def test_a_device_and_the_target_of_a_link_are_written_not_replaced(on_new_file: CommandLine, folder: Path) -> None:
    (folder / "link.yaml").symlink_to("target.yaml")
    os.mkfifo(folder / "pipe")
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append((folder / "pipe").read_bytes()))
    reader.start()

    for output in ("pipe", "link.yaml"):
        on_new_file.output("export", "--output", output)

    reader.join(SECONDS)
    assert (folder / "pipe").is_fifo()
    assert (folder / "link.yaml").is_symlink()
    assert read == [(folder / "target.yaml").read_bytes()] == [b"sources: []\ncompanies: []\n"]


def test_an_unknown_format_is_a_fault_of_the_command(on_file: CommandLine) -> None:
    assert message(on_file("export", "--format", "xml"), 2) == "--format takes yaml or ndjson, not 'xml'"


def test_a_reader_that_has_read_enough_ends_an_export_quietly(seeded: CommandLine, folder: Path) -> None:
    process = start(folder, "export", database_url=seeded.database_url)
    assert process.stdout
    assert process.stderr
    process.stdout.close()

    assert process.stderr.read() == b""
    assert process.wait(SECONDS) == 1
    process.stderr.close()


def test_progress_on_a_terminal_does_not_mix_with_what_is_exported(on_file: CommandLine, folder: Path) -> None:
    on_file.output("load", *map(str, seed.files()))
    expected = on_file.output("export", "--format", "ndjson")
    terminal, connected = pty.openpty()
    exported = subprocess.run(
        [sys.executable, "-m", "app", "export", "--format", "ndjson"],
        cwd=folder,
        env=environment({"database_url": on_file.database_url}) | {"TERM": "xterm"},
        stdout=subprocess.PIPE,
        stderr=connected,
        check=True,
        timeout=SECONDS,
    )
    shown = os.read(terminal, 100_000)
    os.close(terminal)
    os.close(connected)

    assert exported.stdout == expected
    assert b"Exporting" in shown


def test_verify_proves_a_text_and_refuses_an_altered_one(empty: CommandLine, folder: Path) -> None:
    write(folder, TEXT, "text.txt")
    write(folder, TEXT.replace("12 countries", "21 countries"), "altered.txt")
    empty.output("load", str(write(folder, dataset())))

    assert empty.output("verify", "--text", "text.txt") == b"fern-rising: 4 citations verified\n"
    result = empty("verify", "--text", "altered.txt", "fern-rising")
    assert message(result, 1) == "altered.txt does not verify every citation"
    assert "/v1/companies/fernhold/products/glod: paragraph 2 sentence 1" in result.stdout
    assert result.stdout.endswith("fern-rising: 3 citations verified, 1 not\n")
    assert message(empty("verify", "--text", "text.txt", "other"), 2) == "there is no source 'other'; known sources: fern-rising"


@pytest.mark.parametrize(
    ("name", "reported"),
    [
        ("missing.txt", "missing.txt: no such file or directory"),
        (".", ".: is a directory"),
        ("latin.txt", "latin.txt: is not UTF-8: byte 0xe9 at offset 3"),
    ],
)
def test_a_text_that_cannot_be_read_is_reported(on_file: CommandLine, folder: Path, name: str, reported: str) -> None:
    write(folder, "caf\xe9".encode("latin-1"), "latin.txt")

    assert message(on_file("verify", "--text", name), 2) == f"cannot read {reported}"
