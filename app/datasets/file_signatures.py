"""Files that are not UTF-8 text, recognised by their first bytes, and what to do with each."""

import codecs
from typing import Final

LONGEST_SIGNATURE: Final = 16
_DECOMPRESS = "decompress it first"
_SIGNATURES: Final = {
    b"\x1f\x8b": f"is a gzip file; {_DECOMPRESS}",
    b"PK\x03\x04": f"is a ZIP archive, as .zip and .xlsx files are; {_DECOMPRESS}, or save the sheet as CSV and convert that",
    b"\xd0\xcf\x11\xe0": "is a file of an old office program; save the sheet as CSV and convert that",
    b"7z\xbc\xaf\x27\x1c": f"is a 7z archive; {_DECOMPRESS}",
    b"PAR1": "is a Parquet file, not a dataset; write a line of NDJSON for each row",
    b"BZh91AY&SY": f"is a bzip2 file; {_DECOMPRESS}",
    b"\xfd7zXZ\x00": f"is an xz file; {_DECOMPRESS}",
    b"\x28\xb5\x2f\xfd": f"is a Zstandard file; {_DECOMPRESS}",
    b"SQLite format 3\x00": "is an SQLite database, not a dataset; export it first",
    b"%PDF-": "is a PDF document, not a dataset",
    codecs.BOM_UTF32_LE: "is UTF-32; save it as UTF-8",
    codecs.BOM_UTF32_BE: "is UTF-32; save it as UTF-8",
    codecs.BOM_UTF16_LE: "is UTF-16; save it as UTF-8",
    codecs.BOM_UTF16_BE: "is UTF-16; save it as UTF-8",
}
"""The order matters: the byte order mark of UTF-32 starts with that of UTF-16."""


def foreign_format(head: bytes) -> str | None:
    """What a file with these first bytes is; None if it may be UTF-8 text."""
    for signature, format in _SIGNATURES.items():
        if head.startswith(signature):
            return format
    if b"\0" in head[:4]:
        return "is not UTF-8 text: it starts with NUL bytes, as binary files and UTF-16 do"
    return None
