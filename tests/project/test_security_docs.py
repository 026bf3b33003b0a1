"""The page on security names tests that there are."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "operate" / "security.md").read_text(encoding="utf-8")
NAMED = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PAGE)


def names_in(file: str) -> set[str]:
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


def test_every_test_that_the_page_names_exists() -> None:
    missing = [f"{file}::{name}" for file, name in NAMED if name not in names_in(file)]

    assert missing == []


def test_every_item_of_the_top_ten_has_a_test() -> None:
    rows = re.findall(r"^\| API(\d+) .*$", PAGE, re.MULTILINE)
    untested = [line for line in PAGE.splitlines() if line.startswith("| API") and "::test_" not in line]

    assert rows == [str(number) for number in range(1, 11)]
    assert untested == []
