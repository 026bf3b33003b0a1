"""The formats of the log: text for people, or one JSON object per line for programs.

No text that a client sends can start a line: JSON escapes it, and in text control characters are escaped and the lines
of a traceback are indented.
"""

import json
import logging
import re
import sys
import time
from collections.abc import Mapping
from copy import copy
from types import TracebackType
from typing import Any, Literal, TypeAlias

from pythonjsonlogger.core import RESERVED_ATTRS
from uvicorn.logging import DefaultFormatter

from app.errors.problem import was_logged
from app.operations.monitoring.access_log import ACCESS_LOGGER
from app.settings import Settings
from app.values.printable import printable

FIELDS = ("route", "duration_ms", "bytes", "client", "key", "cache", "trace_id", "request_id")
"""The fields that a line of text shows after its message, if the record has them."""
_PLAIN = re.compile(r"[!#-<>-~]+")

ExceptionInformation: TypeAlias = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class TextFormatter(DefaultFormatter):
    """Time (UTC), level, message, and the fields of a request as ``name=value``."""

    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format: str | None = "%s.%03dZ"

    def converter(self, seconds: float | None) -> time.struct_time:
        return time.gmtime(seconds)

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the name is logging's
        shown = copy(record)
        fields = ((name, getattr(record, name, None)) for name in FIELDS)
        shown_fields = [f"{name}={self._value(value)}" for name, value in fields if value is not None]
        shown.message = " ".join([printable(record.message.rstrip("\n")), *shown_fields])
        if shown_fields:
            vars(shown).pop("color_message", None)
        return super().formatMessage(shown)

    @staticmethod
    def _value(value: object) -> str:
        text = str(value)
        return text if _PLAIN.fullmatch(text) else json.dumps(text)

    def formatException(self, ei: ExceptionInformation) -> str:  # noqa: N802 - the name is logging's
        return "\n".join(f"    {printable(line)}" for line in super().formatException(ei).splitlines())


class NotLoggedBefore(logging.Filter):
    """Keeps uvicorn from logging a fault of the application again, without the request id."""

    def filter(self, record: logging.LogRecord) -> bool:
        return not (record.exc_info and record.exc_info[1] and was_logged(record.exc_info[1]))


def chosen_format(settings: Settings) -> Literal["text", "json"]:
    """The format of the log. ``auto`` means text if standard output is a terminal, and JSON otherwise."""
    if settings.log_format != "auto":
        return settings.log_format
    return "text" if sys.stdout.isatty() else "json"


def log_configuration(settings: Settings) -> Mapping[str, Any]:
    """For ``logging.config.dictConfig``, in the serving process and in each of its workers."""
    as_json = chosen_format(settings) == "json"
    level = settings.log_level.upper()
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"not_logged_before": {"()": "app.operations.monitoring.logs.NotLoggedBefore"}},
        "formatters": _JSON if as_json else _TEXT,
        "handlers": {
            "messages": _handler("messages", "stdout" if as_json else "stderr"),
            "requests": _handler("requests", "stdout"),
        },
        "loggers": {
            "uvicorn": {"handlers": ["messages"], "level": level, "propagate": False},
            "uvicorn.error": {"level": level, "filters": ["not_logged_before"]},
            "app": {"handlers": ["messages"], "level": level, "propagate": False},
            ACCESS_LOGGER: {"handlers": ["requests"], "level": level, "propagate": False},
        },
        "root": {"handlers": ["messages"], "level": "WARNING"},
    }


def _handler(formatter: str, stream: str) -> dict[str, str]:
    return {"class": "logging.StreamHandler", "formatter": formatter, "stream": f"ext://sys.{stream}"}


_LINE = {
    "fmt": ["levelname", "message"],
    "rename_fields": {"levelname": "level", "exc_info": "traceback"},
    "defaults": {"time": None},  # the first field of a line
    "timestamp": "time",
    "reserved_attrs": [*RESERVED_ATTRS, "color_message"],
}
_JSON = {
    # A message may not be encodable as UTF-8. The fields of a request always are, so orjson can write them faster.
    "messages": {"()": "pythonjsonlogger.json.JsonFormatter", **_LINE},
    "requests": {"()": "pythonjsonlogger.orjson.OrjsonFormatter", **_LINE},
}
_TEXT = {
    name: {"()": "app.operations.monitoring.logs.TextFormatter", "fmt": "%(asctime)s %(levelprefix)s %(message)s"}
    for name in ("messages", "requests")
}
