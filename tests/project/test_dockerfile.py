"""The Dockerfile keeps to good practice; .ci/run carries out its steps."""

import re
import subprocess
import sysconfig
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
HADOLINT = Path(sysconfig.get_path("scripts")) / "hadolint"


def hadolint(dockerfile: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([HADOLINT, "-"], input=dockerfile, capture_output=True, check=False, text=True)


def test_the_dockerfile_is_clean() -> None:
    result = hadolint((ROOT / "Dockerfile").read_text(encoding="utf-8"))
    assert (result.returncode, result.stdout) == (0, "")


def test_bad_practice_is_caught() -> None:
    result = hadolint("FROM python\nRUN pip install fastapi\n")
    assert result.returncode != 0
    assert "DL3006" in result.stdout


def test_the_image_runs_without_root_and_without_test_tools() -> None:
    lines = (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line.startswith("USER ")] == ["USER 10001:10001"]
    assert not any("requirements-test" in line for line in lines)
    assert lines[-1] == 'CMD ["company-profiles", "serve"]'


def test_whatever_is_installed_has_a_hash_or_is_the_program_itself() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    installed = re.findall(r"pip install .*", dockerfile)
    start = re.search(r"pip install .*?(?= && \S+ serve)", readme)

    assert [line for line in installed if "--require-hashes" not in line and "--no-build-isolation --no-deps ." not in line] == []
    assert len(installed) == 3
    assert start is not None
    assert "-r .ci/requirements.txt -r .ci/requirements-build.txt" in start.group()
    assert start.group().endswith("pip install --no-build-isolation --no-deps .")


def test_the_build_back_end_is_pinned_where_it_is_declared_too() -> None:
    system = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["build-system"]
    pins = (ROOT / ".ci" / "requirements-build.txt").read_text(encoding="utf-8").splitlines()

    assert [f"{requirement} \\" for requirement in system["requires"]] == [pin for pin in pins if pin.startswith("hatchling")]
