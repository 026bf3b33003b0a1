"""CSV for people and for programs: byte order mark, formulas, lists in a cell, names of columns."""

import csv
import io
import sqlite3
from contextlib import closing

import httpx
import pytest
from sqlalchemy import text

from app.database.database import Database
from tests.conftest import ServeDataset
from tests.http.tables import DATASET, FORMULA, LISTS, NAMES, in_format, items_of

BOM = "\ufeff".encode()


@pytest.fixture
def api(serve_once: ServeDataset) -> httpx.Client:
    return serve_once(DATASET)


def rows(client: httpx.Client, address: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(client.get(address).text, newline="")))


@pytest.mark.parametrize("address", LISTS)
def test_a_byte_order_mark_comes_first_and_once_if_it_is_wanted(api: httpx.Client, address: str) -> None:
    plain = api.get(in_format(address, "format=csv")).content

    assert not plain.startswith(BOM)
    assert api.get(in_format(address, "format=csv&bom=true")).content == BOM + plain
    assert api.get(in_format(address, "bom=true"), headers={"Accept": "text/csv"}).content == BOM + plain


def test_a_formula_is_defused_unless_a_program_reads_it(api: httpx.Client) -> None:
    assert rows(api, "/v1/companies?format=csv&sort=slug")[0]["name"] == f"'{FORMULA}"
    assert rows(api, "/v1/companies?format=csv&sort=slug&defuse=false")[0]["name"] == FORMULA


def test_without_defusing_every_text_is_that_of_json(api: httpx.Client) -> None:
    for kind, name in (("metrics", "name"), ("milestones", "title"), ("sources", "title")):
        values = [item[name] for item in api.get(f"/v1/{kind}").json()["items"]]
        assert [row[name] for row in rows(api, f"/v1/{kind}?format=csv&defuse=false")] == values


@pytest.mark.parametrize("format", ["json", "ndjson", "xlsx"])
@pytest.mark.parametrize(("option", "name"), [("bom=true", "bom"), ("defuse=false", "defuse")])
def test_an_option_of_csv_is_refused_with_another_format(client: httpx.Client, format: str, option: str, name: str) -> None:
    answer = client.get(f"/v1/companies?format={format}&{option}")

    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, name)
    assert f"{name} is for CSV, not for {format}" in answer.json()["detail"]


@pytest.mark.parametrize("address", ["/v1/timeline?group=year", "/v1/companies/baidu/metrics?growth=true"])
def test_an_option_of_csv_is_refused_where_there_is_only_json(client: httpx.Client, address: str) -> None:
    assert client.get(f"{address}&bom=true").status_code == 422


def test_the_options_go_on_to_the_next_page(api: httpx.Client) -> None:
    first = api.get("/v1/companies?format=csv&bom=true&defuse=false&limit=1&sort=-slug")
    following = api.get(first.links["next"]["url"])

    assert following.content.startswith(BOM)
    assert FORMULA.encode()[:4] in following.content
    assert b"'=" not in following.content


def test_a_list_in_a_cell_keeps_languages_and_separators(api: httpx.Client) -> None:
    company = rows(api, "/v1/companies?format=csv&sort=slug&defuse=false")[0]
    source = rows(api, "/v1/sources?format=csv")[0]
    milestone = rows(api, "/v1/milestones?format=csv")[0]

    assert company["other_names"] == r"百度@zh; Smith\; Jones; Jack \@ Home; C:\\Works\;; Plain"
    assert items_of(company["other_names"]) == NAMES
    assert items_of(company["identifiers"]) == ["website:https://example.org/?a;b", "ticker:X:AL"]
    assert items_of(source["authors"]) == ["A; B", "C"]
    assert milestone["citations"] == "report#1.2"


def test_the_names_of_columns_need_no_quotes_in_sql(api: httpx.Client, database: Database) -> None:
    with database.engine.begin() as connection:
        for number, address in enumerate(LISTS):
            header = next(csv.reader(api.get(in_format(address, "format=csv")).iter_lines()))
            columns = ", ".join(f"{name} TEXT" for name in header)
            connection.execute(text(f"CREATE TEMPORARY TABLE list_{number} ({columns})"))
            connection.execute(text(f"SELECT {', '.join(header)} FROM list_{number}"))  # noqa: S608 - they are names of columns


def test_a_list_in_sqlite_is_queried_with_plain_names(api: httpx.Client) -> None:
    header, *metrics = csv.reader(api.get("/v1/metrics?format=csv&defuse=false").iter_lines())
    query = "SELECT slug, value, period_earliest, name FROM metrics WHERE period_edtf < '2020-01' ORDER BY slug"
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(f"CREATE TABLE metrics ({', '.join(header)})")  # as .import does
        connection.executemany(f"INSERT INTO metrics VALUES ({', '.join('?' * len(header))})", metrics)  # noqa: S608 - as above
        found = connection.execute(query).fetchall()

    assert found == [("loss", "-5.25", "1899-12-31", "+1"), ("revenue", "123456789012345", "2020-01-01", "Revenue")]
