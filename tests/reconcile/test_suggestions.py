"""The suggest services over HTTP: companies, types and properties as somebody types."""

import httpx

from tests.conftest import ServeDataset

COMPANIES = """
companies:
  - {slug: alpha, name: Alpha Works, country: "NO", other_names: [{name: Alp Verk}, {name: 阿尔法}]}
  - {slug: alpine, name: Alpine, country: CH}
  - {slug: older-alp, name: Older}
  - {slug: beta-alp, name: Béta}
"""


def suggested(client: httpx.Client, kind: str, **parameters: str | int) -> list[str]:
    answer = client.get(f"/reconcile/suggest/{kind}", params=parameters)
    assert answer.status_code == 200, answer.text
    return [one["id"] for one in answer.json()["result"]]


def test_companies_are_suggested_by_any_name_and_by_slug(serve_once: ServeDataset) -> None:
    client = serve_once(COMPANIES)

    assert suggested(client, "entity", prefix="alp") == ["alpha", "alpine"]
    assert suggested(client, "entity", prefix="BETA") == ["beta-alp"]
    assert suggested(client, "entity", prefix="older alp") == ["older-alp"]
    assert suggested(client, "entity", prefix="阿") == ["alpha"]
    assert suggested(client, "entity", prefix="zeta") == []
    assert suggested(client, "entity", prefix="") == []


def test_a_company_of_many_names_keeps_no_other_out(serve_once: ServeDataset) -> None:
    many = ", ".join(f"{{name: Zeta {i:02}}}" for i in range(20))
    client = serve_once(f"""
companies:
  - {{slug: first, name: First, other_names: [{many}]}}
  - {{slug: second, name: Second, other_names: [{{name: Zeta Two}}]}}
  - {{slug: third, name: Third, other_names: [{{name: Zeta Three}}, {{name: Zeta Tres}}]}}
""")

    assert suggested(client, "entity", prefix="zeta", limit=2) == ["first", "third"]
    assert suggested(client, "entity", prefix="zeta", limit=2, cursor=2) == ["second"]
    assert client.get("/reconcile/suggest/entity?prefix=zeta&limit=1").json()["result"][0]["description"] == "Zeta 00"


def test_a_suggestion_says_what_distinguishes_it_from_others(serve_once: ServeDataset) -> None:
    client = serve_once(COMPANIES)

    assert client.get("/reconcile/suggest/entity?prefix=alp verk").json()["result"] == [
        {
            "id": "alpha",
            "name": "Alpha Works",
            "description": "NO, Alp Verk",
            "notable": [{"id": "company", "name": "Company"}],
        }
    ]


def test_the_cursor_skips_what_was_seen(serve_once: ServeDataset) -> None:
    client = serve_once("companies:\n" + "".join(f"  - {{slug: alpha-{i:02}, name: Alpha {i:02}}}\n" for i in range(25)))
    pages = [suggested(client, "entity", prefix="alpha", cursor=cursor) for cursor in (0, 10, 20, 30)]

    assert [len(page) for page in pages] == [10, 10, 5, 0]
    assert [slug for page in pages for slug in page] == [f"alpha-{i:02}" for i in range(25)]
    assert len(suggested(client, "entity", prefix="alpha", limit=3)) == 3


def test_the_only_type_is_suggested_if_it_starts_with_the_prefix(client: httpx.Client) -> None:
    assert suggested(client, "type", prefix="Comp") == ["company"]
    assert suggested(client, "type") == ["company"]
    assert suggested(client, "type", prefix="person") == []
    assert suggested(client, "type", cursor=1) == []


def test_properties_are_suggested_by_identifier_and_by_words_of_their_name(client: httpx.Client) -> None:
    assert suggested(client, "property", prefix="coun")[0] == "country"
    revenue = ["metric:revenue", "metric:revenue_growth", "metric:revenue.citation", "metric:revenue_growth.citation"]
    assert suggested(client, "property", prefix="metric:revenue") == revenue
    assert suggested(client, "property", prefix="Rev") == revenue
    assert suggested(client, "property", prefix="nothing") == []


def test_what_openrefine_sends_beside_decides_nothing(client: httpx.Client) -> None:
    sent = {"type": "company", "type_strict": "should", "spell": "always", "exact": "false", "prefixed": "true", "lang": "en"}

    assert suggested(client, "entity", prefix="bai", **sent) == ["baidu"]
