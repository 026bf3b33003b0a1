"""The client as a package: what it contains, and that it works without the server."""

import json
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from tests.client.conftest import Desk

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "app" / "client"
GENERATED = ("models.py", "filters.py")
PROGRAM = """\
import asyncio
import sys

from company_profiles import AsyncClient, Client, NotFound
from company_profiles.models import Company, CompanyInput, MetricPage

url, key = sys.argv[1:]
with Client(url, key=key) as client:
    baidu: Company = client.companies.get("baidu")
    names: list[str] = [company.name for company in client.companies.list(country="CN")]
    page: MetricPage = next(client.metrics.list(company="baidu", limit=1).pages())
    created: Company = client.companies.create(CompanyInput(slug="works", name="Works"))
    created = client.companies.change(created, {"note": "New"})
    try:
        client.companies.get("missing")
    except NotFound as problem:
        print(problem.status, problem.detail)


async def main() -> None:
    async with AsyncClient(url) as client:
        read = await client.companies.get("works")
        assert read == created
        assert names == [company.name async for company in client.companies.list(country="CN")]
        async for change in client.events(since=0):
            print(change.revision, change.action)
            break


asyncio.run(main())
print(sorted({"app", "fastapi", "sqlalchemy", "starlette"} & {name.partition(".")[0] for name in sys.modules}))
"""
WRONG = """\
from company_profiles import AsyncClient, Client

def wrong(client: Client, other: AsyncClient) -> None:
    client.companies.get(1)
    client.companies.list(contry="CN")
    other.companies.get("baidu").name
    client.milestones.get("baidu/founded").unit
"""


def test_what_is_written_by_hand_stays_small() -> None:
    written = [path for path in PACKAGE.rglob("*.py") if path.name not in GENERATED]

    assert sum(len(path.read_text(encoding="utf-8").splitlines()) for path in written) <= 900


@pytest.mark.slow
def test_the_package_works_in_an_environment_without_the_server(desk: Desk, tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "build", "--wheel", "--outdir", tmp_path, PACKAGE], check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    subprocess.run([sys.executable, "-m", "venv", tmp_path / "venv"], check=True)
    python = tmp_path / "venv" / "bin" / "python"
    needed = [f"{name}=={version(name)}" for name in ("httpx", "pydantic")]
    subprocess.run([python, "-m", "pip", "install", "--quiet", wheel, *needed], check=True)
    for name, text in (("program.py", PROGRAM), ("wrong.py", WRONG)):
        (tmp_path / name).write_text(text, encoding="utf-8")

    ran = subprocess.run([python, "program.py", desk.url, desk.key], cwd=tmp_path, check=False, capture_output=True, text=True)
    assert ran.stderr == ""
    assert ran.stdout.splitlines() == ["404 There is no company 'missing'.", "1 create", "[]"]
    assert types_of(tmp_path, python, "program.py") == []
    assert types_of(tmp_path, python, "wrong.py") == ["arg-type", "call-arg", "attr-defined", "attr-defined"]


def types_of(folder: Path, python: Path, program: str) -> list[str]:
    """The codes of what mypy finds."""
    command = [sys.executable, "-m", "mypy", "--strict", "--output=json", f"--python-executable={python}", program]
    found = subprocess.run(command, cwd=folder, check=False, capture_output=True, text=True)
    assert found.stderr == ""
    return [one["code"] for one in map(json.loads, filter(None, found.stdout.splitlines())) if one["severity"] == "error"]
