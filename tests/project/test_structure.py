"""The code keeps to the sizes and the import direction of the house, and each gate catches what it is for."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.project import structure

ROOT = Path(__file__).parents[2]
SOURCES = {
    path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
    for top in ("app", "migrations", "seed", "tests")
    for path in sorted((ROOT / top).rglob("*.py"))
    if path.parent != ROOT / "migrations" / "versions"
}


def longer_than(lines: int) -> str:
    return "    pass\n" * lines


def broken(rule: Callable[[str], list[str]]) -> list[str]:
    """Each finding of a rule, with its file."""
    return [f"{path}: {finding}" for path, source in SOURCES.items() for finding in rule(source)]


def test_files_are_short() -> None:
    assert [f"{path} {finding}" for path, source in SOURCES.items() for finding in structure.long_file(source, path)] == []


def test_functions_are_short() -> None:
    assert broken(structure.long_functions) == []


def test_endpoint_bodies_are_short() -> None:
    assert broken(structure.long_endpoints) == []


def test_parameters_and_return_values_are_annotated() -> None:
    assert broken(structure.unannotated) == []


def test_folder_names_say_what_is_inside() -> None:
    assert structure.vague_folders({path.rpartition("/")[0] for path in SOURCES}) == []


def test_the_root_of_the_application_holds_only_four_modules() -> None:
    assert structure.misplaced_modules(SOURCES) == []


def lint_imports(checkout: Path) -> subprocess.CompletedProcess[str]:
    """Checks the contracts of pyproject.toml."""
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache", "--no-logo"]
    return subprocess.run(command, cwd=checkout, capture_output=True, text=True, check=False)


def test_rooms_import_only_downward() -> None:
    linted = lint_imports(ROOT)
    assert linted.returncode == 0, linted.stdout


def test_a_long_function_is_caught() -> None:
    assert structure.long_functions("def short() -> None:\n" + longer_than(39)) == []
    assert structure.long_functions("class A:\n  def long(self) -> None:\n" + longer_than(40)) == ["long has 41 lines"]
    assert structure.long_functions("async def long() -> None:\n" + longer_than(40)) == ["long has 41 lines"]


def test_a_long_endpoint_is_caught() -> None:
    start = '@router.get("/v1/companies")\ndef list_companies() -> None:\n    """One\n    two.\n    """\n'
    assert structure.long_endpoints(start + longer_than(15)) == []
    assert structure.long_endpoints(start + longer_than(16)) == ["list_companies has a body of 16 lines"]
    assert structure.long_endpoints("@cache\ndef no_endpoint() -> None:\n" + longer_than(16)) == []


def test_a_long_file_is_caught() -> None:
    assert structure.long_file("\n" * 250, "app/database/database.py") == []
    assert structure.long_file("\n" * 251, "app/database/database.py") == ["has 251 lines"]
    assert structure.long_file("\n" * 401, "app/database/models.py") == ["has 401 lines"]


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("def f(self, a: int, *b: int, c: int = 1, **d: int) -> None: ...", []),
        ("def f(a) -> None: ...", ["f: a has no type"]),
        ("def f(): ...", ["f: return has no type"]),
        ("async def f(*a, **b): ...", ["f: a has no type", "f: b has no type", "f: return has no type"]),
    ],
)
def test_a_missing_type_is_caught(source: str, found: list[str]) -> None:
    assert structure.unannotated(source) == found


def test_a_vague_folder_is_caught() -> None:
    assert structure.vague_folders(["app/utils", "app/facts", "app/core/db"]) == ["app/utils", "app/core/db"]


def test_a_module_at_the_root_is_caught() -> None:
    allowed = ["app/__init__.py", "app/__main__.py", "app/main.py", "app/settings.py", "app/http/openapi.py"]
    assert structure.misplaced_modules([*allowed, "app/cache.py", "tests/conftest.py"]) == ["app/cache.py"]


@pytest.mark.parametrize(
    ("importer", "imported", "contract"),
    [
        ("app/errors/problem.py", "app.http.responses", "Rooms import only downward"),
        ("app/server/process.py", "app.main", "The parent process runs without the framework"),
        ("app/http/lists/cursors.py", "app.http.lists.listing", "Within a room, no imports form a circle"),
    ],
)
def test_a_wrong_import_is_caught(importer: str, imported: str, contract: str, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "app", tmp_path / "app", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    with (tmp_path / importer).open("a", encoding="utf-8") as file:
        file.write(f"import {imported}\n")
    linted = lint_imports(tmp_path)
    assert linted.returncode == 1
    assert f"{contract} BROKEN" in linted.stdout
