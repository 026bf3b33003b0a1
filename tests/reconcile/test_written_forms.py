"""Matching over HTTP: unknown properties, short names with a country, and two names in one."""

import json

import pytest

from tests.conftest import ServeDataset
from tests.reconcile.test_matching import NAMESAKES, ask, matched


def test_an_unknown_property_is_ignored_with_a_note(serve_once: ServeDataset) -> None:
    batch = {
        "misspelt": {"query": "Beta Labs", "properties": [{"pid": "contry", "v": "CN"}, {"pid": "country", "v": "US"}]},
        "known": {"query": "Beta Labs"},
    }
    response = serve_once(NAMESAKES).post("/reconcile", data={"queries": json.dumps(batch)})

    assert response.status_code == 200, response.text
    results = response.json()
    assert matched(results["misspelt"]["result"]) == matched(results["known"]["result"]) == ["beta"]
    [note] = results["misspelt"]["notes"]
    assert note.startswith("'contry' is not a property, so it was ignored.")
    assert note.endswith("Did you mean country?")
    assert set(results["known"]) == {"result"}


def test_a_short_name_and_a_country_match_unless_several_companies_start_with_it(serve_once: ServeDataset) -> None:
    client = serve_once("""
companies:
  - {slug: zenith-sg, name: Zenith Robotics, country: SG}
  - {slug: zenith-ng, name: Zenith Foods, country: NG}
  - {slug: kestrel-one, name: Kestrel Marine, country: "NO"}
  - {slug: kestrel-two, name: Kestrel Energy, country: "NO"}
  - {slug: general, name: General Cement, country: US}
  - {slug: acme, name: Acmet Works, country: US}
""")
    for name, country, meant in (
        ("Zenith", "SG", ["zenith-sg"]),
        ("Zenith", "US", []),
        ("Kestrel", "NO", []),
        ("General", "US", []),
        ("Acme", "US", []),
    ):
        assert matched(ask(client, query=name, properties=[{"pid": "country", "v": country}])) == meant, name
        assert matched(ask(client, query=name)) == []


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("Tencent (Weixin)", ["tencent"]),
        ("Weixin (Tencent)", []),
        ("Baidu / Tencent", []),
        ("Baidu | Wenxin", ["baidu"]),
        ("Wenxin, formerly Baidu", ["baidu"]),
        ("Wenxin, formerly part of Baidu", []),
        ("Wenxin (a Baidu company)", []),
        ("Baidu, a subsidiary of Tencent", ["baidu"]),
    ],
)
def test_two_names_in_one_mean_a_company_that_nothing_contradicts(serve_once: ServeDataset, name: str, meant: list[str]) -> None:
    client = serve_once("companies:\n  - {slug: baidu, name: Baidu Inc.}\n  - {slug: tencent, name: Tencent Holdings}\n")

    assert matched(ask(client, query=name)) == meant
