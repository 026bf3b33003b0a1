"""Reading files of open data, as datasets are read."""

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from app.datasets.open_data.registry import OPEN_DATA
from app.datasets.reader import read_files
from app.records.located import LocatedRecord, Problems


def read_open_data(paths: Iterable[str], format: str, left_out: Counter[str]) -> Iterator[LocatedRecord]:
    """The valid records of the files, all of one format; ``-`` is standard input.

    ``left_out`` counts what the files have beside them, by name. Raises DatasetInvalid at the end, with everything
    that is wrong, so use the records only when the iteration has ended, as ``load`` does.
    """

    def read(_: Path | str, name: str, stream: BinaryIO, problems: Problems) -> Iterator[LocatedRecord]:
        return OPEN_DATA[format](name, stream, problems, left_out)

    return read_files(paths, read)
