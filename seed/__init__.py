"""The dataset that a new database starts with: one article about two companies, in our own words."""

from pathlib import Path


def files() -> list[Path]:
    """The dataset files of this package, in the order of their names."""
    return sorted(Path(__file__).parent.glob("*.yaml"))
