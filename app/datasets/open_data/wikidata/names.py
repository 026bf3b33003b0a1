"""Names and description of an item of Wikidata."""

from typing import NamedTuple

from pydantic import TypeAdapter

from app.datasets.open_data.left_out import LeftOut
from app.datasets.open_data.reading import fits, items, mapping
from app.datasets.open_data.wikidata.items import FIRST_LANGUAGES
from app.records.validation import Value
from app.values.text import LanguageTag, Line, Paragraph

_LINE: TypeAdapter[str] = TypeAdapter(Line)
_LANGUAGE: TypeAdapter[str] = TypeAdapter(LanguageTag)
_PARAGRAPH: TypeAdapter[str] = TypeAdapter(Paragraph)
_MOST_NAMES = 50
_EVERY_LANGUAGE = "mul"
"""Wikidata's code for names that are the same in many languages."""


class ItemNames(NamedTuple):
    """The English label, or the one in the first available language, and the other names as in a dataset."""

    name: str
    others: list[Value]


def names_of(entity: dict[str, Value], left_out: LeftOut) -> ItemNames | None:
    """Labels, then aliases; None if there is no label. Raises Malformed."""
    labels = mapping(entity.get("labels") or {}, "labels")
    aliases = mapping(entity.get("aliases") or {}, "aliases")
    given = [(f"labels.{tag}", tag, _text(labels[tag], f"labels.{tag}", left_out)) for tag in sorted(labels, key=_rank)]
    labelled = [name for _, _, name in given if name]
    if not labelled:
        return None
    for tag in sorted(aliases, key=_rank):
        path = f"aliases.{tag}"
        listed = items(aliases[tag], path)
        places = [f"{path}[{index}]" for index in range(len(listed))]
        given += [(place, tag, _text(alias, place, left_out)) for place, alias in zip(places, listed, strict=True)]
    others: list[Value] = []
    seen: set[str] = set()
    for path, tag, name in given:
        if name in seen:
            left_out.pass_over(_part(path), "the same as another name", name, path)
        elif len(others) == _MOST_NAMES:
            if name:
                left_out.refuse(_part(path), f"more than {_MOST_NAMES} other names", name, path)
        elif name and name != labelled[0]:
            others.append({"name": name, "language": tag} if _is_language(tag) else {"name": name})
        seen |= {name} if name else set()
    return ItemNames(labelled[0], others)


def summary_of(entity: dict[str, Value], left_out: LeftOut) -> dict[str, Value]:
    """The English description as the summary of the company. Raises Malformed."""
    descriptions = mapping(entity.get("descriptions") or {}, "descriptions")
    english = mapping(descriptions.get("en") or {}, "descriptions.en").get("value")
    is_taken = fits(_PARAGRAPH, english)
    rest = [tag for tag in descriptions if not (is_taken and tag == "en")]
    left_out.skip(("descriptions", f"descriptions.{tag}", descriptions[tag]) for tag in rest)
    return {"summary": english} if is_taken else {}


def _rank(tag: str) -> tuple[int, str]:
    return (FIRST_LANGUAGES.index(tag) if tag in FIRST_LANGUAGES else len(FIRST_LANGUAGES)), tag


def _text(value: Value, path: str, left_out: LeftOut) -> str:
    text = mapping(value, path).get("value")
    if isinstance(text, str) and fits(_LINE, text):
        return " ".join(text.split())
    left_out.refuse(_part(path), "not a name of 1 to 300 characters", text, path)
    return ""


def _part(path: str) -> str:
    return path.partition(".")[0]


def _is_language(tag: str) -> bool:
    return tag != _EVERY_LANGUAGE and fits(_LANGUAGE, tag)
