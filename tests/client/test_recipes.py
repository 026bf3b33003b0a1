"""Each recipe of docs/api/python.md runs on a real server."""

import re
import sys
from pathlib import Path

import pytest

import app.client
from tests.client.conftest import Desk

PAGE = Path(__file__).parents[2] / "docs" / "api" / "python.md"
RECIPES = dict(re.findall(r"^### (.+?)$.*?^```python\n(.+?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL))
PRINTED = {
    "Read a company": "Baidu CN",
    "Iterate over a list": "products, such as",
    "Search and complete": "Searched for baidu",
    "Compare companies": "{'baidu': ",
    "Read the past": "metrics\n",
    "Handle problems": "Did you mean /v1/companies/baidu",
    "Store responses": "Baidu\nBaidu\n",
    "Create and change": "DE ",
    "Follow changes": " create /v1/companies/",
    "Asynchronously": "Kuaishou",
}
"""Something that each prints."""


@pytest.mark.parametrize("title", PRINTED)
def test_a_recipe_runs(
    title: str, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PROFILES_KEY", desk.key)
    for name in ("", ".models"):  # the names of the package where it is installed by itself
        monkeypatch.setitem(sys.modules, f"company_profiles{name}", sys.modules[f"{app.client.__name__}{name}"])
    recipe = RECIPES[title].replace("http://127.0.0.1:8000", desk.url)

    exec(compile(recipe, title, "exec"), {"__name__": title})  # noqa: S102 - it is what this page tells people to run

    assert PRINTED[title] in capsys.readouterr().out


def test_each_recipe_is_run() -> None:
    assert list(RECIPES) == list(PRINTED)
    assert len(RECIPES) == 10
