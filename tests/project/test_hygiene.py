"""What must not be in the project, and what every pin must have."""

import re
import subprocess
import tomllib
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
GENERATED = frozenset({".git", ".hypothesis", ".schemathesis", ".venv", "__pycache__", "build", "dist", "htmlcov"})
# In pieces, so that this file does not name what it looks for.
REGISTRY_HOSTS = tuple(
    ".".join(pieces)
    for pieces in (
        ("pypi", "org"),
        ("files", "pythonhosted", "org"),
        ("registry", "npmjs", "org"),
        ("registry", "yarnpkg", "com"),
        ("deb", "debian", "org"),
        ("crates", "io"),
        ("proxy", "golang", "org"),
    )
)
MACHINE_PATHS = tuple(f"/{top}/" for top in ("work", "tmp", "root", "home"))
LOCK_FILES = re.compile(r"(?:\.lock|-lock\.(?:json|ya?ml)|npm-shrinkwrap\.json)$")
PINNED = re.compile(
    r"^[a-z0-9][a-z0-9-]*(?:\[[a-z0-9,-]+\])?==[^\s;]+(?: ; [^\\]+)? \\(?:\n    --hash=sha256:[0-9a-f]{64}(?: \\)?)+$"
)


def project_files() -> Iterator[Path]:
    """What git has or would take; without git, every file that no tool made."""
    if (ROOT / ".git").exists():
        command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True).stdout
        paths = [ROOT / name for name in listed.split("\0") if name]
    else:
        paths = [path for path in ROOT.rglob("*") if not _is_generated(path.relative_to(ROOT))]
    return (path for path in paths if path.is_file())


def _is_generated(path: Path) -> bool:
    return any(part in GENERATED or part.endswith(("_cache", ".egg-info")) for part in path.parts)


def forbidden_names(text: str) -> list[str]:
    """Registry hosts and paths of the machine that the text was written on."""
    hosts = [host for host in REGISTRY_HOSTS if host in text.lower()]
    return hosts + [path for path in MACHINE_PATHS if re.search(rf"(?<![\w.}}-]){re.escape(path)}", text)]


def requirements(name: str) -> list[str]:
    """The entries of a requirements file, each with its hashes."""
    text = (ROOT / ".ci" / name).read_text(encoding="utf-8")
    return re.split(r"\n(?=\S)", text.rstrip("\n"))


def pinned(name: str) -> set[str]:
    return {requirement.name for requirement in pins(name)}


def pins(name: str) -> list[Requirement]:
    """Each pin of a requirements file, read as PEP 508 says, without its hashes."""
    return [Requirement(entry.partition(" \\")[0]) for entry in requirements(name)]


def test_no_file_names_a_registry_or_a_path_of_one_machine() -> None:
    found = {}
    for path in project_files():
        names = forbidden_names(path.read_text(encoding="utf-8", errors="replace"))
        if names:
            found[path.relative_to(ROOT).as_posix()] = names
    assert found == {}


def test_the_only_lock_file_names_no_addresses() -> None:
    [kept] = [path for path in project_files() if LOCK_FILES.search(path.name)]
    assert kept == ROOT / "tests" / "openapi" / "clients" / "package-lock.json"
    assert '"resolved"' not in kept.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "name", ["requirements.txt", "requirements-test.txt", "requirements-build.txt", "requirements-clients.txt"]
)
def test_every_requirement_is_pinned_with_hashes(name: str) -> None:
    assert [entry.partition(" ")[0] for entry in requirements(name) if not PINNED.match(entry)] == []


def test_the_pins_are_those_of_the_declared_dependencies() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    runtime, test = (
        {Requirement(requirement).name.lower() for requirement in declared}
        for declared in (project["dependencies"], project["optional-dependencies"]["test"])
    )
    assert runtime <= pinned("requirements.txt")
    assert runtime | test <= pinned("requirements-test.txt")
    assert (test - runtime) & pinned("requirements.txt") <= {"packaging"}, "which a package of the program's own needs, too"
    assert set(requirements_versions("requirements.txt")) <= set(requirements_versions("requirements-test.txt"))


def test_every_extra_that_a_package_needs_is_in_its_pin() -> None:
    """pip passes over a pin of `coverage` alone where something needs `coverage[toml]`, and then misses a hash."""
    extras = {pin.name: pin.extras for pin in pins("requirements-test.txt") if holds(pin)}
    needed = [need for name in extras for need in map(Requirement, metadata.requires(name) or ()) if need.extras]
    wanted = [need for need in needed if holds(need)]
    assert [str(need) for need in wanted if not need.extras <= extras.get(canonicalize_name(need.name), set())] == []
    assert wanted


def holds(requirement: Requirement) -> bool:
    return requirement.marker is None or requirement.marker.evaluate({"extra": ""})


def requirements_versions(name: str) -> list[str]:
    return [re.split(r"[ ;\\]", entry)[0] for entry in requirements(name)]


@pytest.mark.parametrize("host", REGISTRY_HOSTS)
def test_a_registry_is_caught(host: str) -> None:
    assert forbidden_names(f"--index-url https://{host}/simple") == [host]


@pytest.mark.parametrize("path", MACHINE_PATHS)
def test_a_machine_path_is_caught(path: str) -> None:
    assert forbidden_names(f"open('{path}main')") == [path]
    assert forbidden_names(f"https://example.com{path}main") == []


@pytest.mark.parametrize("name", ["uv.lock", "package-lock.json", "pnpm-lock.yaml", "poetry.lock"])
def test_a_lock_file_is_caught(name: str) -> None:
    assert LOCK_FILES.search(name)


@pytest.mark.parametrize("entry", ["httpx", "httpx>=0.28", "httpx==0.28.1", "httpx==0.28.1 \\\n    --hash=sha256:short"])
def test_an_unpinned_requirement_is_caught(entry: str) -> None:
    assert not PINNED.match(entry)
