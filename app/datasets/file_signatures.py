"""Files that are no text in UTF-8 at all, known by their first bytes, and what to do with each."""

import codecs
from typing import Final

LONGEST_MARK: Final = 16
_UNPACK = "unpack it first"
_MARKS: Final = {
    b"\x1f\x8b": f"is a gzip file; {_UNPACK}",
    b"PK\x03\x04": f"is a ZIP archive, as .zip and .xlsx files are; {_UNPACK}, or export the workbook",
    b"BZh91AY&SY": f"is a bzip2 file; {_UNPACK}",
    b"\xfd7zXZ\x00": f"is an xz file; {_UNPACK}",
    b"\x28\xb5\x2f\xfd": f"is a Zstandard file; {_UNPACK}",
    b"SQLite format 3\x00": "is an SQLite database, not a dataset; export it first",
    b"%PDF-": "is a PDF document, not a dataset",
    codecs.BOM_UTF32_LE: "is UTF-32; save it as UTF-8",
    codecs.BOM_UTF32_BE: "is UTF-32; save it as UTF-8",
    codecs.BOM_UTF16_LE: "is UTF-16; save it as UTF-8",
    codecs.BOM_UTF16_BE: "is UTF-16; save it as UTF-8",
}
"""In this order: the mark of little-endian UTF-16 starts that of UTF-32 too."""


def foreign_form(head: bytes) -> str | None:
    """What a file with these first bytes is instead of text in UTF-8; None where it may be that."""
    for mark, form in _MARKS.items():
        if head.startswith(mark):
            return form
    if b"\0" in head[:4]:
        return "is no text in UTF-8: it starts with NUL bytes, as binary files and UTF-16 do"
    return None
