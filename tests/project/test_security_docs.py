"""The pages on security name tests that exist, and leave out no item of the lists that they go through."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SECURITY = (ROOT / "docs" / "operate" / "security.md").read_text(encoding="utf-8")
ASVS = (ROOT / "docs" / "operate" / "asvs.md").read_text(encoding="utf-8")
FAULTS = (ROOT / "docs" / "operate" / "faults.md").read_text(encoding="utf-8")
REQUIREMENTS = {
    "1.1": 2, "1.2": 9, "1.3": 11, "1.4": 3, "1.5": 2, "2.1": 3, "2.2": 3, "2.3": 4, "2.4": 1, "3.2": 2, "3.3": 4, "3.4": 6,
    "3.5": 5, "3.7": 2, "4.1": 3, "4.2": 1, "4.3": 2, "4.4": 4, "5.1": 1, "5.2": 3, "5.3": 2, "5.4": 3, "6.1": 3, "6.2": 12,
    "6.3": 4, "6.4": 4, "6.5": 5, "6.6": 3, "6.8": 4, "8.1": 2, "8.2": 3, "8.3": 1, "8.4": 1, "9.1": 3, "9.2": 4, "11.1": 2,
    "11.2": 3, "11.3": 3, "11.4": 4, "11.5": 1, "11.6": 1, "12.1": 3, "12.2": 2, "12.3": 4, "13.1": 1, "13.2": 5, "13.3": 2,
    "13.4": 5, "14.1": 2, "14.2": 4, "14.3": 3, "15.1": 3, "15.2": 3, "15.3": 7, "16.1": 1, "16.2": 5, "16.3": 4, "16.4": 3,
    "16.5": 3,
}  # fmt: skip
"""How many requirements of level 1 and 2 each section of ASVS 5.0 has, which come first in it."""
SECRET_MAKERS = {"secrets", "hmac", "hashlib", "ssl"}


def names_in(file: str) -> set[str]:
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


def asvs_rows() -> Iterator[tuple[list[str], str, str]]:
    """The requirements of a row, what protects, and its tests."""
    for numbers, _, protection, tests in re.findall(r"^\| ([\d., ]+) \| (.*?) \| (.*?) ?\| (.*?) ?\|$", ASVS, re.MULTILINE):
        yield numbers.split(", "), protection, tests


@pytest.mark.parametrize("page", [SECURITY, ASVS], ids=["security", "asvs"])
def test_every_test_that_the_page_names_exists(page: str) -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", page)
    missing = [f"{file}::{name}" for file, name in named if not (ROOT / file).is_file() or name not in names_in(file)]

    assert len(named) > 30
    assert missing == []


def test_every_file_that_the_page_on_failures_names_exists() -> None:
    named = [
        *re.findall(r"`(tests/[\w/]+\.py)`", FAULTS),
        *(f"tests/faults/{file}" for file in re.findall(r"`(test_\w+\.py)`", FAULTS)),
    ]

    assert len(named) > 20
    assert [file for file in named if not (ROOT / file).is_file()] == []


def test_every_item_of_the_top_ten_has_a_test() -> None:
    rows = re.findall(r"^\| API(\d+) .*$", SECURITY, re.MULTILINE)
    untested = [line for line in SECURITY.splitlines() if line.startswith("| API") and "::test_" not in line]

    assert rows == [str(number) for number in range(1, 11)]
    assert untested == []


def test_every_requirement_of_asvs_has_a_row() -> None:
    expected = {f"{section}.{number}" for section, count in REQUIREMENTS.items() for number in range(1, count + 1)}
    named = [number for numbers, _, _ in asvs_rows() for number in numbers]

    assert sorted(named) == sorted(expected)


def test_a_requirement_without_a_test_says_why() -> None:
    excused = ("Not applicable", "Operator", "Open")
    unexplained = [
        numbers
        for numbers, protection, tests in asvs_rows()
        if "::test_" not in tests
        and not any(word in protection for word in excused)
        and "](" not in protection
        and "above" not in protection
    ]

    assert unexplained == []


def modules() -> Iterator[tuple[Path, ast.Module]]:
    for file in (ROOT / "app").rglob("*.py"):
        yield file, ast.parse(file.read_text(encoding="utf-8"))


def test_nothing_evaluates_code_or_unpickles() -> None:
    found = []
    for file, tree in modules():
        for node in ast.walk(tree):
            imported = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            imported += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            called = node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""
            if called in {"eval", "exec", "compile"} or {"pickle", "marshal", "shelve", "dill"} & set(imported):
                found.append(f"{file.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}")

    assert found == []


def test_only_approved_algorithms_are_used() -> None:
    """What comes from the modules of secrets and digests, in the whole program."""
    used = set()
    for _, tree in modules():
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in SECRET_MAKERS:
                used.add(f"{node.value.id}.{node.attr}")
            if isinstance(node, ast.ImportFrom) and node.module in SECRET_MAKERS:
                used |= {f"{node.module}.{alias.name}" for alias in node.names}

    digests = {"hashlib.sha256", "hashlib.blake2b", "hashlib.file_digest"}
    assert used <= {*digests, "hmac.compare_digest", "secrets.token_bytes", "secrets.token_hex", "secrets.token_urlsafe"}
    assert {"hashlib.sha256", "secrets.token_urlsafe", "hmac.compare_digest"} <= used
