"""The code keeps to the sizes and the import direction of the house, and each gate catches what it is for."""

from collections.abc import Callable
from pathlib import Path

import pytest
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

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


@pytest.mark.parametrize("path", SOURCES)
@pytest.mark.parametrize("rule", [structure.long_functions, structure.long_endpoints, structure.unannotated])
def test_every_file_keeps_the_rule(path: str, rule: Callable[[str], list[str]]) -> None:
    assert rule(SOURCES[path]) == []


@pytest.mark.parametrize("path", SOURCES)
def test_every_file_is_short(path: str) -> None:
    assert structure.long_file(SOURCES[path], path) == []


def test_rooms_import_only_downward(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(ROOT)
    assert lint_imports(cache_dir=None) == EXIT_STATUS_SUCCESS, capsys.readouterr().out


def test_every_folder_has_a_telling_name() -> None:
    assert structure.vague_folders({path.rpartition("/")[0] for path in SOURCES}) == []


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
