"""Finds sentences of a source in the project: python .ci/wording.py ARTICLE

The seed states facts in our own words, so no tracked file may contain eight consecutive words of the article.
"""

import re
import subprocess
import sys
from pathlib import Path

RUN = 8


def words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", text.lower().replace("’", "'"))


def runs(text: str) -> set[tuple[str, ...]]:
    found = words(text)
    return {tuple(found[start : start + RUN]) for start in range(len(found) - RUN + 1)}


article = runs(Path(sys.argv[1]).read_text(encoding="utf-8"))
listed = subprocess.run(["git", "ls-files", "-z"], check=True, capture_output=True, text=True)
files = [Path(name) for name in listed.stdout.split("\0") if name and not name.startswith(".ci/requirements")]
copied = [
    f"{file}: {' '.join(run)}" for file in files for run in article & runs(file.read_text(encoding="utf-8", errors="replace"))
]
sys.stdout.write(("\n".join(copied) or f"No run of {RUN} words of the article in {len(files)} files") + "\n")
sys.exit(bool(copied))
