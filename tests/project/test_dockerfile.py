"""The Dockerfile keeps to good practice; .ci/run carries out its steps."""

import subprocess
import sysconfig
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
