"""What the source of an LEI record says, as its text: one paragraph each for the entity, its status and its other names.

The paragraphs state values as they are filed, codes and times included. The note of a company has the codes in words.
"""

from collections import defaultdict
from typing import Final

from app.datasets.open_data.gleif.entries import Fields, LeiEntry, Successor
from app.records.validation import Value
from app.values.text import UNPRINTABLE

_ACTIVE, _INACTIVE, _ISSUED = "ACTIVE", "INACTIVE", "ISSUED"
NATURAL_PERSON: Final = "SOLE_PROPRIETOR"
STATUS_PARAGRAPH: Final = 2
_REGISTRATIONS: Final = {
    "LAPSED": "it was not renewed, so the data may be out of date",
    "RETIRED": "the entity has ceased to operate",
    "MERGED": "the entity was merged into another one",
    "TRANSFERRED": "another issuer continues it",
    "PENDING_TRANSFER": "another issuer will continue it",
    "PENDING_ARCHIVAL": "another issuer will continue it",
    "PENDING_VALIDATION": "its data are not validated yet",
    "CANCELLED": "it was abandoned",
}
"""What a registration status means, beside ISSUED."""
_TRANSLITERATED = "TRANSLITERATED"
"""In the kind of a name that is the same name in other letters, which readers see by themselves."""
_LONGEST_NOTE = 4000


def paragraphs(entry: LeiEntry) -> list[str]:
    """The paragraphs of the source's text. The second one states the status, if the record has one."""
    texts, subject = entry.texts, f"LEI {entry.texts.lei}"
    entity = [f"the legal name is {one_line(entry.texts.name)}"]
    entity += _stated(
        texts, country="the country of the legal address is", created="the creation date is", category="the category is"
    )
    status = _stated(texts, status="the entity status is", expired="the expiration date is", reason="the expiration reason is")
    status += [f"the successor is {_shown(successor)}" for successor in entry.successors]
    status += _stated(texts, registration="the registration status is")
    names = [f"{_words(kind)}: {'; '.join(listed)}" for kind, listed in _other_names(entry).items()]
    return [f"{subject}: {'; '.join(stated)}." for stated in (entity, status, names) if stated]


def note_of(entry: LeiEntry) -> str | None:
    """What a reader must know beside the fields of the company: who it is not, that it ended, and the kinds of its names."""
    texts = entry.texts
    sentences = [f"{NATURAL_PERSON}: a natural person in trade."] if texts.category == NATURAL_PERSON else []
    if texts.status not in ("", _ACTIVE) or entry.successors:
        sentences.append(f"Entity status: {ending_of(entry)}.")
    if texts.registration not in ("", _ISSUED):
        meaning = _REGISTRATIONS.get(texts.registration)
        sentences.append(f"Registration status of the LEI: {_legible(texts.registration)}{f', {meaning}' if meaning else ''}.")
    for kind, names in _other_names(entry).items():
        if kind and _TRANSLITERATED not in kind:
            words = _words(kind)
            sentences.append(f"{words[0].upper()}{words[1:]}: {'; '.join(names)}.")
    return " ".join(sentences)[:_LONGEST_NOTE] or None


def ending_of(entry: LeiEntry) -> str:
    """Status, reason and successors, as ``INACTIVE, CORPORATE_ACTION; successor LEI …``."""
    status = _legible(", ".join(filter(None, (entry.texts.status, entry.texts.reason))))
    return "; ".join(filter(None, (status, *(f"successor {_shown(successor)}" for successor in entry.successors))))


def end_of(entry: LeiEntry) -> dict[str, Value] | None:
    """The milestone of an entity that has ceased to operate, without its date and citations; None for others."""
    if entry.texts.status != _INACTIVE:
        return None
    title = "Dissolved" if entry.texts.reason == "DISSOLVED" else "Ceased to operate"
    return {"slug": "ceased", "title": title, "category": "dissolution", "note": ending_of(entry)[:_LONGEST_NOTE]}


def one_line(text: str) -> str:
    """The text with single spaces, as names are stored."""
    return " ".join(text.split())


def _legible(text: str) -> str:
    """The text as one line that can be stored. A control character in a name or a code is shown as one that is unknown."""
    return UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", one_line(text))


def _stated(texts: Fields, **words: str) -> list[str]:
    return [f"{said} {_legible(text)}" for field, said in words.items() if (text := getattr(texts, field))]


def _shown(successor: Successor) -> str:
    return _legible(f"{f'LEI {successor.lei}' if successor.lei else ''} {successor.name}")


def _words(kind: str) -> str:
    """PREVIOUS_LEGAL_NAME in words."""
    return kind.replace("_", " ").lower().replace("ascii", "ASCII") or "other name"


def _other_names(entry: LeiEntry) -> dict[str, list[str]]:
    """The other names by kind, each name of a kind once."""
    names: dict[str, dict[str, None]] = defaultdict(dict)
    for name in entry.other_names:
        names[_legible(name.kind)][_legible(name.name)] = None
    return {kind: list(listed) for kind, listed in names.items()}
