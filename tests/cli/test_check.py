"""``check``: sound databases pass, and each thing that can be wrong is named, with what to do and with its exit code."""

import json
import sqlite3
from collections.abc import Sequence
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import select

from app.database.models import Revision
from app.operations.migrate import migrate
from tests.cli.conftest import CommandLine

PASSWORD = "geheim"  # noqa: S105 - of nobody


def execute(command: CommandLine, statement: str) -> None:
    """Writes past the program and past the rules of the schema, as somebody with a shell may."""
    if command.database_url.startswith("sqlite"):
        connection = sqlite3.connect(command.database_url.removeprefix("sqlite:///"))
        connection.execute(statement)
        connection.commit()
        connection.close()
    else:
        with psycopg.connect(command.database_url) as session:
            session.execute("SET session_replication_role = replica")
            session.execute(statement.encode())


def history(command: CommandLine) -> Sequence[int]:
    """The numbers of all revisions."""
    with command.database() as database, database.reading() as connection:
        return connection.scalars(select(Revision.number)).all()


def findings(command: CommandLine, code: int, **settings: str) -> list[dict[str, str]]:
    result = command.under(settings, "check", "--json")
    assert result.exit_code == code, result.output
    report = json.loads(result.stdout)
    assert report["exit_code"] == code
    found: list[dict[str, str]] = report["findings"]
    return found


def messages(found: list[dict[str, str]], *levels: str) -> list[str]:
    """What is not well, each with its advice."""
    chosen = [finding for finding in found if finding["level"] in levels]
    assert all(finding["advice"] for finding in chosen)
    return [finding["message"] for finding in chosen]


def test_a_sound_database_passes_and_is_not_changed(seeded: CommandLine) -> None:
    before = seeded.rows()
    found = findings(seeded, 0)

    assert messages(found, "data fault", "fault") == []
    assert {finding["area"] for finding in found} >= {
        "database",
        "integrity",
        "schema",
        "writing",
        "log",
        "documents",
        "citations",
    }
    assert seeded.rows() == before


def test_a_database_that_was_changed_in_every_way_passes(seeded: CommandLine, folder: Path) -> None:
    (folder / "less.yaml").write_text("companies:\n- slug: lumen\n  name: Lumen\n  country: NO\n", encoding="utf-8")
    for arguments in (("load",), ("load", "--prune")):
        seeded.output(*arguments, "less.yaml")
    newest = len(history(seeded))
    seeded.output("undo", f"{newest - 5}-{newest}")

    assert messages(findings(seeded, 0), "data fault", "fault") == []


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("UPDATE revision_head SET newest = 63", "the newest revision is recorded as 63, but the log ends with 64"),
        ("DELETE FROM revision_head", "the row that names the newest revision is missing"),
        ("DELETE FROM revisions WHERE number = 5", "the log has 63 revisions but ends with number 64"),
        ("UPDATE companies SET document = '{}' WHERE slug = 'baidu'", "company rows that differ from the log: baidu"),
        ("UPDATE sources SET revision = 2", "source rows that differ from the log: "),
        ("DELETE FROM metrics WHERE slug = 'revenue'", "metric resources of the log that have no row: /v1/companies/"),
        ("DELETE FROM citations WHERE milestone_id IS NOT NULL", "milestones without a citation: "),
        ("UPDATE citations SET source_id = 9999", "citations of no source: "),
        ("UPDATE citations SET end_character = 99999999", "citations beyond the end of their source: "),
        ("UPDATE citations SET sha256 = replace(sha256, substr(sha256, 1, 1), 'Z')", "invalid digests of citations: Z"),
        ("UPDATE sources SET sha256 = upper(sha256)", "invalid digests of sources: "),
    ],
)
def test_a_fault_of_the_data_is_named(seeded: CommandLine, statement: str, message: str) -> None:
    execute(seeded, statement)

    assert [found for found in messages(findings(seeded, 1), "data fault") if found.startswith(message)] != []


def test_a_revision_from_the_future_is_reported(seeded: CommandLine) -> None:
    execute(seeded, "UPDATE revisions SET recorded_at = '2099-01-01 00:00:00' WHERE number = 64")

    assert "the last revision is of 2099-01-01 00:00 UTC, which is in the future" in messages(findings(seeded, 0), "warning")


def test_damage_that_the_engine_knows_of_is_named(seeded: CommandLine) -> None:
    if seeded.database_url.startswith("sqlite"):
        execute(seeded, "DELETE FROM sources")
        expected = "of citations refers to a row of sources that is not there"
    else:
        execute(seeded, "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'ix_metrics_metric_id'::regclass")
        expected = "the index ix_metrics_metric_id is invalid: REINDEX"

    assert any(expected in message for message in messages(findings(seeded, 1), "data fault"))


def test_a_sequence_behind_its_table_is_named_with_the_statement_that_corrects_it(seeded: CommandLine) -> None:
    if seeded.database_url.startswith("sqlite"):
        return
    assert messages(findings(seeded, 0), "data fault") == []
    execute(seeded, "SELECT setval('citations_id_seq', 1, false)")

    (fault,) = (finding for finding in findings(seeded, 1) if finding["area"] == "sequences")
    assert fault["message"].startswith("the sequence of citations.id has given 0, but the table has ")
    execute(seeded, fault["advice"].removeprefix("Run "))
    assert messages(findings(seeded, 0), "data fault") == []


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("CREATE UNIQUE INDEX one ON revisions (number, kind)", "this program did not make unique index one of revisions"),
        ("ALTER TABLE companies ADD COLUMN mine TEXT", "this program did not make column mine of companies"),
        ("DROP INDEX ix_companies_name_key_id", "the schema lacks index ix_companies_name_key_id of companies"),
        ("DROP TABLE search_spellings", "the schema lacks column variant of search_spellings, column word of search_spellings"),
    ],
)
def test_an_object_of_the_schema_that_acts_or_is_missing_is_a_fault(seeded: CommandLine, statement: str, message: str) -> None:
    execute(seeded, statement)

    assert [found for found in messages(findings(seeded, 1), "data fault") if found.startswith(message)] != []


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("CREATE VIEW spy AS SELECT sha256 FROM api_keys", "view spy"),
        ("CREATE TABLE notes (text varchar(9) UNIQUE)", "table notes"),
        ("CREATE INDEX quick ON companies (name)", "index quick of companies"),
        ("CREATE INDEX few ON companies (name) WHERE id > 1", "partial index few of companies"),
    ],
)
def test_any_other_object_that_we_did_not_make_is_a_warning(seeded: CommandLine, statement: str, named: str) -> None:
    execute(seeded, statement)

    assert f"this program did not make {named}" in messages(findings(seeded, 0), "warning")


def test_triggers_rules_and_policies_are_faults(seeded: CommandLine) -> None:
    if seeded.database_url.startswith("sqlite"):
        expected = ["trigger undo of api_keys"]
        execute(seeded, "CREATE TRIGGER undo AFTER UPDATE ON api_keys BEGIN UPDATE api_keys SET revoked_at = NULL; END")
    else:
        expected = ["policy nobody of companies", "rule keep of api_keys", "trigger undo of api_keys"]
        execute(seeded, "CREATE FUNCTION undo() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN OLD; END'")
        execute(seeded, "CREATE TRIGGER undo BEFORE UPDATE ON api_keys FOR EACH ROW EXECUTE FUNCTION undo()")
        execute(seeded, "CREATE RULE keep AS ON DELETE TO api_keys DO INSTEAD NOTHING")
        execute(seeded, "CREATE POLICY nobody ON companies USING (false)")

    (found,) = messages(findings(seeded, 1), "data fault")
    assert found == f"this program did not make {', '.join(expected)}, which may change or refuse what it writes"


def test_a_schema_that_is_not_the_newest_is_a_fault_of_the_surroundings(empty: CommandLine) -> None:
    with empty.database() as database:
        migrate(database, "0001", may_drop=True)

    assert messages(findings(empty, 3), "fault")[0].startswith("the database has schema version 0001")


def test_a_database_without_a_schema_is_named(blank: CommandLine) -> None:
    execute(blank, "CREATE TABLE orders (id integer)")
    assert messages(findings(blank, 3), "fault") == ["the database belongs to another program"]
    execute(blank, "DROP TABLE orders")
    assert messages(findings(blank, 3), "fault") == ["the database has no schema yet"]


def test_a_file_that_is_not_there_is_not_made(on_file: CommandLine, folder: Path) -> None:
    assert messages(findings(on_file, 3), "fault") == [f"there is no database file {folder / 'file.db'}"]
    assert list(folder.iterdir()) == []


def test_a_damaged_file_is_a_fault_of_the_data(on_file: CommandLine, folder: Path) -> None:
    on_file.output("migrate")
    execute(on_file, "PRAGMA wal_checkpoint(TRUNCATE)")
    file = folder / "file.db"
    content = bytearray(file.read_bytes())
    content[8192:40960] = b"\xff" * 32768
    file.write_bytes(content)

    assert messages(findings(on_file, 1), "data fault") != []


def test_a_server_that_does_not_answer_is_named_without_the_password(on_file: CommandLine) -> None:
    result = on_file("check", database_url=f"postgresql://somebody:{PASSWORD}@127.0.0.1:1/profiles")

    assert result.exit_code == 3
    assert "fault       database     cannot use the database at postgresql://somebody:***@127.0.0.1:1/profiles" in result.stdout
    assert PASSWORD not in result.output


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"host": ".".join("0000"), "port": "8000"}, "anyone who can reach 0.0.0.0 port 8000 can read everything without a key"),
        ({"cors_origins": "*"}, "web pages of any origin can read the API from their visitors' browsers"),
        ({"metrics_host": "::", "metrics_port": "9464"}, "anyone who can reach :: port 9464 can read the metrics"),
        ({"workers": "256", "cache_megabytes": "65536"}, "the caches of all workers may take 16,777,216 MB"),
        ({"workers": "256"}, "256 workers share "),
        ({"reads_need_key": "true"}, "reads need an API key, but there are no keys"),
        ({"seed": "true"}, "the next start loads the seed into the empty database"),
    ],
)
def test_what_a_setting_opens_or_takes_is_a_warning(empty: CommandLine, settings: dict[str, str], message: str) -> None:
    plain = {"cors_origins": "", "seed": "false"}
    assert messages(findings(empty, 0, **plain), "warning") == []

    assert any(found.startswith(message) for found in messages(findings(empty, 0, **plain | settings), "warning"))


def test_more_connections_than_the_server_has_are_a_warning(empty: CommandLine) -> None:
    found = messages(findings(empty, 0, workers="100"), "warning")

    asked = [message for message in found if message.startswith("100 workers may open 2200 connections")]
    assert bool(asked) is empty.database_url.startswith("postgresql")


def test_for_people_there_is_a_line_for_each_finding_and_one_for_advice(empty: CommandLine) -> None:
    execute(empty, "UPDATE revision_head SET newest = 7")
    result = empty("check", cors_origins="")

    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    place = lines.index("data fault  log          the newest revision is recorded as 7, but the log ends with 0")
    assert lines[place + 1].startswith(" " * 25 + "Something other than this program wrote to the database.")
    assert lines[0] == "ok          settings     no risky settings"
