"""``python -m tests.recorded record OUT.ndjson`` and ``compare BEFORE AFTER``: whether a client sees a change of the code.

``record`` starts the program of this checkout by its command line, on a new SQLite database and on a new one of PostgreSQL,
sends a fixed sequence of requests, and writes one JSON line for each answer. It imports nothing of the program, so that it
records alike before and after the program's modules are moved. ``compare`` shows what differs between two recordings, and
ends with 1 where something does.

These differ from run to run, and are replaced by markers before they are written:

* the identifier of a request, in ``X-Request-ID`` and wherever a body repeats it, unless the client gave it
* times since the recording began: of changes, in bodies and addresses; the headers ``Date`` and ``Last-Modified`` always
* the random name of the dataset, in ETags and bodies, and in the conditions that a request makes of them
* the host with its port, wherever an answer has it
* keys, and the nonce of a page's content security policy
* the length of a compressed body, which follows from all these. The body itself is recorded uncompressed.
* ``Retry-After``, and the seconds that are left in ``RateLimit`` and in the detail of a 429

The order of a set of texts differs from run to run too, and with it the order of some errors. The program is therefore run
with a fixed ``PYTHONHASHSEED``.

Cursors and all other values are recorded as they are. A body that is no text is recorded as base64, one of more than a
million characters by its SHA-256 alone. A long body that an earlier line has is recorded as the number of that line.
"""

import argparse
import sys
import time
from pathlib import Path

from tests.recorded.comparing import compare
from tests.recorded.recording import record


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(
        prog="python -m tests.recorded", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = made.add_subparsers(dest="command", required=True)
    recording = commands.add_parser("record", help="Send the requests, and write the answers.")
    recording.add_argument("out", type=Path)
    comparing = commands.add_parser("compare", help="Show what differs between two recordings.")
    comparing.add_argument("before", type=Path)
    comparing.add_argument("after", type=Path)
    words = "Take no notice of titles, details, descriptions, summaries and messages, nor of the text of pages."
    comparing.add_argument("--ignore-words", action="store_true", help=words)
    return made


def main() -> int:
    given = parser().parse_args()
    if given.command == "compare":
        return 0 if compare(given.before, given.after, say, ignore_words=given.ignore_words) else 1
    start = time.monotonic()
    with given.out.open("w", encoding="utf-8") as out:
        record(out, say)
    say(f"{time.monotonic() - start:.0f} seconds")
    return 0


if __name__ == "__main__":
    sys.exit(main())
