"""The datasets of a new database: the seed, one article about two companies in our own words, and the demo if it is wanted."""

from pathlib import Path

_FOLDER = Path(__file__).parent


def files() -> list[Path]:
    """The seed's dataset files, in the order of their names."""
    return sorted(_FOLDER.glob("*.yaml"))


def demo_files() -> list[Path]:
    """The demo's dataset files: invented companies, with the texts that they are cited from."""
    return sorted((_FOLDER / "demo").glob("*.yaml"))
