"""Reading datasets: YAML for people, NDJSON for machines, told apart by the file's name."""

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from app.datasets.ndjson_reader import read_ndjson
from app.datasets.records import LocatedRecord, Place, Problems
from app.datasets.yaml_reader import read_yaml

STANDARD_INPUT = "-"
_YAML = (".yaml", ".yml")
_NDJSON = (".ndjson", ".jsonl")


def read_dataset(paths: Iterable[Path | str], standard_input: BinaryIO | None = None) -> Iterator[LocatedRecord]:
    """The valid records of the files in their order; ``-`` is standard input and NDJSON.

    Raises DatasetInvalid at the end, with everything that is wrong in any of the files: use the records
    only when the iteration has ended, as ``load`` does.
    """
    problems = Problems()
    for path in paths:
        if str(path) == STANDARD_INPUT:
            yield from read_ndjson("standard input", standard_input or sys.stdin.buffer, problems)
        else:
            yield from _read_file(Path(path), problems)
    problems.raise_if_any()


def _read_file(path: Path, problems: Problems) -> Iterator[LocatedRecord]:
    name, suffix = str(path), path.suffix.lower()
    if suffix not in _YAML + _NDJSON:
        expected = ", ".join(_YAML + _NDJSON)
        problems.add(Place(name, 0).problem("", f"expected a file name that ends in one of {expected}"))
        return
    try:
        with path.open("rb") as stream:
            if suffix in _YAML:
                yield from read_yaml(name, stream.read(), problems)
            else:
                yield from read_ndjson(name, stream, problems)
    except OSError as error:
        problems.add(Place(name, 0).problem("", (error.strerror or str(error)).lower()))
