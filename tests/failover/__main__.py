"""``python -m tests.failover``: the site of docs/operate/failover.md under faults. It takes about five minutes.

Needs Debian's packages etcd-server, haproxy and pgbouncer, and what requirements.txt beside this file names.
"""

import argparse
import sys
from collections.abc import Sequence
from itertools import groupby

from app.auth.key import Scope
from app.auth.queries import create_key
from app.values.dates import now
from tests.failover.clients import Clients
from tests.failover.scenarios import FAULTS, Figures, run
from tests.failover.site import Missing, Site, running_site
from tests.faults.wholeness import opened, require_whole

HEADER = (
    "| fault | route | another primary after | no change for | changes back after the promotion | no read for | longest request"
    " | responses | of them 503 |\n| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
)


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def url_of(site: Site) -> str:
    return site.places.program("direct")["database_url"]


def key_of(site: Site) -> str:
    with opened(url_of(site)) as database, database.writing() as connection:
        at = now().replace(microsecond=0)
        return create_key(connection, name="newsroom", scopes=[Scope.WRITE], expires_at=None, now=at).text


def lost(site: Site, clients: Clients) -> set[str]:
    """The companies whose creation was acknowledged, and that are not there."""
    with opened(url_of(site)) as database, database.reading() as connection:
        return set(clients.acknowledged) - set(connection.exec_driver_sql("SELECT slug FROM companies").scalars())


def seconds(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f} s"


def row(found: Figures) -> str:
    times = (found.promoted, found.writes_away, found.writes_back, found.reads_away, found.longest)
    cells = [found.fault, found.route, *map(seconds, times), f"{found.responses:,}", f"{found.refused:,}"]
    return f"| {' | '.join(cells)} |"


def unexpected(clients: Clients) -> list[str]:
    """Other responses than the success of their kind and 503, each once."""
    found = sorted(f"{one.route} {one.kind} {one.status} {one.text}" for one in clients.noted if not one.is_expected)
    return [f"{text} ({len(list(same))} times)" for text, same in groupby(found)]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.failover", description=__doc__)
    parser.add_argument("--faults", nargs="+", choices=tuple(FAULTS), default=list(FAULTS), help="All unless named.")
    chosen = parser.parse_args(arguments).faults
    wrong: list[str] = []
    try:
        with running_site() as site:
            clients = Clients(site.urls, key_of(site))
            say(HEADER)
            for fault in chosen:
                for found in run(site, clients, fault):
                    say(row(found))
                wrong += [f"{fault}: {text}" for text in unexpected(clients)]
                wrong += [f"{fault}: lost {slug}" for slug in sorted(lost(site, clients))]
            require_whole(url_of(site))
            say(f"\n{len(clients.acknowledged):,} changes were acknowledged.")
    except Missing as error:
        say(str(error))
        return 3
    say("\n".join(wrong) or "None was lost. No response was unexpected.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
