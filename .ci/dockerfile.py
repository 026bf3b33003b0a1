"""Executes the Dockerfile's build stage in a clean folder, then serves as the image would.

    python dockerfile.py CHECKOUT SCRATCH

SCRATCH stands for the root folder of the image: the build stage copies and runs below it, with this Python.
The account of the second stage is not created, because it would be one of this machine.
"""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

INSTALLED = "/opt/company-profiles"
DATA = "/data"


def instructions(dockerfile: str) -> list[tuple[str, str]]:
    joined = re.sub(r"\\\n\s*", "", re.sub(r"^#.*\n", "", dockerfile, flags=re.MULTILINE))
    return [(word, rest) for word, _, rest in (line.partition(" ") for line in joined.splitlines() if line)]


def context(checkout: Path, folder: Path) -> None:
    """Copies what .dockerignore admits: it excludes everything, then names what is needed."""
    for line in (checkout / ".dockerignore").read_text().splitlines():
        if not line.startswith("!"):
            continue
        source, target = checkout / line[1:], folder / line[1:]
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(source, target)


def build(steps: list[tuple[str, str]], checkout: Path, scratch: Path) -> None:
    folder = scratch / "build"
    context(checkout, folder)
    second_stage = [number for number, (word, _) in enumerate(steps) if word == "FROM"][1]
    for word, rest in steps[:second_stage]:
        if word == "RUN":
            command = rest.replace(INSTALLED, f"{scratch}{INSTALLED}").replace("python -m venv", f"{sys.executable} -m venv")
            subprocess.run(["bash", "-euc", command], cwd=folder, check=True)


def serve(steps: list[tuple[str, str]], scratch: Path) -> None:
    data = scratch / DATA.lstrip("/")
    data.mkdir()
    environment = dict(os.environ)
    for word, rest in steps:
        if word == "ENV":
            environment |= dict(pair.split("=", 1) for pair in shlex.split(rest) if not pair.startswith("PATH="))
    environment["PATH"] = f"{scratch}{INSTALLED}/bin:{environment['PATH']}"
    environment["PROFILES_DATABASE_URL"] = environment["PROFILES_DATABASE_URL"].replace(f"//{DATA}/", f"//{data}/")
    environment["PROFILES_HOST"] = "127.0.0.1"
    command = shlex.join(json.loads(next(rest for word, rest in reversed(steps) if word == "CMD")))
    check = next(rest.partition("CMD ")[2] for word, rest in steps if word == "HEALTHCHECK")
    serving = Path(__file__).with_name("serving.py")
    arguments = [sys.executable, str(serving), "--then", shlex.join(json.loads(check)), f"exec {command}"]
    subprocess.run(arguments, cwd=data, env=environment, check=True)
    if not (data / "company-profiles.db").is_file():
        raise SystemExit("the database is not in the volume")


def main() -> None:
    checkout, scratch = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
    steps = instructions((checkout / "Dockerfile").read_text())
    build(steps, checkout, scratch)
    serve(steps, scratch)


if __name__ == "__main__":
    main()
