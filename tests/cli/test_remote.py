"""``load``, ``export`` and ``undo`` with ``--server``: on the server of another machine, with an API key."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import Connection, func, select
from typer.testing import Result

from app.database.models import Revision
from app.datasets.exporter import EXPORTERS
from tests.cli.conftest import CommandLine, message
from tests.cli.processes import run
from tests.cli.test_datasets import BROKEN, company
from tests.databases import DatabasesOn, settings_for
from tests.datasets.examples import dataset, write
from tests.datasets.test_warnings import HEADED, WARNING
from tests.server import running_server

CITATION = '{"source":"chinas-sci-tech-is-going-global","paragraph":1,"sentence":1}'
REFERENCES = """\
companies:
  - slug: one
    name: One
    milestones:
      - slug: founded
        title: Founded
        category: founding
        date: 1999
        citations:
          - {source: missing, paragraph: 1, sentence: 1}
"""


@dataclass(frozen=True)
class Laptop:
    """The commands with ``--server``, and the same on the database of the server."""

    url: str
    key: str
    server: CommandLine

    def __call__(self, *arguments: str, given: bytes | None = None, **settings: str) -> Result:
        elsewhere = CommandLine("sqlite:///not-used.db")
        return elsewhere.under({"key": self.key} | settings, *arguments, "--server", self.url, given=given)


@pytest.fixture
def laptop(databases_on: DatabasesOn) -> Iterator[Laptop]:
    databases = databases_on("sqlite")
    server = CommandLine(databases.copy(databases.seeded))
    key = server.output("keys", "create", "laptop", "--scope", "write").decode().strip()
    with running_server(settings_for(server.database_url)) as running:
        yield Laptop(running.url, key, server)
    databases.drop(server.database_url)


def test_a_dataset_is_loaded_on_the_server_with_the_messages_of_a_load_here(laptop: Laptop, folder: Path) -> None:
    write(folder, company("lines"), "lines.ndjson")
    files = [str(write(folder, dataset())), "lines.ndjson", "-"]
    given = company("given")

    would = laptop("load", "--dry-run", *files, given=given)
    here = laptop.server("load", "--dry-run", *files, given=given)
    assert (would.stderr, would.stdout) == (here.stderr, here.stdout)
    assert would.stderr.startswith("Would load: 7 created, 0 updated, 0 unchanged; newest revision ")
    loaded = laptop("load", *files, "--reason", "From a laptop", given=given)
    assert loaded.stderr == would.stderr.replace("Would load", "Loaded")
    assert laptop("load", *files, given=given).stderr == loaded.stderr.replace("7 created", "0 created").replace(
        "0 unchanged", "7 unchanged"
    )
    assert not (folder / "not-used.db").exists()


def test_a_dry_run_prints_the_changed_fields(laptop: Laptop) -> None:
    changed = b'{"kind":"company","slug":"baidu","name":"Baidoo"}\n'
    there, here = (command("load", "--dry-run", "-", given=changed) for command in (laptop, laptop.server))

    assert "    name: 'Baidu' → 'Baidoo'\n" in there.stdout
    assert (there.stdout, there.stderr) == (here.stdout, here.stderr)


def test_prune_deletes_what_the_files_do_not_contain(laptop: Laptop) -> None:
    loaded = laptop("load", "--prune", "-", given=company("only"))

    assert "1 created, 0 updated, " in loaded.stderr
    assert " deleted, 0 unchanged" in loaded.stderr
    assert laptop.server.rows()["companies"] == 1


@pytest.mark.parametrize("text", [BROKEN, REFERENCES], ids=["broken", "references"])
def test_errors_have_their_file_and_line_wherever_they_are_found(laptop: Laptop, folder: Path, text: str) -> None:
    write(folder, company("good"), "good.ndjson")
    write(folder, text, "wrong.yaml")
    there, here = (command("load", "good.ndjson", "wrong.yaml") for command in (laptop, laptop.server))

    assert there.exit_code == here.exit_code == 1
    assert there.stderr == here.stderr
    assert "wrong.yaml:" in there.stderr
    assert there.stderr.endswith("company-profiles: nothing was loaded\n")


def test_after_a_hundred_errors_of_the_server_there_may_be_more(laptop: Laptop, folder: Path) -> None:
    lines = "".join(
        f'{{"kind":"product","company":"missing","slug":"p{number}","name":"P","category":"product","citations":[{CITATION}]}}\n'
        for number in range(150)
    )
    write(folder, lines, "lines.ndjson")
    result = laptop("load", "lines.ndjson")

    assert "These are the first 100 errors; there may be more." in result.stderr
    assert "lines.ndjson:1: company: there is no company 'missing'" in result.stderr


@pytest.mark.parametrize(
    ("url", "key", "code", "said"),
    [
        ("", "", 2, "--server needs an API key of that server, in PROFILES_KEY"),
        ("", "cp_0123456789abcdef_" + "x" * 43, 2, "401 Unauthenticated: Unknown or revoked API key."),
        ("http://127.0.0.1:1", "cp_key", 3, "cannot reach http://127.0.0.1:1: "),
        (
            "profiles.example",
            "cp_key",
            2,
            "--server: the URL of a server begins with http:// or https://, not 'profiles.example'",
        ),
    ],
)
def test_what_keeps_a_command_from_a_server_is_said(
    laptop: Laptop, monkeypatch: pytest.MonkeyPatch, url: str, key: str, code: int, said: str
) -> None:
    monkeypatch.setattr("app.client.transport.sleep", lambda _: None)
    result = Laptop(url or laptop.url, key, laptop.server)("load", "-", given=company("one"))

    assert said in message(result, code)


def test_the_author_is_the_name_of_the_key(laptop: Laptop) -> None:
    laptop("load", "-", given=company("one"))
    refused = laptop("load", "-", "--actor", "Ada", given=company("two"))

    assert message(refused, 2) == "--actor cannot be given with --server: the author is the name of the API key"
    with laptop.server.database() as database, database.reading() as connection:
        newest = connection.execute(select(Revision.actor).order_by(Revision.number.desc()).limit(1)).scalar_one()
    assert newest == "laptop"


@pytest.mark.parametrize("form", ["yaml", "ndjson"])
def test_an_export_of_a_server_is_the_export_of_its_database(laptop: Laptop, folder: Path, form: str) -> None:
    whole = laptop.server.output("export", "--format", form)

    assert laptop("export", "--format", form).stdout_bytes == whole
    assert laptop("export", "--format", form, "--output", "file").exit_code == 0
    assert (folder / "file").read_bytes() == whole


def test_an_export_that_is_refused_or_breaks_off_leaves_no_file(
    laptop: Laptop, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaking(_: Connection) -> Iterator[str]:
        yield "half\n" * 20_000
        raise RuntimeError

    refused = Laptop(laptop.url, "cp_0123456789abcdef_" + "x" * 43, laptop.server)("export", "--output", "file")
    monkeypatch.setitem(EXPORTERS, "yaml", breaking)
    broken = laptop("export", "--output", "file")

    assert "401 Unauthenticated" in message(refused, 2)
    assert message(broken, 3).startswith(f"cannot reach {laptop.url}: ")
    assert list(folder.iterdir()) == []


def test_an_undo_on_a_server_has_the_messages_of_an_undo_here(laptop: Laptop) -> None:
    laptop("load", "-", given=company("one"))
    with laptop.server.database() as database, database.reading() as connection:
        newest = connection.execute(select(func.max(Revision.number))).scalar_one()

    for revision in (str(newest), f"{newest - 1}-{newest}", str(newest + 1), "1"):
        there, here = (command("undo", revision, "--dry-run") for command in (laptop, laptop.server))
        assert (there.exit_code, there.stdout, there.stderr) == (here.exit_code, here.stdout, here.stderr)
    assert "nothing was undone: /v1/sources/" in message(there, 1)
    would = laptop("undo", str(newest), "--dry-run")
    assert would.stdout == "delete /v1/companies/one\n"
    assert would.stderr == f"Would undo: 1 of 1 would change something; newest revision {newest + 1}\n"
    assert laptop("undo", str(newest)).stderr == f"Undone: 1 of 1 changed something; newest revision {newest + 1}\n"


@pytest.mark.slow
def test_the_commands_are_programs(laptop: Laptop, folder: Path) -> None:
    write(folder, company("one"), "one.ndjson")
    loaded = run(folder, "load", "one.ndjson", "--server", laptop.url, key=laptop.key)

    assert (loaded.returncode, loaded.stderr.decode().partition(";")[0]) == (0, "Loaded: 1 created, 0 updated, 0 unchanged")


def test_a_text_is_withdrawn_on_the_server(laptop: Laptop) -> None:
    source = "chinas-sci-tech-is-going-global"
    withdrawn = laptop("withdraw", source, "--reason", "Asked by letter")

    assert withdrawn.stderr.startswith(f"Withdrawn: no text of {source} is left"), withdrawn.stderr
    assert b"withdrawn: true" in laptop.server.output("export")


def test_warnings_of_the_server_name_the_lines_of_the_file(laptop: Laptop, folder: Path) -> None:
    write(folder, HEADED)
    remote, here = laptop("load", "data.yaml", "--dry-run"), laptop.server("load", "data.yaml", "--dry-run")

    assert remote.stderr.splitlines()[0] == WARNING
    assert remote.output == here.output
