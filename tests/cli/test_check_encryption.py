"""``check`` notices that what is read and written can be read on the network."""

import pytest

from tests.cli.conftest import CommandLine
from tests.cli.test_check import findings, messages


@pytest.mark.parametrize(("address", "reported"), [("192.0.2.7", 1), ("127.0.0.1", 0), ("::1", 0), ("", 0)])
def test_a_connection_to_another_machine_without_tls_is_a_warning(
    empty: CommandLine, monkeypatch: pytest.MonkeyPatch, address: str, reported: int
) -> None:
    monkeypatch.setattr("app.database.diagnostics.server_address", lambda _: address)
    found = [message for message in messages(findings(empty, 0), "warning") if "not encrypted" in message]

    expected = reported if empty.database_url.startswith("postgresql") else 0
    assert found == [f"the connection to the PostgreSQL server at {address} is not encrypted"] * expected
