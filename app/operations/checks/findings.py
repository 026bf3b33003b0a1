"""What a check found: one line for people, and what to do about it."""

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

from app.cli.terminal import DATA_FAULT, SURROUNDINGS_FAULT


class Level(StrEnum):
    """How bad it is. A warning is something to know; it does not make the check fail."""

    OK = "ok"
    WARNING = "warning"
    DATA = "data fault"
    SURROUNDINGS = "fault"


class Finding(NamedTuple):
    """One result. ``advice`` says what to do, where something is to be done."""

    area: str
    level: Level
    message: str
    advice: str | None = None


def ok(area: str, message: str) -> Finding:
    return Finding(area, Level.OK, message)


def warning(area: str, message: str, advice: str) -> Finding:
    return Finding(area, Level.WARNING, message, advice)


def data_fault(area: str, message: str, advice: str) -> Finding:
    return Finding(area, Level.DATA, message, advice)


def fault(area: str, message: str, advice: str) -> Finding:
    return Finding(area, Level.SURROUNDINGS, message, advice)


def exit_code(findings: Iterable[Finding]) -> int:
    """Faults of the data come first: they are there whatever the surroundings are."""
    levels = {finding.level for finding in findings}
    if Level.DATA in levels:
        return DATA_FAULT
    return SURROUNDINGS_FAULT if Level.SURROUNDINGS in levels else 0
