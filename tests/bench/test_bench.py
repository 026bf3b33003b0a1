"""The bench's own arithmetic, and that it makes its data as the product would."""

import json
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import httpx
import pytest
from sqlalchemy import Connection, text

from app.database.database import Database
from app.database.models import Base
from app.datasets.loader import load
from app.datasets.reader import read_dataset
from tests.bench import wrk
from tests.bench.__main__ import parser, plan_of
from tests.bench.companies import PER_COMPANY, TRADES, coined_word
from tests.bench.data import make_database
from tests.bench.endpoints import TITLES, address_of, keys_of, samples
from tests.bench.expected import answered_items, answered_rows, expected_items
from tests.bench.ndjson import dataset, lines
from tests.bench.report import BEGIN, END, shown, tables, write_docs
from tests.bench.results import Case, Result, Results, Spread, rate_by_processor, verdicts
from tests.bench.rivals.answers import Answer, read_answers, write_answers
from tests.bench.rivals.datasette import address_of as datasette_address
from tests.bench.rows import ACTOR, REASON, RECORDED_AT, TEXT_INDEX, columns_of, total_records
from tests.databases import Databases, settings_for
from tests.server import running_server

COMPANIES = 23
OF_TWENTY = "93e4d11c89bf0cede2521d4fc5eb0c5b30d7992f5ae46337ae05987da32f8dbe"
"""The digest of the dataset of twenty companies: another one means other data, so raise MADE_AS."""


def result(
    contender: str,
    requests_per_second: float,
    *,
    number: int = 1,
    companies: int = 1_000,
    latency: int = 1_000,
    processor: float = 0,
) -> Result:
    return Result("sqlite", companies, "company", contender, number, requests_per_second, latency, 2 * latency, processor)


def everything_in(connection: Connection) -> dict[str, list[tuple[object, ...]]]:
    """The rows of every table but the head, whose name of the dataset is random, in a fixed order."""
    names = [table.name for table in Base.metadata.sorted_tables if table.name != "revision_head"]
    dialect = connection.dialect.name
    statements = {name: f"SELECT {', '.join(columns_of(name, dialect))} FROM {name}" for name in (*names, TEXT_INDEX)}  # noqa: S608
    return {
        name: sorted((tuple(row) for row in connection.execute(text(statement))), key=repr)
        for name, statement in statements.items()
    }


@pytest.fixture
def made(databases: Databases) -> Iterator[Database]:
    """A database that the bench has filled by itself."""
    url = databases.blank("made")
    make_database(url, COMPANIES)
    database = Database(settings_for(url))
    yield database
    database.engine.dispose()


@pytest.mark.slow
def test_the_rows_that_it_makes_are_those_that_a_load_writes(made: Database, database: Database, tmp_path: Path) -> None:
    with database.writing() as connection:
        records = read_dataset([dataset(tmp_path, COMPANIES)])
        loaded = load(connection, records, actor=ACTOR, reason=REASON, clock=lambda: RECORDED_AT)

    with made.reading() as ours, database.reading() as theirs:
        assert everything_in(ours) == everything_in(theirs)
        assert ours.scalar(text("SELECT newest FROM revision_head")) == loaded.newest == total_records(COMPANIES)


def test_what_it_expects_is_what_this_api_answers(made: Database) -> None:
    url = made.url.render_as_string(hide_password=False)
    with running_server(settings_for(url)) as server, httpx.Client(base_url=server.url) as client, made.reading() as connection:
        for endpoint in TITLES:
            for key in samples(keys_of(endpoint, COMPANIES, connection)):
                answer = client.get(address_of(endpoint, key)).json()
                wanted = expected_items(connection, endpoint, key)
                assert wanted
                assert answered_items(endpoint, answer) == wanted


@pytest.mark.slow
def test_a_database_that_it_makes_takes_writes(made: Database, tmp_path: Path) -> None:
    with made.writing() as connection:
        report = load(connection, read_dataset([dataset(tmp_path, COMPANIES + 1)]), actor=ACTOR, reason=REASON)

    assert report.created.total() == 1 + sum(PER_COMPANY[kind] for kind in ("milestone", "product", "metric"))


def test_a_company_is_the_same_however_many_there_are() -> None:
    few = list(lines(20))
    assert list(lines(40))[: len(few)] == few
    assert sha256("".join(few).encode()).hexdigest() == OF_TWENTY


def test_names_are_unlike_and_each_trade_word_is_in_one_of_a_hundred() -> None:
    names = {(coined_word(company), TRADES[company % 100]) for company in range(100_000)}
    assert len(names) == 100_000
    assert len(set(TRADES)) == 100
    assert not [trade for trade in TRADES if any(other != trade and other.startswith(trade) for other in TRADES)]
    assert not {coined for coined, _ in names} & set(TRADES)


def test_keys_are_unlike_and_spread(made: Database) -> None:
    with made.reading() as connection:
        for endpoint in TITLES:
            addresses = [address_of(endpoint, key) for key in keys_of(endpoint, COMPANIES, connection)]
            assert len(set(addresses)) == len(addresses) > 0


OUTPUT = """Running 1s test @ http://127.0.0.1:1
measured: {"requests": 3000, "microseconds": 2000000, "median": 950, "p99": 4100, "connect": 0, "read": 0, "write": 0, %s}
"""


def test_what_wrk_measured_is_read() -> None:
    assert wrk.parse(OUTPUT % '"status": 0, "timeout": 0') == wrk.Measured(1500.0, 950, 4100, requests=3000)


@pytest.mark.parametrize("errors", ['"status": 1, "timeout": 0', '"status": 0, "timeout": 2'])
def test_a_run_with_errors_is_no_measurement(errors: str) -> None:
    with pytest.raises(wrk.RequestsFailed, match="some failed"):
        wrk.parse(OUTPUT % errors)


def test_what_was_refused_is_no_error_where_the_server_may_refuse() -> None:
    assert wrk.parse(OUTPUT % '"status": 600, "timeout": 0', may_refuse=True).refused == 0.2
    with pytest.raises(wrk.RequestsFailed, match="some failed"):
        wrk.parse(OUTPUT % '"status": 600, "timeout": 2', may_refuse=True)


def test_a_run_without_a_response_or_without_metrics_is_invalid_too() -> None:
    with pytest.raises(wrk.NothingAnswered):
        wrk.parse(OUTPUT.replace("3000", "0") % '"status": 0, "timeout": 0')
    with pytest.raises(wrk.RequestsFailed, match="measured nothing"):
        wrk.parse("unable to connect")


def test_a_missing_wrk_is_reported_with_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(wrk.WrkMissing, match="apt-get install wrk"):
        wrk.require_wrk()


def test_a_request_is_a_line_for_the_script() -> None:
    assert wrk.as_line(("/a?b=c", {"If-None-Match": '"x"'})) == '/a?b=c\tIf-None-Match\t"x"'


def test_ratios_are_of_one_round() -> None:
    results = Results(
        [
            result("hot", 90, number=1),
            result("bare", 100, number=1),
            result("hot", 40, number=2),
            result("bare", 50, number=2),
            result("hot", 30, number=3),
            result("bare", 30, number=3),
            result("hot", 1, number=4),
        ]
    )
    case = Case("sqlite", 1_000, "company")

    assert results.ratio(case, "hot", "bare") == Spread(0.8, 0.9, 1.0)
    assert results.ratio(case, "hot", "datasette") is None
    assert [(one.target, one.reached) for one in verdicts(results)] == [("hot at least 0.85 times bare", True)]


def test_ratios_of_processor_time_are_of_what_it_would_answer() -> None:
    results = Results([result("hot", 1, processor=50), result("bare", 1, processor=40), result("gzip", 1)])
    case = Case("sqlite", 1_000, "company")

    assert results.ratio(case, "hot", "bare", rate_by_processor) == Spread(0.8, 0.8, 0.8)
    processor_time = tables(results).partition("### Processor time")[2].partition("###")[0]
    assert "| one company | 40 (40–40) | 50 (50–50) |" in processor_time
    assert "| one company | 0.8 (0.8–0.8) |" in processor_time
    assert "gzip" not in processor_time


@pytest.mark.parametrize(("latency", "reached"), [(1_300, True), (1_301, False)])
def test_growth_is_the_median_latency_by_that_of_a_thousand_companies(latency: int, *, reached: bool) -> None:
    results = Results([result("cold", 1), result("cold", 1, companies=1_000_000, latency=latency)])

    found = {one.target: one.reached for one in verdicts(results)}

    assert found["cold median within 1.3 times that at 1,000 companies"] is reached


def test_figures_go_between_the_markers_of_the_page(tmp_path: Path) -> None:
    results = Results([result("hot", 12_345), result("bare", 20_000)])
    page = tmp_path / "performance.md"
    page.write_text(f"Before\n{BEGIN}\nold\n{END}\nAfter\n", encoding="utf-8")

    for _ in range(2):
        write_docs(page, results, {"processor": "a fast one"}, "One round.")

    text = page.read_text(encoding="utf-8")
    assert text.startswith("Before\n")
    assert text.endswith("After\n")
    assert "old" not in text
    assert text.count("| sqlite | 1,000 | one company | 20,000 (20,000–20,000) | 12,345 (12,345–12,345) |") == 1
    assert text.count(tables(results)) == 1
    assert "* processor: a fast one" in text


def test_a_page_without_markers_is_refused(tmp_path: Path) -> None:
    page = tmp_path / "performance.md"
    page.write_text("Nothing", encoding="utf-8")
    with pytest.raises(ValueError, match="to write between"):
        write_docs(page, Results([]), {}, "")


@pytest.mark.parametrize(("value", "text"), [(12_345.6, "12,346"), (99.94, "99.9"), (0.8512, "0.851")])
def test_numbers_have_three_digits(value: float, text: str) -> None:
    assert shown(value) == text


def test_responses_come_back_as_they_were_kept(tmp_path: Path) -> None:
    answers = {"/a?b": Answer([("etag", '"1"')], b"\x00\xff")}
    write_answers(tmp_path / "answers.json", answers)
    assert read_answers(tmp_path / "answers.json") == answers


def test_datasettes_rows_are_read_and_its_pages_go_on_after_a_row() -> None:
    assert answered_rows({"rows": [{"document": json.dumps({"slug": "a"})}]}) == [{"slug": "a"}]
    assert answered_rows([{"url": "/v1/companies/a"}]) == ["/v1/companies/a"]
    key = {"name_key": "bako agrochem n.v.", "id": "7", "row": "3"}
    assert "_next=bako%2Bagrochem%2Bn~2Ev~2E%2C7" in datasette_address(Path("file.db"), "deep", key)


def test_quick_is_short_and_options_win() -> None:
    quick = plan_of(parser().parse_args(["--quick"]))
    chosen = plan_of(parser().parse_args(["--quick", "--sizes", "7", "--servers", "hot", "bare", "--rounds", "3"]))

    assert (quick.sizes, quick.rounds, quick.seconds) == ((2, 1_000), 1, 2.0)
    assert (chosen.sizes, chosen.rounds, [one.name for one in chosen.contenders]) == ([7], 3, ["bare", "hot"])
