"""What a check found: one line for people, and how to correct it."""

from enum import StrEnum
from typing import NamedTuple


class Level(StrEnum):
    """How bad a finding is. A warning does not make the check fail."""

    OK = "ok"
    WARNING = "warning"
    DATA = "data fault"
    ENVIRONMENT = "fault"


class Finding(NamedTuple):
    """One result of a check. ``advice`` says how to correct it."""

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
    return Finding(area, Level.ENVIRONMENT, message, advice)
