"""The made-up companies as a dataset that ``company-profiles load`` reads."""

import json
from collections.abc import Iterator
from pathlib import Path

from app.values.resources import FACT_KINDS
from tests.bench.companies import COMPANIES_PER_SOURCE, Fields, records_of, slug_of, source_record


def lines(companies: int) -> Iterator[str]:
    """A source before the companies that it describes, a company before its facts."""
    for company in range(companies):
        if company % COMPANIES_PER_SOURCE == 0:
            yield _line("source", source_record(company // COMPANIES_PER_SOURCE))
        yield from (_line("company", fields) for fields in records_of("company", company))
        for kind in FACT_KINDS:
            yield from (_line(kind, {"company": slug_of(company), **fields}) for fields in records_of(kind, company))


def _line(kind: str, fields: Fields) -> str:
    return json.dumps({"kind": kind, **fields}, separators=(",", ":")) + "\n"


def dataset(folder: Path, companies: int) -> Path:
    """A file of them, which is written first if it does not exist."""
    path = folder / f"companies_{companies}.ndjson"
    if not path.exists():
        unfinished = path.with_suffix(".unfinished")
        with unfinished.open("w", encoding="utf-8") as file:
            file.writelines(lines(companies))
        unfinished.rename(path)
    return path
