"""HTML pages made with Jinja2. Every value is escaped, and an undefined one is an error."""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2 import Environment

_APPLICATION = Path(__file__).parent.parent


@cache
def _environment() -> "Environment":
    """Imported with the first page: a process that serves only data never needs Jinja2."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415

    return Environment(
        loader=FileSystemLoader(_APPLICATION),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def render(template: str, **values: object) -> str:
    """A template, named by its path inside ``app``, with these values."""
    return _environment().get_template(template).render(values)
