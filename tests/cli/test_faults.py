"""What is wrong around the program is said in one line, with an exit code, and without a secret."""

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError

from app.database.explain import explain_database
from tests.cli.conftest import CommandLine, message
from tests.cli.processes import run
from tests.databases import DatabasesOn

NO_SERVER = "postgresql://reader:geheim@127.0.0.1:1/profiles"


def message_of_process(folder: Path, command: CommandLine, name: str) -> str:
    """The message of a command that fails on its database, in a process of its own: ``serve`` prepares that in another one."""
    result = run(folder, name, database_url=command.database_url, port="0")  # another run may have the usual port
    assert result.returncode == 3, result.stderr
    [line] = result.stderr.decode().splitlines()
    return line.removeprefix("company-profiles: ")


@pytest.mark.filterwarnings("ignore:Selection of the SingletonThreadPool")
@pytest.mark.parametrize(
    ("url", "reported"),
    [
        ("geheim", "is no database URL; write sqlite:///file.db or postgresql://user:password@host/name"),
        ("postgresql://u:geheim@host:port/name", "is no database URL"),
        ("", "is no database URL"),
        ("mysql://u:geheim@host/name", "names the engine 'mysql'; this program runs on sqlite and postgresql"),
        ("sqlite://", "names no file"),
        ("sqlite:///:memory:", "names no file"),
        ("sqlite+geheim:///file.db", "names an SQLite driver or options; write just sqlite:///file.db"),
        ("sqlite:///file:geheim?mode=memory&uri=true", "names an SQLite driver or options; write just sqlite:///file.db"),
    ],
)
@pytest.mark.parametrize("command", ["serve", "migrate"])
def test_a_bad_database_url_is_a_fault_of_the_command(on_file: CommandLine, command: str, url: str, reported: str) -> None:
    said = message(on_file(command, database_url=url), 2)

    assert said.startswith(f"PROFILES_DATABASE_URL {reported}")
    assert "geheim" not in said


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("port", "geheim"),
        ("port", "65536"),
        ("workers", "0"),
        ("seed", "geheim"),
        ("log_level", "geheim"),
        ("database_pool_size", "0"),
        ("database_wait_seconds", "nan"),
    ],
)
def test_a_wrong_setting_is_named_and_its_value_is_not_shown(on_file: CommandLine, setting: str, value: str) -> None:
    said = message(on_file.under({setting: value}, "serve"), 2)

    assert said.startswith(f"PROFILES_{setting.upper()}: ")
    assert "geheim" not in said


def test_every_wrong_setting_is_reported_at_once(on_file: CommandLine) -> None:
    reported = on_file("serve", port="x", workers="0").stderr.splitlines()

    assert [line.partition(": ")[0] for line in reported] == ["company-profiles", "PROFILES_WORKERS"]


def test_an_unknown_setting_is_reported_with_the_nearest_one(on_file: CommandLine, folder: Path) -> None:
    (folder / ".env").write_text("PROFILES_PROT=9000\nOTHER_PORT=1\n", encoding="utf-8")
    result = on_file("migrate", databaseurl="geheim")

    assert result.exit_code == 0
    assert result.stderr.splitlines()[:2] == [
        "company-profiles: there is no setting PROFILES_DATABASEURL; did you mean PROFILES_DATABASE_URL?",
        "company-profiles: there is no setting PROFILES_PROT; did you mean PROFILES_PORT?",
    ]


def test_a_settings_file_that_is_no_text_is_reported(on_file: CommandLine, folder: Path) -> None:
    (folder / ".env").write_bytes(b"PROFILES_HOST=\xff\n")

    assert message(on_file("serve"), 2).startswith("cannot read the file .env")


@pytest.mark.parametrize(
    ("file", "reported"),
    [
        ("missing/file.db", "there is no folder {folder}/missing"),
        ("text.txt/file.db", "there is no folder {folder}/text.txt"),
        ("folder", "it is a folder; name a file in it"),
        ("text.txt", "it is not an SQLite database; name another file in PROFILES_DATABASE_URL"),
        ("/proc/file.db", "/proc cannot be written to"),
        (f"{'a' * 300}.db", "file name too long"),
    ],
)
def test_a_file_that_cannot_be_used_is_a_fault_of_the_surroundings(
    on_file: CommandLine, folder: Path, file: str, reported: str
) -> None:
    (folder / "folder").mkdir()
    (folder / "text.txt").write_text("This is no database. " * 100, encoding="utf-8")

    said = message(on_file("serve", database_url=f"sqlite:///{file}"), 3)
    assert said.startswith(f"cannot use the database file {folder / file}: {reported.format(folder=folder)}")


@pytest.mark.parametrize(
    "arguments",
    [
        ["keys", "create", "newsroom", "--scope", "write"],
        ["keys", "list"],
        ["keys", "revoke", "newsroom"],
        ["export"],
        ["undo", "1"],
        ["backup", "copy.db"],
        ["verify", "--text", "text.txt"],
        ["check"],
    ],
    ids=" ".join,
)
def test_few_commands_create_a_database_and_the_others_say_where_they_looked(
    on_file: CommandLine, folder: Path, arguments: list[str]
) -> None:
    (folder / "text.txt").write_text("One sentence.", encoding="utf-8")
    result = on_file(*arguments, database_url="sqlite:///here.db")

    assert result.exit_code == 3
    assert f"there is no database file {folder}/here.db" in result.output
    assert [file.name for file in folder.iterdir()] == ["text.txt"]


def test_a_key_is_not_created_in_a_database_without_a_schema(databases_on: DatabasesOn) -> None:
    blank = CommandLine(databases_on("postgresql").blank("blank"))
    said = message(blank("keys", "create", "newsroom", "--scope", "write"), 3)

    assert said.startswith("the database ")
    assert said.endswith(" is empty. serve, load and migrate create one; PROFILES_DATABASE_URL names another")


@pytest.mark.parametrize(
    ("arguments", "given"),
    [
        (["migrate"], None),
        (["load", "-"], b'{"kind":"company","slug":"fernhold","name":"Fernhold"}'),
        (["restore", "copy.db"], None),
    ],
    ids=["migrate", "load", "restore"],
)
def test_a_command_that_creates_a_database_names_its_file(
    on_file: CommandLine, folder: Path, arguments: list[str], given: bytes | None
) -> None:
    on_file("migrate")
    on_file.output("backup", "copy.db")
    result = on_file(*arguments, given=given, database_url="sqlite:///here.db")

    assert result.exit_code == 0
    assert f"{folder}/here.db" in result.stderr


@pytest.mark.parametrize(
    ("reason", "reported"),
    [
        ("attempt to write a readonly database", "cannot be written to"),
        ("database disk image is malformed", "it is damaged; restore it from a backup"),
        ("database is locked", "it is locked by another program"),
        ("database or disk is full", "the disk is full; nothing was changed"),
        ("disk I/O error", "disk I/O error"),
    ],
)
def test_what_sqlite_reports_is_said_with_what_to_do(folder: Path, reason: str, reported: str) -> None:
    error = OperationalError("a statement", None, sqlite3.OperationalError(reason))

    assert reported in explain_database(error, make_url(f"sqlite:///{folder}/file.db"))


@pytest.mark.parametrize("options", ["", "?password=geheim", "?passfile=geheim&sslmode=prefer"])
def test_a_server_that_does_not_run_is_reported_without_the_password(on_file: CommandLine, options: str) -> None:
    said = message(on_file("serve", database_url=NO_SERVER + options, database_wait_seconds="2"), 3)

    assert said.startswith("cannot use the database at postgresql://reader:***@127.0.0.1:1/profiles: it refuses connections")
    assert "geheim" not in said


@pytest.mark.parametrize("command", ["serve", "migrate", "export"])
def test_a_database_of_a_newer_version_is_left_alone(seeded: CommandLine, folder: Path, command: str) -> None:
    engine = create_engine(seeded.database_url.replace("postgresql:", "postgresql+psycopg:"))
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'zzzz'"))

    said = message_of_process(folder, seeded, command)

    assert said.startswith("the database has schema version zzzz, which this version of company-profiles does not know")
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == "zzzz"
    engine.dispose()


@pytest.mark.parametrize("host", ["no.such.host.invalid", "a..b", "192.0.2.1"])
def test_a_host_that_is_not_of_this_machine_is_reported(on_file: CommandLine, host: str) -> None:
    result = on_file("serve", "--host", host, "--port", "0", seed="false")

    assert result.exit_code == 3
    assert result.stderr.splitlines()[-1] == (
        f"company-profiles: {host!r} is not an address of this machine; set --host or PROFILES_HOST"
    )


@pytest.mark.parametrize("arguments", [("serve", "--port", "70000"), ("serve", "--workers", "0"), ("nothing",), ("load",)])
def test_a_wrong_option_is_a_fault_of_the_command(on_file: CommandLine, arguments: tuple[str, ...]) -> None:
    assert on_file(*arguments).exit_code == 2


@pytest.mark.parametrize("command", ["serve", "migrate", "export"])
def test_a_database_of_another_program_is_left_alone(blank: CommandLine, folder: Path, command: str) -> None:
    with blank.database() as database, database.writing() as connection:
        connection.execute(text("CREATE TABLE companies (name varchar(10))"))

    said = message_of_process(folder, blank, command)

    assert said.startswith("the database holds tables of another program: companies. Name another database")
    with blank.database() as database, database.reading() as connection:
        assert inspect(connection).get_table_names() == ["companies"]
