"""What all formats of open data have in common: their table, and their limits."""

import io

import pytest

from app.datasets import ndjson_reader
from app.datasets.open_data import reading
from app.datasets.open_data.left_out import LeftOut
from app.datasets.open_data.registry import OPEN_DATA
from app.datasets.open_data.wikidata import reader as wikidata
from app.records.located import Findings
from tests.datasets.open_data.examples import (
    FERNHOLD,
    claim,
    companies,
    company_facts,
    concept,
    entity,
    entity_data,
    entry,
    golden_copy,
    lei_row,
    read,
    reported,
)

FILES = {
    "gleif-lei": golden_copy(lei_row()),
    "sec-companyfacts": company_facts(Assets=concept("USD", entry(1, "2023-12-31"))),
    "wikidata": entity_data(entity()),
}


class Endless(io.RawIOBase):
    """A file without line ends and without end. ``given`` is how many bytes were read."""

    def __init__(self, start: bytes) -> None:
        self.given = 0
        self._start = start

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        assert isinstance(buffer, memoryview)
        content = self._start.ljust(len(buffer), b"1")[: len(buffer)]
        buffer[: len(content)] = content
        self._start = b""
        self.given += len(content)
        return len(content)


def test_every_format_has_a_file_in_this_test() -> None:
    assert OPEN_DATA.keys() == FILES.keys()


@pytest.mark.parametrize("format", FILES)
def test_a_byte_order_mark_and_blank_lines_before_the_file_do_no_harm(format: str) -> None:
    assert reported(format, FILES[format]) == reported(format, b"\xef\xbb\xbf\n \n" + FILES[format]) == []


@pytest.mark.parametrize("format", FILES)
def test_the_lines_before_the_file_are_counted(format: str) -> None:
    broken = FILES[format].replace(b"2023", b"\xff").replace(b"Fernhold AS", b"\xff").replace(b'"Fernhold"', b'"\xff"')
    assert (
        [line for line, _, _ in reported(format, b"\n\n" + broken)] == [line + 2 for line, _, _ in reported(format, broken)] != []
    )


@pytest.mark.parametrize("format", FILES)
@pytest.mark.parametrize("start", [b"", b'{"a": '])
def test_a_file_without_end_is_refused_before_it_fills_the_memory(
    format: str, start: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (ndjson_reader, reading, wikidata):
        monkeypatch.setattr(module, "LONGEST_LINE", 10_000)
    monkeypatch.setattr(reading, "LARGEST_FILE", 1024**2)
    endless, findings = Endless(start), Findings()
    records = OPEN_DATA[format]("file", io.BufferedReader(endless), findings, LeftOut())
    assert list(records) == []
    assert any("is longer than" in finding.message for finding in findings.listed), findings.listed
    assert endless.given < 2 * 1024**2


def test_two_spellings_of_an_identifier_in_wikidata_are_one() -> None:
    spellings = [
        claim("P1278", FERNHOLD),
        claim("P1278", FERNHOLD.lower(), 2),
        claim("P5531", "990017"),
        claim("P5531", "0990017", 2),
    ]
    records, findings, _ = read("wikidata", entity_data(entity(*spellings)))
    assert findings == []
    assert [(one.scheme, one.value) for one in companies(records)[0].identifiers[1:]] == [
        ("lei", FERNHOLD),
        ("cik", "0000990017"),
    ]
