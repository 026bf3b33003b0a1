"""The subset of YAML that datasets use: mappings, lists and scalars, each with its line.

Scalars are resolved as in JSON: ``null``, ``true``, ``false`` and decimal numbers. Everything else is text, including dates
and the country ``NO``. Anchors, aliases, tags and repeated keys are rejected.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import yaml

from app.datasets.strict_json import MOST_ITEM_VALUES
from app.records.located import FilePlace, Findings, join
from app.records.validation import Scalar, Value, read_number, shown

DEEPEST = 50
_WORDS: Final[dict[str, bool | None]] = {"": None, "~": None, "null": None, "true": True, "false": False}
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")


def is_plain_text(text: str) -> bool:
    """Whether a scalar without quotes is read as text."""
    return text not in _WORDS and not _NUMBER.fullmatch(text)


@dataclass(frozen=True, slots=True)
class Node:
    """A value and the line on which it, or its key, starts."""

    line: int
    content: "Scalar | list[Node] | dict[str, Node]"

    def value(self) -> Value:
        """The value without its lines."""
        if isinstance(self.content, dict):
            return {key: node.value() for key, node in self.content.items()}
        if isinstance(self.content, list):
            return [node.value() for node in self.content]
        return self.content

    def lines(self, path: str = "") -> dict[str, int]:
        """The line of each field inside, by its path."""
        found = {path: self.line}
        if isinstance(self.content, dict):
            for key, node in self.content.items():
                found.update(node.lines(join(path, key)))
        elif isinstance(self.content, list):
            for index, node in enumerate(self.content):
                found.update(node.lines(f"{path}[{index}]"))
        return found


class TooLarge(Exception):
    """A value is nested too deeply or has too many parts; reading stops."""


class NodeReader:
    """Reads nodes one by one, so that only one item of a long list is in memory as nodes."""

    def __init__(self, file: str, text: str, findings: Findings) -> None:
        self._place = FilePlace(file, 0)
        self._findings = findings
        self.path = ""
        """The path of the last node that was started: the best known position of a syntax error."""
        self._values = 0
        self._events: Iterator[yaml.Event] = yaml.parse(text, Loader=yaml.CSafeLoader)

    @property
    def has_room(self) -> bool:
        """Whether the next error is listed."""
        return self._findings.room > 0

    def next_event(self) -> yaml.Event:
        """The next event. Raises yaml.YAMLError if the text is not YAML."""
        return next(self._events)

    def report(self, event: yaml.Event, path: str, message: str) -> None:
        """Adds a finding at the line of the event."""
        self._findings.add(FilePlace(self._place.file, line_of(event)).finding(path, message))

    def key(self, event: yaml.Event, path: str, depth: int = 1) -> str | None:
        """The key of a mapping entry; None, after reporting it, if the key is not a scalar."""
        if isinstance(event, yaml.ScalarEvent):
            self._refuse_references(event, path)
            return str(event.value)
        self.report(event, path, "a key must be text")
        self.node(event, path, depth + 1)
        return None

    def item(self, event: yaml.Event, path: str, depth: int = 1) -> Node:
        """The node that starts with the event, with a count of its own of the values inside. Raises TooLarge."""
        self._values = 0
        return self.node(event, path, depth)

    def node(self, event: yaml.Event, path: str, depth: int = 1) -> Node:
        """The node that starts with the event. Raises TooLarge after reporting it."""
        self.path = path
        self._refuse_references(event, path)
        self._values += 1
        if depth > DEEPEST:
            self.report(event, path[:80], f"is nested more than {DEEPEST} levels deep")
            raise TooLarge
        if self._values > MOST_ITEM_VALUES:
            self.report(event, path[:80], f"has more than {MOST_ITEM_VALUES:,} values")
            raise TooLarge
        if isinstance(event, yaml.MappingStartEvent):
            return Node(line_of(event), self._mapping(path, depth))
        if isinstance(event, yaml.SequenceStartEvent):
            return Node(line_of(event), self._sequence(path, depth))
        return Node(line_of(event), self._scalar(event, path))

    def _mapping(self, path: str, depth: int) -> dict[str, Node]:
        nodes: dict[str, Node] = {}
        while not isinstance(event := self.next_event(), yaml.MappingEndEvent):
            key = self.key(event, path, depth)
            inner = join(path, key or "")
            node = self.node(self.next_event(), inner, depth + 1)
            if key in nodes:
                self.report(event, inner, f"is given twice; first on line {nodes[key].line}")
            elif key is not None:
                nodes[key] = Node(line_of(event), node.content)
        return nodes

    def _sequence(self, path: str, depth: int) -> list[Node]:
        nodes: list[Node] = []
        while not isinstance(event := self.next_event(), yaml.SequenceEndEvent):
            nodes.append(self.node(event, f"{path}[{len(nodes)}]", depth + 1))
        return nodes

    def _scalar(self, event: yaml.Event, path: str) -> Scalar:
        if not isinstance(event, yaml.ScalarEvent):
            return None
        text = str(event.value)
        if not event.implicit[0] or is_plain_text(text):
            return text
        if text in _WORDS:
            return _WORDS[text]
        try:
            return read_number(text)
        except ValueError as error:
            self.report(event, path, str(error))
            return None

    def _refuse_references(self, event: yaml.Event, path: str) -> None:
        anchor = getattr(event, "anchor", None)
        if isinstance(event, yaml.AliasEvent):
            self.report(event, path, f"aliases such as *{anchor} are not supported; write the value out")
        elif anchor:
            self.report(event, path, f"anchors such as &{anchor} are not supported")
        if tag := getattr(event, "tag", None):
            self.report(event, path, f"tags such as {shown(tag)} are not supported")


def line_of(event: yaml.Event) -> int:
    """The line on which an event starts, from 1."""
    return event.start_mark.line + 1 if event.start_mark else 0
