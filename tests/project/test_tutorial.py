"""The tutorial's commands print what it shows."""

import shlex
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

from tests.cli.processes import ROOT
from tests.docs.pages import blocks

PAGE = "docs/operate/from-article-to-api.md"


def run(folder: Path, command: str) -> str:
    """What a command prints: its results, then its messages, but not that it creates the database."""
    environment = {"PYTHONPATH": str(ROOT), "PROFILES_SEED": "false", "PROFILES_DATABASE_URL": "sqlite:///tutorial.db"}
    arguments = [sys.executable, "-m", "app", *shlex.split(command)[1:]]
    done = subprocess.run(arguments, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    printed = (done.stdout + done.stderr).splitlines(keepends=True)
    return "".join(line for line in printed if not line.startswith("Created the database "))


def test_the_tutorial_prints_what_it_shows(tmp_path: Path) -> None:
    (_, _, article), (_, _, dataset), *steps = blocks(ROOT / PAGE)
    (tmp_path / "article.txt").write_text(article, encoding="utf-8")
    file = tmp_path / "orchard.yaml"
    file.write_text(dataset, encoding="utf-8")
    texts = [text for *_, text in steps]
    shown = dict(pairwise(texts))
    dry_run, load, fixed, verify = (text for text in texts if text.startswith("company-profiles ") and "curl" not in text)

    assert run(tmp_path, dry_run) == shown[dry_run]
    file.write_text(dataset.replace("paragraph: 2, sentence: 2", "paragraph: 9, sentence: 2"), encoding="utf-8")
    assert shown[shown[dry_run]] in run(tmp_path, load)
    file.write_text(dataset, encoding="utf-8")
    assert run(tmp_path, load) == shown[load]
    file.write_text(dataset.replace("value: 3100\n", "value: 31000\n"), encoding="utf-8")
    assert run(tmp_path, fixed) == shown[fixed]
    assert run(tmp_path, verify) == shown[verify]
