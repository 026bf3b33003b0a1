"""Clients are generated from the OpenAPI document without an edit by hand, compile strictly, and work against a server.

The programs in tests/openapi/clients use them: list, page, profile, create, patch, problem.
"""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.database.database import Database
from tests.databases import DatabasesOn, settings_for
from tests.history.conftest import key_of
from tests.openapi.documents import Document
from tests.server import running_server

pytestmark = pytest.mark.slow

CLIENTS = Path(__file__).parent / "clients"
ROOT = CLIENTS.parents[2]
TOOLS = ROOT / "build" / "openapi-clients"
"""The generators, installed when they are needed. .ci/run has installed those of npm."""
MODULES, PYTHON = TOOLS / "node_modules", TOOLS / "python"
DOCUMENTED_URL = "http://127.0.0.1:8000/openapi.json"
PROGRAMS = ("openapi_fetch", "hey_api", "orval_fetch", "orval_zod")


def run(command: Sequence[str | Path], folder: Path, **environment: str) -> None:
    result = subprocess.run(command, cwd=folder, env=os.environ | environment, capture_output=True, text=True, check=False)

    assert result.returncode == 0, f"{command}\n{result.stdout[-5000:]}\n{result.stderr[-5000:]}"


@pytest.fixture
def folder(document: Document, tmp_path: Path) -> Path:
    """A copy of the programs, with the document beside them."""
    for file in CLIENTS.iterdir():
        if file.is_file():
            shutil.copy(file, tmp_path)
    (tmp_path / "openapi.json").write_text(json.dumps(document.content), encoding="utf-8")
    return tmp_path


@contextmanager
def writable_server(databases_on: DatabasesOn) -> Iterator[dict[str, str]]:
    """A server with the seed for one program, and what the program needs to know of it."""
    databases = databases_on("sqlite")
    settings = settings_for(databases.copy(databases.seeded))
    database = Database(settings)
    key = key_of(database)
    database.engine.dispose()
    with running_server(settings) as running:
        yield {"BASE_URL": running.url, "KEY": key}


@pytest.fixture
def tools(folder: Path) -> Path:
    """The programs of npm. The folder finds their packages."""
    if not (MODULES / ".bin" / "tsc").exists():
        TOOLS.mkdir(parents=True, exist_ok=True)
        for name in ("package.json", "package-lock.json", ".npmrc"):
            shutil.copy(CLIENTS / name, TOOLS)
        run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], TOOLS)
    (folder / "node_modules").symlink_to(MODULES)
    return MODULES / ".bin"


def test_generated_typescript_compiles_strictly_and_works(folder: Path, tools: Path, databases_on: DatabasesOn) -> None:
    generators: list[list[str | Path]] = [
        [tools / "openapi-typescript", "openapi.json", "--output", "openapi_typescript/schema.d.ts"],
        [tools / "openapi-ts", "--input", "openapi.json", "--output", "hey_api_client", "--client", "@hey-api/client-fetch"],
        [tools / "orval", "--config", "orval.config.cjs"],
    ]
    with writable_server(databases_on) as server, ThreadPoolExecutor() as pool:
        list(pool.map(lambda command: run(command, folder, DOCUMENT="openapi.json", **server), generators))
        run([tools / "tsc"], folder)
        list(pool.map(lambda name: run(["node", f"built/{name}.js"], folder, **server), PROGRAMS))


def generate_as_documented(section: str, folder: Path, tools: Path) -> None:
    """Runs the generator as a section of the page says, beside the section's example."""
    section = section.replace(DOCUMENTED_URL, str(folder.parent / "openapi.json"))
    blocks = dict(re.findall(r"^```(\w*)\n(.*?)^```", section, re.MULTILINE | re.DOTALL))
    folder.mkdir()
    (folder / "orval.config.cjs").write_text(blocks.get("js", ""), encoding="utf-8")
    (folder / "example.ts").write_text(blocks["ts"], encoding="utf-8")
    for line in blocks["shell"].splitlines():
        if line.startswith("npx "):
            name, *arguments = shlex.split(line.removeprefix("npx "))
            run([tools / name, *arguments], folder)


def test_the_documented_clients_are_generated_and_compile_strictly(folder: Path, tools: Path) -> None:
    sections = (ROOT / "docs" / "api" / "javascript.md").read_text(encoding="utf-8").split("\n### ")[1:]
    folders = [folder / f"documented-{number}" for number in range(3)]
    with ThreadPoolExecutor() as pool:
        list(pool.map(generate_as_documented, sections, folders, [tools] * 3))
    strictly = ("--noEmit", "--strict", "--target", "es2022", "--module", "esnext", "--moduleResolution", "bundler")

    assert len(sections) == 3
    run([tools / "tsc", *strictly, *(one / "example.ts" for one in folders)], folder)


def test_a_generated_python_client_is_strictly_typed_and_works(folder: Path, databases_on: DatabasesOn) -> None:
    python = PYTHON / "bin" / "python"
    if not (PYTHON / "bin" / "openapi-python-client").exists():
        run([sys.executable, "-m", "venv", PYTHON], ROOT)
        run([python, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", ".ci/requirements-clients.txt"], ROOT)
    generate = ["generate", "--path", "openapi.json", "--meta", "none", "--output-path", "generated"]
    run([PYTHON / "bin" / "openapi-python-client", *generate], folder)
    programs = ["generated", "python_client.py"]
    run([sys.executable, "-m", "mypy", "--config-file", "mypy.ini", "--python-executable", python, *programs], folder)
    with writable_server(databases_on) as server:
        run([python, "python_client.py"], folder, **server)
