"""Lists as workbooks: what a spreadsheet program finds in the cells."""

import datetime
import io
import json
import tempfile
import time
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import openpyxl  # type: ignore[import-untyped]
import pytest

from app.http.lists import xlsx
from app.http.lists.xlsx import xlsx_blocks
from tests.conftest import ServeDataset
from tests.http.tables import DATASET, FORMULA, LISTS, in_format

TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture
def api(serve_once: ServeDataset) -> httpx.Client:
    return serve_once(DATASET)


def workbook(content: bytes) -> Any:  # noqa: ANN401 - openpyxl has no types
    return openpyxl.load_workbook(io.BytesIO(content))


def cells(client: httpx.Client, address: str) -> list[dict[str, Any]]:
    """The cells of each row by the names of their columns."""
    header, *rows = workbook(client.get(in_format(address, "format=xlsx")).content)["Data"].iter_rows()
    return [{name.value: cell for name, cell in zip(header, row, strict=True)} for row in rows]


def wait_until(condition: Callable[[], bool]) -> None:
    ends = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < ends
        time.sleep(0.05)


@pytest.mark.parametrize("address", LISTS)
def test_a_workbook_has_the_rows_and_columns_of_the_csv(api: httpx.Client, address: str) -> None:
    answer = api.get(address, headers={"Accept": TYPE})
    header, *rows = api.get(in_format(address, "format=csv")).text.splitlines()
    sheet = workbook(answer.content)["Data"]

    assert answer.headers["content-type"] == TYPE
    assert answer.headers["content-disposition"].endswith('.xlsx"')
    assert [cell.value for cell in sheet[1]] == header.split(",")
    assert sheet.max_row == 1 + len(rows)
    assert sheet.freeze_panes == "A2"


def test_numbers_are_numbers_with_all_their_digits(api: httpx.Client) -> None:
    values = {row["slug"].value: row["value"] for row in cells(api, "/v1/metrics")}

    assert {slug: cell.value for slug, cell in values.items()} == {"revenue": 123456789012345, "share": 0.1, "loss": -5.25}
    assert {cell.data_type for cell in values.values()} == {"n"}
    assert values["revenue"].number_format == "0"


def test_a_date_is_a_date_only_where_it_is_exact_to_the_day(api: httpx.Client) -> None:
    rows = {row["slug"].value: row for row in cells(api, "/v1/milestones")}
    day = datetime.datetime(2014, 5, 6)  # noqa: DTZ001 - a spreadsheet has no time zones

    assert rows["opened"]["date_edtf"].value == day
    assert rows["opened"]["date_edtf"].number_format == "yyyy-mm-dd"
    assert rows["hired"]["date_edtf"].value == "2014-05-06?"
    assert rows["hired"]["date_earliest"].value == day
    assert (rows["founded"]["date_edtf"].value, rows["founded"]["date_text"].value) == ("2000-40", "early 2000")
    assert rows["founded"]["date_latest"].value == datetime.datetime(2000, 6, 30)  # noqa: DTZ001 - as above


def test_a_day_before_a_spreadsheet_has_dates_is_text(api: httpx.Client) -> None:
    [loss] = [row for row in cells(api, "/v1/metrics") if row["slug"].value == "loss"]

    assert (loss["period_edtf"].value, loss["period_earliest"].value) == ("1899-12-31", "1899-12-31")


def test_text_is_never_a_formula_or_a_number(api: httpx.Client) -> None:
    [alpha] = [row for row in cells(api, "/v1/companies") if row["slug"].value == "alpha-1"]
    names = {row["slug"].value: row["name"] for row in cells(api, "/v1/metrics")}
    [hired] = [row for row in cells(api, "/v1/milestones") if row["slug"].value == "hired"]

    assert (alpha["name"].value, alpha["name"].data_type) == (FORMULA, "s")
    assert (names["loss"].value, names["loss"].data_type) == ("+1", "s")
    assert (hired["title"].value, hired["title"].hyperlink) == ("https://example.org", None)


def test_times_are_times_in_utc(api: httpx.Client) -> None:
    recorded = datetime.datetime(2026, 11, 24, 9, 30)  # noqa: DTZ001 - a spreadsheet has no time zones

    assert {row["updated_at"].value for row in cells(api, "/v1/companies")} == {recorded}
    assert {row["recorded_at"].value for row in cells(api, "/v1/changes")} == {recorded}


def test_a_comparison_has_its_numbers_as_numbers(client: httpx.Client) -> None:
    rows = cells(client, "/v1/compare?companies=baidu,kuaishou")

    assert any(isinstance(row["companies_kuaishou_value"].value, int) for row in rows)
    assert {row["comparable"].data_type for row in rows} == {"b"}


def test_a_number_of_more_digits_than_a_spreadsheet_has_is_text() -> None:
    content = b"".join(xlsx_blocks(['{"value": 1234567890123456}', '{"value": 1500000000000000000}'], ["value"], []))

    assert [row[0].value for row in workbook(content)["Data"]] == ["value", "1234567890123456", 1500000000000000000]


def test_text_beyond_what_a_cell_holds_ends_with_an_ellipsis() -> None:
    content = b"".join(xlsx_blocks([json.dumps({"value": "x" * 40_000})], ["value"], []))

    [_, row] = workbook(content)["Data"]
    assert row[0].value == "x" * 32_766 + "…"


@pytest.mark.parametrize("text", ["<r>Tom & Jerry</r>", "<r><t>plain</t></r>", "<r></r>", "<r>"])
def test_text_that_looks_like_the_xml_of_a_workbook_stays_text(text: str) -> None:
    documents = [json.dumps({"name": text})]

    sheet = workbook(b"".join(xlsx_blocks(documents, ["name"], [])))["Data"]
    assert sheet["A2"].value == text


def test_a_sheet_says_where_the_data_comes_from(api: httpx.Client) -> None:
    answer = api.get("/v1/companies?format=xlsx")
    about = {name.value: value.value for name, value in workbook(answer.content)["About"].iter_rows()}

    assert about["URL"] == str(answer.url)
    assert str(about["Revision"]) == answer.headers["profiles-revision"]
    assert answer.headers["etag"].startswith(f'"{about["Dataset"]}-')
    assert api.get(about["Sources"]).status_code == 200
    assert "MIT" in about["Program"]
    assert "Licence" in about


def test_fields_and_a_limit_apply_to_a_workbook(client: httpx.Client) -> None:
    answer = client.get("/v1/products?format=xlsx&fields=launched,url&limit=1")
    sheet = workbook(answer.content)["Data"]

    assert [cell.value for cell in sheet[1]] == ["launched_edtf", "launched_text", "launched_earliest", "launched_latest", "url"]
    assert sheet.max_row == 2
    assert client.get(answer.links["next"]["url"]).headers["content-type"] == TYPE
    assert client.get("/v1/products?format=xlsx&fields=company_url").status_code == 200


@pytest.mark.parametrize("address", LISTS)
def test_a_workbook_has_an_etag_a_304_and_a_head(api: httpx.Client, address: str) -> None:
    url = in_format(address, "format=xlsx")
    answer = api.get(url, headers={"Accept-Encoding": "gzip"})
    head = api.head(url, headers={"Accept-Encoding": "gzip"})

    assert answer.headers["etag"].endswith('-xlsx"')
    assert "content-encoding" not in answer.headers  # it is a compressed file already
    assert (head.status_code, head.content) == (200, b"")
    assert {name: head.headers[name] for name in ("content-type", "etag", "content-disposition")} == {
        name: answer.headers[name] for name in ("content-type", "etag", "content-disposition")
    }
    assert api.get(url, headers={"If-None-Match": answer.headers["etag"]}).status_code == 304


def test_equal_rows_give_equal_bytes() -> None:
    """The ETag is strong: it promises that."""
    documents = [f'{{"value": {number}}}' for number in range(10)]

    assert len({b"".join(xlsx_blocks(documents, ["value"], [("Revision", 1)])) for _ in range(2)}) == 1


def test_more_rows_than_a_sheet_has_continue_on_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "MOST_ROWS", 2)
    book = workbook(b"".join(xlsx_blocks([f'{{"value": {number}}}' for number in range(5)], ["value"], [])))

    assert book.sheetnames == ["Data", "Data 2", "Data 3", "About"]
    assert [[cell.value for cell in book[name]["A"]] for name in book.sheetnames[:3]] == [
        ["value", 0, 1],
        ["value", 2, 3],
        ["value", 4],
    ]


def test_a_workbook_that_nobody_waits_for_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def endless() -> Iterator[str]:
        while True:
            yield '{"value": 1}'

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    blocks = xlsx_blocks(endless(), ["value"], [])

    assert next(blocks) == b""
    assert list(tmp_path.iterdir())
    blocks.close()
    assert not list(tmp_path.iterdir())


@pytest.mark.any_engine
def test_a_client_that_leaves_ends_the_writing_of_its_workbook(
    serve_dataset: ServeDataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slowly(_fields: object, _path: str) -> str:
        time.sleep(0.01)
        return "x"

    client = serve_dataset("companies:\n" + "".join(f"  - {{slug: c-{number}, name: C}}\n" for number in range(1000)))
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    monkeypatch.setattr(xlsx, "value_at", slowly)  # the workbook would take minutes
    monkeypatch.setattr(xlsx, "_ROWS_AT_A_TIME", 1)
    with client.stream("GET", "/v1/companies?format=xlsx") as answer:
        assert answer.status_code == 200
        wait_until(lambda: list(folder.iterdir()) != [])
    wait_until(lambda: list(folder.iterdir()) == [])


@pytest.mark.slow
def test_the_memory_of_a_workbook_does_not_grow_with_its_rows() -> None:
    def peak(rows: int) -> int:
        documents = (f'{{"name": "Company {number}", "value": {number}}}' for number in range(rows))
        tracemalloc.start()
        for _ in xlsx_blocks(documents, ["name", "value"], []):
            pass
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    peak(10)  # loads the library
    assert peak(20_000) < peak(1000) + 300_000


def test_a_workbook_is_a_valid_archive(api: httpx.Client) -> None:
    with zipfile.ZipFile(io.BytesIO(api.get("/v1/metrics?format=xlsx").content)) as archive:
        assert archive.testzip() is None
