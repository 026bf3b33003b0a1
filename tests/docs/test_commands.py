"""Each page of the docs is done as a reader would do it: on a fresh database with the seed, its commands in order."""

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cli.processes import ROOT, SECONDS, environment, run, serving
from tests.docs.pages import Step, same, steps

pytestmark = pytest.mark.slow
TUTORIAL = "from-article-to-api.md"
"""Its reader edits files between the commands: tests/project/test_tutorial.py does that."""
PAGES = [
    page
    for page in (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")))
    if page.name != TUTORIAL and any(True for _ in steps(page))
]
PRELUDE = f"""
company-profiles() {{ [ "$1" = serve ] || {sys.executable} -m app "$@"; }}
.venv/bin/company-profiles() {{ company-profiles "$@"; }}
curl() {{ command curl --silent --show-error --max-time 5 "$@" || [ $? = 28 ]; }}
"""
"""The program is that of this checkout, and it serves already. A stream that has no end is read for five seconds."""
BETWEEN = "the end of a step: "


@contextmanager
def prepared(folder: Path, page: Path) -> Iterator[str]:
    """A server on a new database, as the page starts it, and a key to write with unless the page creates it. Yields the URL."""
    text = page.read_text(encoding="utf-8")
    with serving(folder, *(["--demo"] if "serve --demo" in text else [])) as served:
        if "keys create newsroom " not in text:
            made = run(folder, "keys", "create", "newsroom", "--scope", "write")
            (folder / "newsroom.key").write_bytes(made.stdout)
        yield served.url


def done(folder: Path, page: Path) -> list[tuple[Step, int, str]]:
    """Each step of a page, its exit code and what it prints, messages included."""
    found = list(steps(page))
    with prepared(folder, page) as address:
        script = [PRELUDE]
        for step in found:
            script += [f"cat > {name} <<'END OF FILE'\n{text}END OF FILE\n" for name, text in step.files.items()]
            script.append(f"{step.commands.replace('http://127.0.0.1:8000', address)}\nprintf '\\n{BETWEEN}%s\\n' $?\n")
        result = subprocess.run(
            ["bash", "-c", "\n".join(script)],
            cwd=folder,
            env=environment({}),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=5 * SECONDS,
        )
    parts = re.split(rf"\n{BETWEEN}(\d+)\n", result.stdout.replace(address, "http://127.0.0.1:8000"))
    return [(step, int(code), output) for step, output, code in zip(found, parts[::2], parts[1::2], strict=False)]


def is_as_shown(step: Step, code: int, output: str) -> bool:
    """Whether a step succeeded, or failed as the page says, and printed what the page says."""
    failed = code != 0 or "/problems/" in output
    return all(same(kind, text, output) for kind, text in step.printed) and (bool(step.printed) or not failed)


@pytest.mark.parametrize("page", PAGES, ids=[page.relative_to(ROOT).as_posix() for page in PAGES])
def test_what_a_page_shows_is_what_its_commands_print(tmp_path: Path, page: Path) -> None:
    finished = done(tmp_path, page)
    wrong = [
        f"{step.commands}ends with {code} and prints\n{out}\n" for step, code, out in finished if not is_as_shown(step, code, out)
    ]

    assert "\n".join(wrong) == ""
    assert len(finished) == len(list(steps(page)))
