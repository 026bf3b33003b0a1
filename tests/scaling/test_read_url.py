"""The setting that names the standbys, and URLs with several hosts, as PostgreSQL's own programs take them."""

import pytest
from pydantic import SecretStr
from sqlalchemy.engine import URL

from app.database.urls import hosts_of, parse_database_url, parse_read_url
from tests.cli.conftest import CommandLine, message

PRIMARY = "postgresql://reader:geheim@127.0.0.1:1/profiles"
FORMS = (
    "postgresql://reader:geheim@/profiles?host=first:5432,second:5433",
    "postgresql://reader:geheim@/profiles?host=first:5432&host=second:5433",
    "postgresql://reader:geheim@/profiles?host=first,second&port=5432,5433",
    "postgresql://reader:geheim@first:5432,second:5433/profiles",
)
"""Ways to write the same."""


def standbys(text: str) -> list[URL]:
    return parse_read_url(SecretStr(text), parse_database_url(PRIMARY))


@pytest.mark.parametrize("text", FORMS)
def test_each_host_is_a_standby_in_the_order_given(text: str) -> None:
    found = [(url.host, url.port, url.username, url.password, url.database) for url in standbys(text)]

    assert found == [(host, port, "reader", "geheim", "profiles") for host, port in (("first", 5432), ("second", 5433))]


@pytest.mark.parametrize("text", FORMS)
def test_of_several_hosts_of_the_database_the_one_that_takes_writes_is_used(text: str) -> None:
    url = parse_database_url(text)

    assert hosts_of(url) == [("first", "5432"), ("second", "5433")]
    assert url.query["target_session_attrs"] == "read-write"


@pytest.mark.parametrize(
    ("text", "hosts"),
    [
        ("postgresql://reader@first,second/profiles", [("first", None), ("second", None)]),
        ("postgresql://reader@/profiles?host=first,second&port=6000", [("first", 6000), ("second", 6000)]),
        ("postgresql://reader@[::1]:6000,second:6001/profiles", [("::1", 6000), ("second", 6001)]),
        ("postgresql://reader@[::1]:6000/profiles", [("::1", 6000)]),
        ("postgresql://reader@/profiles?host=/run/postgresql", [("/run/postgresql", None)]),
        ("postgresql:///profiles", [(None, None)]),
    ],
)
def test_hosts_are_read_as_libpq_reads_them(text: str, hosts: list[tuple[str | None, int | None]]) -> None:
    assert [(url.host, url.port) for url in standbys(text)] == hosts


def test_other_options_are_kept_for_each_host() -> None:
    found = standbys("postgresql://reader@first,second/profiles?sslmode=require&target_session_attrs=standby")

    assert [dict(url.query) for url in found] == [{"sslmode": "require", "target_session_attrs": "standby"}] * 2


def test_balanced_hosts_come_in_any_order() -> None:
    text = f"{FORMS[0]}&load_balance_hosts=random"

    assert {standbys(text)[0].host for _ in range(100)} == {"first", "second"}


@pytest.mark.parametrize(
    ("database_url", "read_url", "reported"),
    [
        (PRIMARY, "geheim", "is no database URL; write postgresql://user:password@/name?host=first:5432,second:5432"),
        (PRIMARY, "postgresql://u:geheim@a:1,b:x/name", "is no database URL"),
        (PRIMARY, "postgresql://u:geheim@a,b/name?port=1,2,3", "is no database URL"),
        (PRIMARY, "sqlite:///geheim.db", "is for the standbys of PostgreSQL, and PROFILES_READ_URL names the engine 'sqlite'"),
        (PRIMARY, "mysql://u:geheim@h/name", "is for the standbys of PostgreSQL, and PROFILES_READ_URL names the engine 'mysql'"),
        ("sqlite:///file.db", PRIMARY, "is for the standbys of PostgreSQL, and PROFILES_DATABASE_URL names the engine 'sqlite'"),
    ],
)
@pytest.mark.parametrize("command", ["serve", "migrate"])
def test_a_bad_read_url_is_a_fault_of_the_command(command: str, database_url: str, read_url: str, reported: str) -> None:
    said = message(CommandLine(database_url)(command, read_url=read_url), 2)

    assert said.startswith(f"PROFILES_READ_URL {reported}")
    assert "geheim" not in said


def test_an_empty_read_url_is_none() -> None:
    assert standbys("") == []
