"""From an item of a nested dataset to its records: a company holds its facts beside its own fields.

YAML and JSON have this form in common. Lines are those of the fields inside of an item, by their path in it.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Final

from app.records.located import FACT_KINDS, KINDS, LocatedRecord, Place, Problems, join
from app.records.validation import Value, is_slug, shown, to_record
from app.revisions.log import PLURALS, Kind

LISTS: Final[Mapping[str, Kind]] = {PLURALS[kind]: kind for kind in KINDS}
"""The kind of the items in each list at the top of a dataset."""
SCHEMA_KEY: Final = "$schema"
"""What stands beside the lists: where an editor finds the schema. It is not read."""
_IN_FACT = re.compile(rf"((?:{'|'.join(PLURALS[kind] for kind in FACT_KINDS)})\[\d+\])\.?(.*)", re.DOTALL)


def item_records(kind: Kind, place: Place, item: Value, problems: Problems) -> Iterator[LocatedRecord]:
    """The valid records of an item of the list of a kind: one, and the facts in it where it is a company."""
    if not isinstance(item, dict):
        problems.add(place.problem("", f"expected a mapping, not {shown(item)}"))
        return
    fields = dict(item)
    company = fields.pop("company", None) if kind in FACT_KINDS else None
    facts = {fact_kind: fields.pop(PLURALS[fact_kind], None) for fact_kind in FACT_KINDS} if kind == "company" else {}
    record = to_record(kind, company, fields, place, problems)
    if record:
        yield record
    slug = fields.get("slug")
    lines = _lines_by_fact(place.lines) if any(facts.values()) else {}
    for fact_kind, items in facts.items():
        yield from _facts(fact_kind, slug if is_slug(slug) else None, place, items, lines, problems)


def _facts(
    kind: Kind, company: Value, place: Place, items: Value, lines: Mapping[str, Mapping[str, int]], problems: Problems
) -> Iterator[LocatedRecord]:
    """The facts in a company. Without its slug, which was then reported, they are checked but not read."""
    if items is None:
        return
    if not isinstance(items, list):
        problems.add(place.problem(PLURALS[kind], f"expected a list, not {shown(items)}"))
        return
    for index, fields in enumerate(items):
        path = f"{PLURALS[kind]}[{index}]"
        fact_place = Place(place.file, place.line_of(path), join(place.path, path), lines.get(path, {}))
        record = to_record(kind, company or "unnamed", fields, fact_place, problems)
        if record and company:
            yield record


def _lines_by_fact(lines: Mapping[str, int]) -> dict[str, dict[str, int]]:
    """The lines of each fact's fields, by their path in the fact."""
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for path, line in lines.items():
        if match := _IN_FACT.fullmatch(path):
            found[match[1]][match[2]] = line
    return found
