"""The figures for Prometheus, as it scrapes them: on their own port, summed over the workers, with few labels."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import update

from app.database.database import Database
from app.database.models import RevisionHead
from tests.cli.processes import environment, run, serving
from tests.databases import Databases, settings_for
from tests.monitoring.reading import at_least, make_key
from tests.programs import free_port

Samples = dict[tuple[str, ...], float]
"""Values by the name of a figure and, in the order of their names, its labels."""


def scrape(port: str) -> Samples:
    answer = httpx.get(f"http://127.0.0.1:{port}/metrics", timeout=30)
    assert answer.status_code == 200
    families = text_string_to_metric_families(answer.text)
    samples = [sample for family in families for sample in family.samples]
    return {
        (sample.name.removeprefix("company_profiles_"), *(value for _, value in sorted(sample.labels.items()))): sample.value
        for sample in samples
    }


@contextmanager
def held(url: str) -> Iterator[None]:
    """The lock that every change takes, to the end of the block."""
    database = Database(settings_for(url))
    with database.trying() as connection:
        connection.execute(update(RevisionHead).values(newest=RevisionHead.newest))
        yield
    database.engine.dispose()


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where servers make their temporary folders: others on the machine have theirs elsewhere."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    return folder


def test_what_a_worker_does_is_counted(databases: Databases, tmp_path: Path) -> None:
    port = str(free_port())
    url = databases.copy(databases.seeded)
    with serving(tmp_path, database_url=url, metrics_port=port, log_level="warning") as served:
        with httpx.Client(base_url=served.url) as client:
            for address in ("/v1/companies/baidu", "/v1/companies/baidu", "/v1/companies/nobody", "/nothing/1", "/nothing/2"):
                client.get(address)
            client.get("/v1/companies?limit=x")
        found = scrape(port)

    route = "/v1/companies/{company}"
    assert found["requests_total", "GET", route, "200"] == 2
    assert found["requests_total", "GET", route, "404"] == 1
    assert found["requests_total", "GET", "unmatched", "404"] == 2
    assert found["requests_total", "GET", "/v1/companies", "422"] == 1
    assert found["request_duration_seconds_count", "GET", route] == 3
    assert found["request_duration_seconds_bucket", "+Inf", "GET", route] == 3
    assert 0 < found["request_duration_seconds_sum", "GET", route] < 60
    assert (found["cache_requests_total", "hit"], found["cache_requests_total", "miss"]) == (1, 3)
    assert found["cache_entries",] == 1
    assert found["cache_bytes",] > 1000
    assert (found["requests_in_flight",], found["database_up",], found["newest_revision",]) == (0, 1, 64)
    assert found["database_bytes",] > 100_000
    assert found["database_pool_size",] == (20 if databases.engine == "postgresql" else 10)
    assert [value for name, *_ in found if name == "build_info" for value in (found[name, *_],)] == [1]


@pytest.mark.slow
def test_a_connection_is_in_use_while_a_change_waits_for_its_lock(databases: Databases, tmp_path: Path) -> None:
    port = str(free_port())
    url = databases.copy(databases.seeded)
    headers = {"Authorization": f"Bearer {make_key(url, 'newsroom')}"}
    kept = 1 if databases.engine == "sqlite" else 0
    with serving(tmp_path, database_url=url, metrics_port=port) as served, ThreadPoolExecutor(1) as thread:

        def in_use(number: int) -> list[Samples]:
            return [found for found in [scrape(port)] if found["database_connections_in_use",] == number]

        httpx.get(f"{served.url}/v1/companies")
        with held(url):
            change = {"companies": [{"slug": "lumen", "name": "Lumen"}]}
            answer = thread.submit(httpx.post, f"{served.url}/v1/datasets", json=change, headers=headers, timeout=60)
            at_least(lambda: in_use(kept + 1), 1)
        assert answer.result().status_code == 200
        at_least(lambda: in_use(kept), 1)


@pytest.mark.slow
def test_requests_under_way_are_counted_until_they_end(tmp_path: Path) -> None:
    port = str(free_port())
    with serving(tmp_path, metrics_port=port) as served:
        with httpx.stream("GET", f"{served.url}/v1/changes/stream", timeout=60):
            assert scrape(port)["requests_in_flight",] == 1
        at_least(lambda: [found for found in [scrape(port)] if found["requests_in_flight",] == 0], 1)


@pytest.mark.slow
def test_the_figures_of_all_workers_are_one_sum_and_those_of_a_dead_one_stay_counted(tmp_path: Path, temporary: Path) -> None:
    port = str(free_port())
    with serving(tmp_path, "--workers", "2", metrics_port=port, log_format="json") as served:

        def pool_of_two_workers() -> list[Samples]:
            return [found for found in [scrape(port)] if found.get(("database_pool_size",)) == 20]

        at_least(pool_of_two_workers, 1)
        for _ in range(40):
            httpx.get(f"{served.url}/health/live")
        assert scrape(port)["requests_total", "GET", "/health/live", "200"] == 40
        workers = {int(path.stem.rpartition("_")[2]) for path in temporary.rglob("gauge_live*.db")}
        assert len(workers) == 2
        os.kill(workers.pop(), signal.SIGKILL)
        at_least(lambda: [line for line in served.said.splitlines() if "Application startup complete" in line], 3)
        assert len(pool_of_two_workers()) == 1
        assert scrape(port)["requests_total", "GET", "/health/live", "200"] == 40
        assert served.stop() == 0

    assert list(temporary.iterdir()) == []


@pytest.mark.slow
def test_a_worker_that_has_only_just_made_its_file_breaks_no_scrape(tmp_path: Path, temporary: Path) -> None:
    port = str(free_port())
    with serving(tmp_path, metrics_port=port):
        folder = next(temporary.glob("company-profiles-metrics-*"))
        (folder / "counter_1.db").touch()
        assert scrape(port)["database_up",] == 1


def test_a_database_that_is_away_is_a_figure_too(tmp_path: Path) -> None:
    port = str(free_port())
    with serving(tmp_path, metrics_port=port):
        for path in tmp_path.glob("company-profiles.db*"):
            path.unlink()
        (tmp_path / "company-profiles.db").mkdir()
        found = scrape(port)

    assert found["database_up",] == 0
    assert ("newest_revision",) not in found


@pytest.mark.slow
def test_the_api_has_no_such_address_and_by_default_nothing_is_counted(tmp_path: Path, temporary: Path) -> None:
    with serving(tmp_path) as served:
        page = httpx.get(f"{served.url}/metrics")
        assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8"), (
            "the list of metrics, for people"
        )
        assert list(temporary.iterdir()) == []


def test_a_port_in_use_is_said_plainly(tmp_path: Path, temporary: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        result = run(tmp_path, "serve", "--port", "0", metrics_port=port)

    assert result.returncode == 3
    assert f"cannot serve Prometheus on 127.0.0.1 port {port}: Address already in use" in result.stderr.decode()
    assert "Traceback" not in result.stderr.decode()
    assert list(temporary.iterdir()) == []


@pytest.mark.slow
@pytest.mark.parametrize(("metrics_port", "imported"), [("0", False), ("9464", True)])
def test_the_library_is_imported_only_where_it_is_wanted(tmp_path: Path, metrics_port: str, *, imported: bool) -> None:
    program = tmp_path / "program.py"
    program.write_text(
        "import sys\nfrom app.main import create_served_app\ncreate_served_app()\nprint('prometheus_client' in sys.modules)\n"
    )
    variables = environment({"metrics_port": metrics_port})
    result = subprocess.run([sys.executable, program], cwd=tmp_path, env=variables, capture_output=True, check=True, text=True)
    assert result.stdout == f"{imported}\n"
