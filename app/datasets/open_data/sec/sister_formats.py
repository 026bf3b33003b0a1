"""Other files of EDGAR's programming interfaces, recognised by their fields, and which file to download instead."""

from app.datasets.open_data.other_formats import require_format
from app.datasets.open_data.reading import Malformed
from app.records.validation import Value

_FILES = (
    (("tag", "units"), "a response of EDGAR's companyconcept API, with one concept of one company"),
    (("tag", "ccp"), "a response of EDGAR's frames API, with one concept of many companies"),
    (("filings",), "a response of EDGAR's submissions API, with the filings of one company"),
    (("accessionNumber", "filingDate"), "a further page of EDGAR's submissions API, with the filings of one company"),
    (("fields", "data"), "one of EDGAR's lists of companies"),
    (("0",), "one of EDGAR's lists of companies"),
)
"""The fields that a kind of file has, and what it is."""


def require_company_facts(document: dict[str, Value]) -> None:
    """Raises Malformed, with what to download, if a document is another kind of file of EDGAR."""
    require_format(document, "sec-companyfacts")
    kind = next((kind for fields, kind in _FILES if all(name in document for name in fields)), None)
    if kind is None or "facts" in document:
        return
    cik = str(document.get("cik", "")).removeprefix("CIK").strip()
    number = cik.zfill(10) if cik.isdecimal() else "##########"
    raise Malformed("", f"is {kind}; download https://data.sec.gov/api/xbrl/companyfacts/CIK{number}.json instead")


def is_markup(content: bytes) -> bool:
    """Whether a file is a web page or XML."""
    return content.lstrip().startswith(b"<")


MARKUP = (
    "is a web page or XML, not company facts; EDGAR sends a page instead of the file to programs that do not name themselves, "
    "so download it with your name and address in the header User-Agent"
)
