"""``--server`` with an address or a key that is not of a server of this API."""

import pytest

from tests.cli.conftest import CommandLine, message


def test_blanks_around_the_key_of_a_command_are_not_part_of_it(on_file: CommandLine) -> None:
    said = message(on_file("export", "--server", "http://127.0.0.1:1", key=" cp_secret\n"), 3)

    assert said.startswith("cannot reach http://127.0.0.1:1: ")
    assert "secret" not in said


@pytest.mark.parametrize("server", ["http://[::1", "ftp://api.example", "api.example"])
def test_an_address_that_is_none_is_a_fault_of_the_command(on_file: CommandLine, server: str) -> None:
    assert message(on_file("export", "--server", server, key="cp_secret"), 2).startswith("--server: ")
