"""The open-data formats that can be loaded as published, by name, and how their files are read."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import BinaryIO, Final

from app.datasets.open_data.gleif import reader as gleif_lei
from app.datasets.open_data.left_out import LeftOut
from app.datasets.open_data.sec import reader as sec_companyfacts
from app.datasets.open_data.wikidata import reader as wikidata
from app.datasets.reader import read_files
from app.records.located import FilePlace, Findings, LocatedRecord

Reader = Callable[[str, BinaryIO, Findings, LeftOut], Iterator[LocatedRecord]]
"""Yields the valid records of a file. Takes its name, its bytes, where to add findings, and where to count what is left out."""

OPEN_DATA: Final[Mapping[str, Reader]] = {
    "gleif-lei": gleif_lei.read,
    "sec-companyfacts": sec_companyfacts.read,
    "wikidata": wikidata.read,
}
"""The readers, by the names that ``--format`` takes. They leave natural persons out."""

WITH_NATURAL_PERSONS: Final[Mapping[str, Reader]] = {"gleif-lei": partial(gleif_lei.read, natural_persons=True)}
"""The readers that can load natural persons too."""


def read_open_data(
    paths: Iterable[str], format: str, left_out: LeftOut, *, natural_persons: bool = False
) -> Iterator[LocatedRecord]:
    """The valid records of the files, all of one format; ``-`` is standard input.

    ``left_out`` counts what the files contain but the database does not store. Raises DatasetInvalid at the
    end, with everything that is wrong, so use the records only after the iteration has ended, as ``load`` does.
    """

    reader = (WITH_NATURAL_PERSONS if natural_persons else OPEN_DATA)[format]

    def read(_: Path | str, name: str, stream: BinaryIO, findings: Findings) -> Iterator[LocatedRecord]:
        left_out.at(FilePlace(name, 0))
        return reader(name, stream, findings, left_out)

    yield from read_files(paths, read)
    left_out.finish()
