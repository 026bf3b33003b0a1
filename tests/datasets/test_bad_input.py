"""What is no dataset, whatever it is: a clear error with file, line and field, memory bounded, nothing half-loaded."""

import bz2
import gzip
import io
import json
import lzma
import os
import sqlite3
import tracemalloc
import zipfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest

from app.database.database import Database
from app.datasets.reader import FORMATS, Format, read_dataset, read_stream
from app.records.located import DatasetInvalid
from tests.datasets.examples import load_text, rows

MEGABYTE = 1024 * 1024
CITED = {"title": "T", "category": "c", "citations": [{"source": "s", "paragraph": 1, "sentence": 1}]}
COMPANIES = [{"slug": f"company-{number}", "name": f"Company {number}", "note": "é" * 20} for number in range(50)]
WHOLE: dict[Format, str] = {
    "yaml": "companies:\n" + "".join(f"- {{slug: {c['slug']}, name: {c['name']}, note: {c['note']}}}\n" for c in COMPANIES),
    "json": json.dumps({"companies": COMPANIES}, indent=1, ensure_ascii=False),
    "ndjson": "".join(json.dumps({"kind": "company", **c}, ensure_ascii=False) + "\n" for c in COMPANIES),
}
WITH_NAME: dict[Format, str] = {
    "yaml": "companies:\n- slug: a\n  name: %s\n",
    "json": '{"companies": [\n{"slug": "a",\n "name": %s}]}',
    "ndjson": '\n\n{"kind": "company", "slug": "a", "name": %s}',
}


def reported(content: bytes, format: Format) -> str:
    with pytest.raises(DatasetInvalid) as invalid:
        list(read_stream("data", io.BytesIO(content), format))
    return str(invalid.value)


def zipped() -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("data.yaml", WHOLE["yaml"])
    return archive.getvalue()


@pytest.mark.parametrize("format", FORMATS)
def test_the_whole_of_it_is_a_dataset(format: Format) -> None:
    assert len(list(read_stream("data", io.BytesIO(WHOLE[format].encode()), format))) == 50


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize(
    ("content", "message"),
    [
        (gzip.compress(b"companies: []", mtime=0), "data: is a gzip file; decompress it first"),
        (zipped(), "data: is a ZIP archive"),
        (bz2.compress(b"companies: []"), "data: is a bzip2 file"),
        (lzma.compress(b"companies: []"), "data: is an xz file"),
        (b"%PDF-1.7\n", "data: is a PDF document"),
        ("companies: []".encode("utf-16"), "data: is UTF-16; save it as UTF-8"),
        ("companies: []".encode("utf-32"), "data: is UTF-32; save it as UTF-8"),
        (
            "companies: []".encode("utf-16-le"),
            "data: is not UTF-8 text: it starts with NUL bytes, as binary files and UTF-16 do",
        ),
        (bytes(1_000), "data: is not UTF-8 text"),
        (b"", "data: is empty"),
    ],
)
def test_a_file_of_another_kind_is_called_what_it_is(format: Format, content: bytes, message: str) -> None:
    assert reported(content, format).startswith(message)


def test_a_database_is_called_what_it_is(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "data.db") as database:
        database.execute("create table a (b)")
    database.close()
    with pytest.raises(DatasetInvalid, match="is an SQLite database, not a dataset; export it first"):
        list(read_dataset([tmp_path / "data.db"]))


@pytest.mark.parametrize(
    ("format", "where"),
    [
        ("yaml", "data:26: companies[24]"),
        ("json", "data:123: companies[24]: is not JSON: the text ends"),
        ("ndjson", "data:25: n"),
    ],
)
def test_a_file_cut_in_half_is_refused_where_it_ends(format: Format, where: str) -> None:
    whole = WHOLE[format].encode()
    middle = whole.index(b"company-25") - 30
    assert reported(whole[: whole.rindex("é".encode(), 0, middle) + 2], format).startswith(where)


@pytest.mark.parametrize("format", FORMATS)
def test_latin_1_is_refused_with_the_line_of_the_first_byte_that_is_no_utf_8(format: Format) -> None:
    content = (WITH_NAME[format] % '"Société"').encode("latin-1")
    assert reported(content, format).startswith("data:3: is not UTF-8: byte 0xe9; save it as UTF-8")


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("1" * 401, "a number of 401 characters is out of range"),
        ("1" * 5_000, "a number of 5,000 characters is out of range"),
        ("1" * 400, "expected text, not 1111"),
        ("[" * 10_000, "nest"),
        ("[" * 10_000 + "]" * 10_000, "nest"),
        ('{"a":' * 10_000, "nest"),
        ('"B", "name": "C"', "is"),
    ],
)
def test_a_value_beyond_all_limits_is_refused_with_its_line_and_field(format: Format, value: str, message: str) -> None:
    text = reported((WITH_NAME[format] % value).encode(), format)
    assert text.startswith("data:3: ")
    assert message in text
    assert "name" in text or "nest" in text
    assert len(text) < 1_000


@pytest.mark.parametrize("format", ["json", "ndjson"])
@pytest.mark.parametrize("constant", ["NaN", "Infinity", "-Infinity"])
def test_what_is_no_number_is_refused_with_its_line_and_field(format: Format, constant: str) -> None:
    assert f"name: {constant} is not a number" in reported((WITH_NAME[format] % constant).encode(), format)


def test_a_billion_laughs_are_not_expanded() -> None:
    laughs = "".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 10)}]\n" for n in range(1, 10))
    text = reported(f"l0: &l0 [ha]\n{laughs}companies: *l9\n".encode(), "yaml")
    assert "data:2: l1[0]: aliases such as *l0 are not supported; write the value out" in text


def endless(start: bytes, again: bytes) -> Iterator[bytes]:
    yield start
    while True:
        yield again


class Stream(io.RawIOBase):
    """A stream of chunks, which counts the bytes that are taken."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._ahead = b""
        self.taken = 0

    def read(self, size: int = -1) -> bytes:
        content = self._ahead or next(self._chunks)
        self._ahead = content[size:]
        self.taken += len(content[:size])
        return content[:size]


ENDLESS: dict[Format, tuple[bytes, bytes]] = {
    "yaml": (b"companies:\n", b"# a comment that goes on and on\n" * 1_000),
    "json": (b'{"companies": [', b'{"slug": "a", "name": "A", "note": "%s"},\n' % (b"x" * 300)),
    "ndjson": (b"", b'{"kind": "company", "slug": "a", "name": "A", "note": "%s"}\n' % (b"x" * 300)),
}


def test_ndjson_is_read_in_bounded_memory() -> None:
    stream = Stream(endless(*ENDLESS["ndjson"]))
    records = read_stream("data", stream, "ndjson")  # type: ignore[arg-type]
    next(records)
    tracemalloc.start()
    read = sum(1 for _ in islice(records, 10_000))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert read == 10_000
    assert stream.taken > 3 * MEGABYTE
    assert peak < MEGABYTE


@pytest.mark.parametrize("format", ["yaml", "json"])
def test_a_stream_beyond_64_megabytes_is_refused_with_the_format_that_has_no_limit(format: Format) -> None:
    stream = Stream(endless(*ENDLESS[format]))
    with pytest.raises(DatasetInvalid) as invalid:
        list(read_stream("data", stream, format))  # type: ignore[arg-type]
    assert str(invalid.value) == "data: is larger than 64 MB, the limit of YAML and JSON; use NDJSON, which has no limit"
    assert stream.taken < 68 * MEGABYTE


@pytest.mark.parametrize(
    ("name", "start", "message"),
    [
        ("data.yaml", b"companies:\n", "is larger than 64 MB"),
        ("data.json", b'{"companies": [\n', "is larger than 64 MB"),
        ("data.ndjson", b"", "is not UTF-8 text"),
    ],
)
def test_a_file_of_5_gigabytes_is_refused_in_bounded_memory(tmp_path: Path, name: str, start: bytes, message: str) -> None:
    path = tmp_path / name
    path.write_bytes(start)
    os.truncate(path, 5 * 1024 * MEGABYTE)
    tracemalloc.start()
    with pytest.raises(DatasetInvalid) as invalid:
        list(read_dataset([path]))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert message in str(invalid.value)
    assert peak < 200 * MEGABYTE


def test_a_line_of_17_megabytes_is_refused_and_the_next_one_read() -> None:
    line = json.dumps({"kind": "company", "slug": "a", "name": "x" * 17 * MEGABYTE})
    assert reported(f'{line}\n{{"kind":"firm"}}\n'.encode(), "ndjson").splitlines() == [
        "data:1: the line is longer than 16 MB",
        "data:2: kind: expected one of source, company, milestone, product, metric, not 'firm'",
    ]


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("spoil", ["cut", "latin-1", "followed"])
def test_nothing_of_a_broken_file_is_loaded(database: Database, tmp_path: Path, format: Format, spoil: str) -> None:
    content = WHOLE[format].encode()
    content = {"cut": content[:-9], "latin-1": WHOLE[format].encode("latin-1"), "followed": content + b"\n{{"}[spoil]
    with pytest.raises(DatasetInvalid), database.writing() as connection:
        load_text(connection, tmp_path, content, f"data.{format}")
    with database.reading() as connection:
        assert [*rows(connection, "companies"), *rows(connection, "revisions")] == []
