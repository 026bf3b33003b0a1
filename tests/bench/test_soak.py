"""What the soak takes for growth, and that its clients get the responses that they expect."""

import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from tests.bench.soak import Grown, Sample, judge, measure


def samples_of(megabytes: Callable[[int], float], descriptors: Callable[[int], int]) -> list[Sample]:
    return [Sample(float(number), round(megabytes(number) * 1e6), descriptors(number)) for number in range(240)]


def test_a_soak_finds_what_grows_after_the_warm_up() -> None:
    """What is reached within the first third, and what comes and goes, is no growth."""
    steady = samples_of(lambda number: min(60 + number, 100) + number % 3, lambda number: 40 + number % 5)
    growing = samples_of(lambda number: 100 + number / 80, lambda number: 40 + number // 10)

    assert judge(steady) == []
    assert judge(growing) == ["memory grew by 1.68%", "descriptors grew from 49 to 62"]


@pytest.mark.slow
def test_a_short_soak_gets_the_expected_responses(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with suppress(Grown):  # in so short a time everything grows
        measure(tmp_path, ["sqlite"], 50, seconds=6, rate=20)

    said = capsys.readouterr().out
    assert "x 200 to read" in said
    assert not re.search(r"x (0|401|5\d\d) to", said), said
