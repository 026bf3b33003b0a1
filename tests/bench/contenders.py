"""Who is measured: this API in four ways, and what it is compared with."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from app.database.dialects import POSTGRESQL, SQLITE


@dataclass(frozen=True)
class Contender:
    """One way to be asked. ``server`` is the process that answers; ``repeated``: the same few requests again and again."""

    name: str
    title: str
    server: str
    repeated: bool
    headers: Mapping[str, str] = field(default_factory=dict)
    status: int = 200
    engines: tuple[str, ...] = (SQLITE, POSTGRESQL)


CONTENDERS: Final = (
    Contender("bare", "bare ASGI, same bytes", "bare", repeated=True),
    Contender("hot", "this API, hot", "api", repeated=True),
    Contender("not-modified", "this API, hot, 304", "api", repeated=True, status=304),
    Contender("gzip", "this API, hot, gzip", "api", repeated=True, headers={"Accept-Encoding": "gzip"}),
    Contender("constant", "FastAPI, constant bytes", "constant", repeated=True),
    Contender("cold", "this API, cold", "api without cache", repeated=False),
    Contender("idiomatic", "FastAPI, async ORM", "idiomatic", repeated=False),
    Contender("datasette", "Datasette", "datasette", repeated=False, engines=(SQLITE,)),
)
BY_NAME: Final = {contender.name: contender for contender in CONTENDERS}
RATIOS: Final = (
    ("hot", "bare"),
    ("not-modified", "hot"),
    ("hot", "constant"),
    ("cold", "constant"),
    ("cold", "idiomatic"),
    ("cold", "datasette"),
)
"""What is compared: requests a second of the first by those of the second."""
