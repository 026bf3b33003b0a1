"""What YAML and JSON datasets share: lists of items at the top, and companies that contain their facts.

The lines of an item's fields are stored by their path in the item.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from typing import Final

from app.records.located import FilePlace, Findings, LocatedRecord, join
from app.records.validation import Value, is_slug, shown, to_record, unknown_field
from app.values.resources import FACT_KINDS, KINDS, PLURALS, Kind

LISTS: Final[Mapping[str, Kind]] = {PLURALS[kind]: kind for kind in KINDS}
"""The kind of the items in each list at the top of a dataset."""
SCHEMA_KEY: Final = "$schema"
"""A key beside the lists: the URL of the schema, for editors. The loader ignores it."""
LARGEST_FILE: Final = 64 * 1024 * 1024
"""In bytes. The whole file is held in memory."""
TOO_LARGE: Final = f"is larger than {LARGEST_FILE // 1024**2} MB, the limit of YAML and JSON; use NDJSON, which has no limit"
_IN_FACT = re.compile(rf"((?:{'|'.join(PLURALS[kind] for kind in FACT_KINDS)})\[\d+\])\.?(.*)", re.DOTALL)


def wrong_key(key: str, seen: Collection[str], *, is_listed: bool) -> str | None:
    """What is wrong with a key at the top; None if it is known and new. A name is suggested only if the error ``is_listed``."""
    if key not in (*LISTS, SCHEMA_KEY):
        return unknown_field(key, list(LISTS) if is_listed else [])
    return "is given twice" if key in seen else None


def wrong_value(key: str, value: Value) -> str | None:
    """What is wrong with the value of a known key at the top that is not a list of items; None if it may be ignored."""
    return None if value is None or key == SCHEMA_KEY else f"expected a list, not {shown(value)}"


def item_records(kind: Kind, place: FilePlace, item: Value, findings: Findings) -> Iterator[LocatedRecord]:
    """The valid records of one item: the record itself and, for a company, the facts inside it."""
    if not isinstance(item, dict):
        findings.add(place.finding("", f"expected a mapping, not {shown(item)}"))
        return
    fields = dict(item)
    company = fields.pop("company", None) if kind in FACT_KINDS else None
    facts = {fact_kind: fields.pop(PLURALS[fact_kind], None) for fact_kind in FACT_KINDS} if kind == "company" else {}
    record = to_record(kind, company, fields, place, findings)
    if record:
        yield record
    slug = fields.get("slug")
    lines = _lines_by_fact(place.lines) if any(facts.values()) else {}
    for fact_kind, items in facts.items():
        yield from _facts(fact_kind, slug if is_slug(slug) else None, place, items, lines, findings)


def _facts(
    kind: Kind, company: Value, place: FilePlace, items: Value, lines: Mapping[str, Mapping[str, int]], findings: Findings
) -> Iterator[LocatedRecord]:
    """The facts inside a company. If its slug is invalid, which has been reported, they are checked but not returned."""
    if items is None:
        return
    if not isinstance(items, list):
        findings.add(place.finding(PLURALS[kind], f"expected a list, not {shown(items)}"))
        return
    for index, fields in enumerate(items):
        path = f"{PLURALS[kind]}[{index}]"
        fact_place = FilePlace(place.file, place.line_of(path), join(place.path, path), lines.get(path, {}))
        record = to_record(kind, company or "unnamed", fields, fact_place, findings)
        if record and company:
            yield record


def _lines_by_fact(lines: Mapping[str, int]) -> dict[str, dict[str, int]]:
    """The lines of each fact's fields, by their path inside the fact."""
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for path, line in lines.items():
        if match := _IN_FACT.fullmatch(path):
            found[match[1]][match[2]] = line
    return found
