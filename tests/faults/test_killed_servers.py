"""kill -9 of the server while clients write: nothing acknowledged is lost, nothing is half done, the next start needs no hand."""

import random
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.cli.processes import serving
from tests.editing.conftest import key_of
from tests.faults.wholeness import opened, require_whole
from tests.faults.writers import Sent, require_kept, require_replayed, writing

pytestmark = pytest.mark.any_engine

LONGEST_ROUND = 0.6
"""Seconds of writing before the kill, at most."""


def test_nothing_acknowledged_is_lost_and_nothing_is_half_done(url: str, tmp_path: Path, rounds: Iterator[random.Random]) -> None:
    with opened(url) as database:
        key = key_of(database)
    sent: list[Sent] = []
    for chance in rounds:
        with serving(tmp_path, database_url=url) as served:
            with httpx.Client(base_url=served.url, headers={"Authorization": f"Bearer {key}"}, timeout=60) as client:
                require_replayed(url, client, sent[-8:])
            with writing(served.url, key, chance) as writers:
                time.sleep(chance.uniform(0, LONGEST_ROUND))
                served.process.kill()
            served.process.wait()
            assert "Traceback" not in served.said

        new = [one for writer in writers for one in writer.sent]
        require_kept(url, sent + new)
        require_whole(url)
        sent += sorted(new, key=lambda one: one.is_acknowledged)[::-1]
    assert sum(one.answer is None for one in sent) > 0
