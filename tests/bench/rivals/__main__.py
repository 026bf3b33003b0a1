"""``python -m tests.bench.rivals NAME SUBJECT PORT``: one of the servers that this API is compared with, in one process."""

import sys
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp

from app.server.process import configure, duplicates, listen
from app.settings import Settings
from tests.bench.rivals import bare, constant, idiomatic
from tests.bench.rivals.answers import read_answers


def make(name: str, subject: str) -> ASGIApp:
    """The subject is a file of answers, or the address of a database."""
    if name == "idiomatic":
        return idiomatic.create_app(subject)
    answers = read_answers(Path(subject))
    return bare.create_app(answers) if name == "bare" else constant.create_app(answers)


def main() -> None:
    """Serves as this API itself is served."""
    name, subject, port = sys.argv[1:]
    settings = Settings(_env_file=None, log_level="warning")
    uvicorn.Server(configure(make(name, subject), settings)).run(sockets=duplicates(listen("127.0.0.1", int(port))))


if __name__ == "__main__":
    main()
