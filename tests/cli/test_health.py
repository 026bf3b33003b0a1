"""``health``, as a container's health check runs it."""

import json

import pytest

from app.database.schema_version import NEWEST_VERSION
from tests.cli.conftest import CommandLine, message
from tests.databases import Databases, settings_for
from tests.programs import free_port
from tests.server import RunningServer, running_server


def port_of(server: RunningServer) -> str:
    return server.url.rpartition(":")[2]


@pytest.mark.parametrize("host", ["127.0.0.1", ".".join("0000"), "localhost"])
def test_a_server_that_can_answer_is_healthy(
    on_file: CommandLine, server: RunningServer, monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")

    answer = json.loads(on_file.output("health", host=host, port=port_of(server)))

    assert (answer["status"], answer["schema_version"]) == ("ok", NEWEST_VERSION)


def test_a_server_that_cannot_answer_is_not(on_file: CommandLine, databases: Databases) -> None:
    with running_server(settings_for(databases.blank("unmigrated"))) as server:
        result = on_file("health", port=port_of(server))

    assert result.exit_code == 3
    assert json.loads(result.stdout)["status"] >= 500


@pytest.mark.parametrize(("host", "shown"), [("127.0.0.1", "127.0.0.1"), ("::", "[::1]"), ("no host", "no host")])
def test_no_server_is_a_fault_of_the_surroundings(on_file: CommandLine, host: str, shown: str) -> None:
    port = str(free_port())
    assert message(on_file("health", host=host, port=port), 3).startswith(f"no response from http://{shown}:{port}: ")


def test_a_host_that_makes_no_address_is_reported(on_file: CommandLine) -> None:
    assert message(on_file("health", host="[", port="1"), 3).startswith("no response from http://[:1: ")
