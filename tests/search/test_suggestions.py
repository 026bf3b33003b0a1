"""Suggestions for as-you-type boxes, over HTTP."""

import httpx
import pytest

from tests.conftest import ServeDataset


@pytest.mark.parametrize(
    ("typed", "companies"),
    [
        ("ba", ["badung", "baidu", "baidu-ventures"]),
        ("BAIDU-V", ["baidu-ventures"]),
        ("baidu v", ["baidu-ventures"]),
        ("bad", ["badung"]),
        ("快", ["kuaishou"]),
        ("kw", ["kuaishou"]),
        ("nestlé", ["nestle"]),
        ("kuaishuo", ["kuaishou"]),
        ("zzzz", []),
        ("", []),
    ],
)
def test_suggestions_start_with_what_was_typed_or_are_spelt_nearly_so(
    api: httpx.Client, typed: str, companies: list[str]
) -> None:
    items = api.get("/v1/suggest", params={"q": typed}).json()["items"]

    assert [item["company"] for item in items] == companies
    assert {item["similar"] for item in items} <= {typed == "kuaishuo"}


def test_there_are_at_most_ten_suggestions(serve_dataset: ServeDataset) -> None:
    client = serve_dataset("companies:\n" + "".join(f"  - {{slug: same-{i:02}, name: Same}}\n" for i in range(30)))

    assert [item["company"] for item in client.get("/v1/suggest?q=sa").json()["items"]] == [f"same-{i:02}" for i in range(10)]


def test_one_company_with_many_names_leaves_room_for_others(serve_dataset: ServeDataset) -> None:
    names = ", ".join(f"{{name: Zeta {number:02}}}" for number in range(40))
    client = serve_dataset(f"companies:\n  - {{slug: x, name: X, other_names: [{names}]}}\n  - {{slug: y, name: Zeta Zulu}}\n")

    assert [item["company"] for item in client.get("/v1/suggest?q=zeta").json()["items"]] == ["x", "y"]
