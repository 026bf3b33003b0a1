"""Reading files of open data, as datasets are read."""

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from pathlib import Path

from app.datasets.open_data.formats import OPEN_DATA
from app.datasets.reader import STANDARD_INPUT
from app.datasets.records import LocatedRecord, Place, Problems


def read_open_data(paths: Iterable[str], format: str, left_out: Counter[str]) -> Iterator[LocatedRecord]:
    """The valid records of the files, all of one format; ``-`` is standard input.

    ``left_out`` counts what the files have beside them, by name. Raises DatasetInvalid at the end, with everything
    that is wrong, so use the records only when the iteration has ended, as ``load`` does.
    """
    problems = Problems()
    for path in paths:
        is_piped = path == STANDARD_INPUT
        name = "standard input" if is_piped else path
        try:
            with nullcontext(sys.stdin.buffer) if is_piped else Path(path).open("rb") as stream:
                yield from OPEN_DATA[format](name, stream, problems, left_out)
        except OSError as error:
            problems.add(Place(name, 0).problem("", (error.strerror or str(error)).lower()))
    problems.raise_if_any()
