"""Schemathesis makes requests from the OpenAPI document, valid and invalid, and finds no answer beyond what it promises."""

import os
import subprocess
import sys
from pathlib import Path

from tests.server import RunningServer

FOLDER = Path(__file__).parent
ROOT = FOLDER.parents[1]
EXAMPLES = os.environ.get("SCHEMATHESIS_EXAMPLES", "30")
"""Random requests per operation; a nightly run sets more."""


def test_schemathesis_finds_no_fault(server: RunningServer, tmp_path: Path) -> None:
    program = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(FOLDER / "schemathesis.toml")]
    run = ["run", f"{server.url}/openapi.json", "--phases", "examples,coverage,fuzzing", "--max-examples", EXAMPLES, "--no-color"]
    # The usual run is the same each time; a longer one looks further each time.
    seed = ["--seed", "1"] if "SCHEMATHESIS_EXAMPLES" not in os.environ else []
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    result = subprocess.run([*program, *run, *seed], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)

    assert result.returncode == 0, result.stdout + result.stderr
    assert "0 generated" not in result.stdout
