"""Schemathesis makes requests from the OpenAPI document, valid and invalid, and finds no answer beyond what it promises."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.auth.key import Scope
from app.auth.queries import create_key
from app.database.database import Database
from app.values.dates import now
from tests.databases import Databases, settings_for
from tests.lengths import by_length, is_nightly
from tests.server import RunningServer, running_server

pytestmark = pytest.mark.any_engine

FOLDER = Path(__file__).parent
ROOT = FOLDER.parents[1]
EXAMPLES = by_length(everyday=1, full=8, nightly=1_000)
"""Random requests per operation."""
PHASES = by_length(everyday="examples,fuzzing", full="examples,coverage,fuzzing")


@pytest.fixture
def keyed_server(databases: Databases) -> Iterator[RunningServer]:
    """The application on the seed, for whose database a key was made that nobody here has."""
    settings = settings_for(databases.copy(databases.seeded))
    database = Database(settings)
    with database.writing() as connection:
        create_key(connection, name="newsroom", scopes=[Scope.WRITE], expires_at=None, now=now().replace(microsecond=0))
    database.engine.dispose()
    with running_server(settings) as running:
        yield running


def test_schemathesis_finds_no_fault(keyed_server: RunningServer, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    program = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(FOLDER / "schemathesis.toml")]
    run = [
        "run",
        f"{keyed_server.url}/openapi.json",
        "--phases",
        PHASES,
        "--max-examples",
        str(EXAMPLES),
        "--no-color",
    ]
    # The usual run is the same each time; a longer one looks further each time, or is that of the seed that is given.
    given = request.config.getoption("hypothesis_seed")
    seed = ["--seed", str(given or 1)] if given or not is_nightly() else []
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    result = subprocess.run([*program, *run, *seed], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)

    assert result.returncode == 0, result.stdout + result.stderr
    assert re.search(r"\b[1-9]\d* generated", result.stdout)
