"""``company-profiles keys``: making, listing and revoking."""

import datetime
import json
import re

import pytest

from app.auth.credentials import Key
from app.auth.key import KeyRecord
from app.values.dates import now
from tests.auth.conftest import stored
from tests.cli.conftest import CommandLine, message
from tests.databases import Databases

TEXT = re.compile(r"cp_[0-9a-f]{16}_[A-Za-z0-9_-]{43}\n")


@pytest.fixture
def command(databases: Databases) -> CommandLine:
    """The commands on a database without keys."""
    return CommandLine(databases.copy(databases.migrated, "keys"))


def create(command: CommandLine, *arguments: str) -> Key:
    key = Key.parse(command.output("keys", "create", *arguments).decode().rstrip("\n"))
    assert key is not None
    return key


def record(command: CommandLine, key: Key) -> KeyRecord:
    with command.database() as database:
        return stored(database, key)


def listed(command: CommandLine) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(command.output("keys", "list", "--json"))
    return found


def test_the_key_alone_goes_to_standard_output(command: CommandLine) -> None:
    result = command("keys", "create", "newsroom", "--scope", "write")

    assert result.exit_code == 0
    assert TEXT.fullmatch(result.stdout)
    assert "with the scopes read, write. It does not expire." in result.stderr
    assert "shown only once" in result.stderr
    assert result.stdout.strip() not in result.stderr


def test_two_keys_have_nothing_in_common(command: CommandLine) -> None:
    first, second = create(command, "first", "--scope", "read"), create(command, "second", "--scope", "read")

    assert first.id != second.id
    assert first.text.rpartition(first.id)[2] != second.text.rpartition(second.id)[2]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (["read"], ["read"]),
        (["write"], ["read", "write"]),
        (["admin"], ["read", "write", "admin"]),
        (["write", "read", "write"], ["read", "write"]),
    ],
)
def test_a_scope_brings_those_that_it_includes(command: CommandLine, given: list[str], kept: list[str]) -> None:
    create(command, "newsroom", *(part for scope in given for part in ("--scope", scope)))

    assert listed(command)[0]["scopes"] == kept


def test_a_key_expires_after_days_or_on_a_day(command: CommandLine) -> None:
    in_days = record(command, create(command, "in days", "--scope", "read", "--expires-in-days", "30"))
    on_a_day = record(command, create(command, "on a day", "--scope", "read", "--expires", "2999-06-30"))
    never = record(command, create(command, "never", "--scope", "read"))

    assert in_days.expires_at == in_days.created_at + datetime.timedelta(days=30)
    assert on_a_day.expires_at == datetime.datetime(2999, 6, 30, tzinfo=datetime.UTC)
    assert never.expires_at is None


def test_a_day_that_is_over_is_refused(command: CommandLine) -> None:
    yesterday = f"{now() - datetime.timedelta(days=1):%Y-%m-%d}"

    assert f"--expires {yesterday} is not in the future" in message(
        command("keys", "create", "x", "--scope", "read", "--expires", yesterday), 2
    )


def test_two_ways_to_expire_are_refused(command: CommandLine) -> None:
    both = ("--expires", "2999-01-01", "--expires-in-days", "3")

    assert "not both" in message(command("keys", "create", "x", "--scope", "read", *both), 2)


@pytest.mark.parametrize(
    "arguments",
    [
        ("x",),
        ("x", "--scope", "root"),
        ("--scope", "read"),
        ("x", "--scope", "read", "--expires", "tomorrow"),
        ("x", "--scope", "read", "--expires-in-days", "0"),
        ("x", "--scope", "read", "--expires-in-days", "99999999999"),
    ],
)
def test_wrong_arguments_end_with_2(command: CommandLine, arguments: tuple[str, ...]) -> None:
    result = command("keys", "create", *arguments)

    assert (result.exit_code, result.stdout) == (2, "")


@pytest.mark.parametrize("name", ["", "two\nlines", "x" * 101, "\x1b[31mred"])
def test_a_name_is_one_line(command: CommandLine, name: str) -> None:
    assert message(command("keys", "create", name, "--scope", "read"), 2) == "NAME takes one line of 1 to 100 characters"


def test_a_name_stays_with_its_first_key(command: CommandLine) -> None:
    create(command, "newsroom", "--scope", "read")
    again = ("keys", "create", "newsroom", "--scope", "write")

    assert message(command(*again), 2).startswith("a key named 'newsroom' exists, or existed and was revoked")
    command.output("keys", "revoke", "newsroom")
    assert message(command(*again), 2).startswith("a key named 'newsroom' exists, or existed and was revoked")
    assert [key["scopes"] for key in listed(command)] == [["read"]]


def test_the_list_says_what_programs_need(command: CommandLine) -> None:
    key = create(command, "newsroom 林", "--scope", "write", "--expires", "2999-06-30")
    found = listed(command)

    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", str(found[0].pop("created_at")))
    assert found == [
        {
            "name": "newsroom 林",
            "id": key.id,
            "scopes": ["read", "write"],
            "expires_at": "2999-06-30T00:00:00Z",
            "revoked_at": None,
            "last_used_at": None,
            "state": "active",
        }
    ]


def test_the_list_for_people_has_a_line_for_each_key(command: CommandLine) -> None:
    keys = [create(command, name, "--scope", "admin") for name in ("[bold]first[/bold]", "n" * 100)]
    heading, *lines = command.output("keys", "list").decode().splitlines()

    assert re.split(r"  +", heading.strip()) == ["Name", "Id", "Scopes", "Created (UTC)", "Expires", "Last used", "State"]
    assert sorted(line.split()[:2] for line in lines) == sorted([["[bold]first[/bold]", keys[0].id], ["n" * 100, keys[1].id]])
    assert {re.split(r"  +", line.strip())[-3:] == ["never", "never", "active"] for line in lines} == {True}


def test_an_empty_list_says_so(command: CommandLine) -> None:
    result = command("keys", "list")

    assert (result.exit_code, result.stdout) == (0, "")
    assert "yet, so nobody can write over HTTP" in result.stderr
    assert listed(command) == []


def test_revoking_is_for_ever_and_may_be_repeated(command: CommandLine) -> None:
    create(command, "newsroom", "--scope", "read")
    first, second = command("keys", "revoke", "newsroom"), command("keys", "revoke", " newsroom ")

    assert (first.exit_code, first.stderr) == (0, "Revoked the key 'newsroom'.\n")
    assert (second.exit_code, second.stderr) == (0, "The key 'newsroom' was already revoked.\n")
    assert listed(command)[0]["state"] == "revoked"


def test_an_unknown_name_is_reported_with_the_nearest_one(command: CommandLine) -> None:
    create(command, "newsroom", "--scope", "read")

    assert message(command("keys", "revoke", "newsrom"), 2) == "there is no key named 'newsrom'; did you mean 'newsroom'?"
    assert message(command("keys", "revoke", "zzz"), 2) == "there is no key named 'zzz'"
    assert listed(command)[0]["state"] == "active"
