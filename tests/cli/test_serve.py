"""``serve`` as people run it: the first start, the next ones, the end."""

import signal
import socket
from pathlib import Path

import httpx
import pytest

from tests.cli.conftest import CommandLine
from tests.cli.processes import run, serving


def with_password(url: str) -> str:
    return url.replace("postgres@", "postgres:geheim@")


def test_the_first_start_makes_all_and_the_next_leaves_it_as_it_is(blank: CommandLine, folder: Path) -> None:
    url = with_password(blank.database_url)
    with serving(folder, database_url=url) as served:
        assert "Created the database " in served.said
        assert "Loaded the seed: " in served.said
        assert "geheim" not in served.said
        assert httpx.get(f"{served.url}/docs").status_code == 200
        before = httpx.get(f"{served.url}/v1/companies").text
        assert served.stop() == 0
    with serving(folder, database_url=url) as served:
        assert "Using the database " in served.said
        assert "seed" not in served.said
        assert httpx.get(f"{served.url}/v1/companies").text == before


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_right_after_the_start_ends_it_with_0(folder: Path, number: signal.Signals) -> None:
    with serving(folder, seed="false") as served:
        assert served.stop(number) == 0
        assert "Traceback" not in served.said


def test_several_workers_serve_one_address_and_end_with_0(folder: Path) -> None:
    with serving(folder, "--workers", "2", "--demo") as served:
        assert "Loaded the seed: " in served.said
        assert "Loaded the demo: " in served.said
        assert httpx.get(f"{served.url}/v1/companies/orchard-cycles").status_code == 200
        assert httpx.get(f"{served.url}/health/ready", timeout=30).status_code == 200
        assert served.stop() == 0
        assert "Traceback" not in served.said


def test_a_database_with_data_does_not_get_the_demo(folder: Path) -> None:
    with serving(folder) as served:
        assert "demo" not in served.said
        assert served.stop() == 0
    with serving(folder, "--demo") as served:
        assert "Only a new database gets the demo." in served.said
        assert httpx.get(f"{served.url}/v1/companies/orchard-cycles").status_code == 404


def test_a_port_in_use_is_said_plainly(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = run(folder, "serve", "--port", str(port))
    assert result.returncode == 3
    assert result.stderr.decode().splitlines()[-1] == (
        f"company-profiles: port {port} on 127.0.0.1 is in use by another program;"
        " stop it, or choose another port with --port or PROFILES_PORT"
    )
    assert list(folder.iterdir()) == []
