"""Open data that can be loaded as it is published: one reader for each format, all of one interface."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import BinaryIO, Final

from app.datasets.open_data.gleif import reader as gleif_lei
from app.datasets.open_data.sec import reader as sec_companyfacts
from app.datasets.open_data.wikidata import reader as wikidata
from app.records.located import LocatedRecord, Problems

Reader = Callable[[str, BinaryIO, Problems, Counter[str]], Iterator[LocatedRecord]]
"""Gives the valid records of a file: its name, its bytes, where problems go, and where what is left out is counted by name."""

OPEN_DATA: Final[Mapping[str, Reader]] = {
    "gleif-lei": gleif_lei.read,
    "sec-companyfacts": sec_companyfacts.read,
    "wikidata": wikidata.read,
}
"""The readers by the name that ``--format`` takes."""
