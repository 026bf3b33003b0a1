"""What a citation was checked against survives each write of its record, until the source or the citation changes."""

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

from app.records.citations import ChangedSources, ResolvedCitation
from app.revisions.log import rfc3339


def keep_checks(
    citations: Iterable[ResolvedCitation],
    stored: Iterable[Mapping[str, Any]],
    changed: ChangedSources,
    recorded_at: datetime.datetime,
) -> None:
    """Dates the checks of citations: those that were stored as checked keep their time, new ones get ``recorded_at``.

    A stored citation that was checked stays so even if nobody has the text now, unless the text is another one.
    """
    checks = {_key(citation): citation["checked_at"] for citation in stored if citation.get("checked") == "text"}
    for citation in citations:
        change = changed.get(citation.source)
        source = change.slug if change else citation.source
        numbers = (citation.paragraph, citation.sentence, citation.start, citation.end, citation.sha256)
        earlier = checks.get((source, *numbers, citation.edition)) or (
            checks.get((source, *numbers, None)) if citation.edition else None
        )
        if earlier and (citation.checked == "text" or citation.edition or not (change and change.restated)):
            citation.checked, citation.checked_at = "text", earlier
        elif citation.checked == "text":
            citation.checked_at = rfc3339(recorded_at)


def _key(citation: Mapping[str, Any]) -> tuple[object, ...]:
    return tuple(citation.get(name) for name in ("source", "paragraph", "sentence", "start", "end", "sha256", "edition"))
