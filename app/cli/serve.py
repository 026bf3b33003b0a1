"""``company-profiles serve``."""

import os
from functools import partial
from typing import Annotated

import typer

from app.cli.terminal import ENVIRONMENT_FAULT, fail, opened, report
from app.database.explain import public_name
from app.operations.monitoring.exporter import ExporterPortTaken, exported
from app.server.process import PortTaken, exit_on_signals, listen, load_application, run
from app.server.setup_process import needs_preparation, run_in_process
from app.settings import Settings


def serve_command(
    host: Annotated[str | None, typer.Option(help="Host to listen on. Default: PROFILES_HOST, or 127.0.0.1.")] = None,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Port; 0 takes a free one. Default: PROFILES_PORT, or 8000.")
    ] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, max=256, help="Number of worker processes. Default: PROFILES_WORKERS, or 1.")
    ] = None,
    demo: Annotated[
        bool, typer.Option("--demo", help="Load three invented companies, with the texts about them, into a new database, too.")
    ] = False,
) -> None:
    """Serve the API. A new database is created, migrated and seeded first; an existing one is migrated and keeps its data."""
    chosen = {"host": host, "port": port, "workers": workers, "demo": demo or None}
    for name, value in chosen.items():
        if value is not None:
            os.environ[f"PROFILES_{name.upper()}"] = str(value)
    exit_on_signals()
    with opened() as (settings, database):
        try:
            listener = listen(settings.host, settings.port)
        except PortTaken as error:
            fail(str(error), ENVIRONMENT_FAULT)
        with listener:
            database.require_separate_statements()
            if needs_preparation(database, with_data=settings.seed or settings.demo):
                run_in_process(prepare_database, settings, meanwhile=partial(load_application, settings))
            else:
                report(f"Using the database {public_name(database.url)}")
                if demo:
                    report("Only a new database gets the demo. This one keeps its data")
            database.engine.dispose()
            try:
                with exported(settings):
                    run(settings, listener, announce=announce)
            except ExporterPortTaken as error:
                fail(str(error), ENVIRONMENT_FAULT)


def prepare_database(settings: Settings) -> None:
    """Migrates and seeds the database, and reports what it did. Runs in a process of its own."""
    from app.server.setup import prepare  # noqa: PLC0415 - the server must not load what this needs

    with opened(settings) as (_, database):
        for line in prepare(database, with_seed=settings.seed, with_demo=settings.demo).lines(public_name(database.url)):
            report(line)


def announce(url: str) -> None:
    report(f"\n  Front page  {url}/\n  Docs        {url}/docs\n  Companies   {url}/v1/companies\n")
