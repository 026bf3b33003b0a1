"""``load`` and ``check`` report an identifier that several companies have."""

import pytest

from tests.cli.conftest import CommandLine
from tests.cli.test_check import findings, messages
from tests.datasets.open_data.examples import FERNHOLD, golden_copy, lei_row

TWIN = f"companies:\n- {{slug: twin, name: Twin, identifiers: [{{scheme: lei, value: {FERNHOLD.lower()}}}]}}\n".encode()
SHARED = f"lei {FERNHOLD} is an identifier of /v1/companies/lei-{FERNHOLD.lower()}, /v1/companies/twin"


def test_one_identifier_of_two_companies_is_a_warning_of_load_and_check(empty: CommandLine) -> None:
    alone = empty("load", "-", "--format", "gleif-lei", given=golden_copy(lei_row()))
    assert "Warning" not in alone.stderr
    assert [one["level"] for one in findings(empty, 0) if one["area"] == "identifiers"] == ["ok"]

    loaded = empty("load", "-", "--format", "yaml", given=TWIN)
    assert f"Warning: {SHARED}; merge them if they are one company" in loaded.stderr.splitlines()
    assert f"several companies have one identifier: {SHARED}" in messages(findings(empty, 0), "warning")


@pytest.mark.any_engine
def test_a_form_of_before_is_a_warning_of_check(empty: CommandLine) -> None:
    empty.output("load", "-", "--format", "yaml", given=TWIN)
    with empty.database() as database, database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE company_identifiers SET value = lower(value)")
    assert "1 are not in the form that their scheme has now, such as capitals" in messages(findings(empty, 0), "warning")


@pytest.mark.any_engine
def test_a_load_prints_at_most_twenty_of_these_warnings(empty: CommandLine) -> None:
    identifiers = ", ".join(f"{{scheme: ticker, value: T{number:02}}}" for number in range(21))
    both = "".join(f"- {{slug: {slug}, name: N, identifiers: [{identifiers}]}}\n" for slug in ("one", "two"))
    loaded = empty("load", "-", "--format", "yaml", given=f"companies:\n{both}".encode())
    warnings = [line for line in loaded.stderr.splitlines() if line.startswith("Warning: ")]
    assert len(warnings) == 21
    assert warnings[-1].endswith("company-profiles check and /v1/stats list them")
    assert any("and 18 more" in message for message in messages(findings(empty, 0), "warning"))
