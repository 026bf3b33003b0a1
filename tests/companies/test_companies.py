"""Companies over HTTP, on the seed and on datasets of the tests' own."""

import httpx

from tests.conftest import ServeDataset

SOURCE = """
sources:
  - {slug: report, title: A report, type: report, length: 100, sha256: "%s", body_start: 0}
""" % ("0" * 64)


def company(slug: str, **fields: str) -> str:
    given = {"slug": slug, "name": slug.title(), **fields}
    return "  - {" + ", ".join(f"{name}: {value}" for name, value in given.items()) + "}\n"


def names(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [item["slug"] for item in answer.json()["items"]]


def test_the_list_holds_both_companies_of_the_article_by_name(client: httpx.Client) -> None:
    assert names(client.get("/v1/companies")) == ["baidu", "kuaishou"]


def test_a_company_says_where_its_facts_are(client: httpx.Client) -> None:
    baidu = client.get("/v1/companies/baidu").json()

    assert baidu["founded"] == {"edtf": "2000-40", "text": "early 2000", "earliest": "2000-01-01", "latest": "2000-06-30"}
    for kind in ("milestones", "products", "metrics", "profile"):
        assert client.get(baidu[f"{kind}_url"]).status_code == 200


def test_a_founding_that_the_source_does_not_give_is_null(client: httpx.Client) -> None:
    kuaishou = client.get("/v1/companies/kuaishou").json()

    assert kuaishou["founded"] is None
    assert "does not say when" in kuaishou["note"]


def test_a_misspelt_company_is_a_404_that_suggests_the_right_one(client: httpx.Client) -> None:
    answer = client.get("/v1/companies/kuaisho")

    assert answer.status_code == 404
    assert answer.json()["suggestions"] == ["/v1/companies/kuaishou"]


def test_a_company_in_capitals_is_suggested_in_its_own_spelling(client: httpx.Client) -> None:
    assert client.get("/v1/companies/Baidu").json()["suggestions"] == ["/v1/companies/baidu"]


def test_companies_are_filtered_by_country(serve_once: ServeDataset) -> None:
    client = serve_once("companies:\n" + company("alpha", country="CN") + company("beta", country="NO") + company("gamma"))

    assert names(client.get("/v1/companies?country=NO")) == ["beta"]
    assert names(client.get("/v1/companies?country=NO&country=CN")) == ["alpha", "beta"]


def test_a_name_matches_whatever_its_case_and_accents(serve_once: ServeDataset) -> None:
    client = serve_once("companies:\n" + company("nestle", name="Nestlé", other_names="[{name: 雀巢, language: zh}]"))

    for name in ("Nestlé", "NESTLE", "nestle", "雀巢"):
        assert names(client.get("/v1/companies", params={"name": name})) == ["nestle"], name


def test_an_identifier_finds_its_company(serve_once: ServeDataset) -> None:
    client = serve_once(
        "companies:\n"
        + company("alpha", identifiers="[{scheme: lei, value: 5493001KJTIIGC8Y1R12}]")
        + company("beta", identifiers="[{scheme: ticker, value: 5493001KJTIIGC8Y1R12}]")
    )

    assert names(client.get("/v1/companies", params={"identifier": "lei:5493001KJTIIGC8Y1R12"})) == ["alpha"]


def test_undated_companies_come_last_in_both_directions(serve_once: ServeDataset) -> None:
    client = serve_once(
        "companies:\n"
        + company("undated")
        + company("old", founded="1901")
        + company("young", founded="2014-05")
        + company("open", founded="'../1950'")
    )

    assert names(client.get("/v1/companies?sort=founded")) == ["old", "open", "young", "undated"]
    assert names(client.get("/v1/companies?sort=-founded")) == ["young", "open", "old", "undated"]


def test_several_sort_keys_apply_in_turn(serve_once: ServeDataset) -> None:
    client = serve_once(
        "companies:\n" + company("a", country="NO") + company("b", country="CN") + company("c", country="NO") + company("d")
    )

    assert names(client.get("/v1/companies?sort=-country,-name")) == ["c", "a", "b", "d"]


def test_names_sort_without_regard_to_case_and_accents(serve_once: ServeDataset) -> None:
    client = serve_once(
        "companies:\n"
        + company("one", name="Zeta")
        + company("two", name="éclair")
        + company("three", name="Eclipse")
        + company("four", name="百度")
    )

    assert names(client.get("/v1/companies")) == ["two", "three", "one", "four"]


def test_every_page_of_a_list_is_read_once_and_in_order(serve_once: ServeDataset) -> None:
    client = serve_once("companies:\n" + "".join(company(f"company-{i:03}", name="Same") for i in range(25)))
    seen: list[str] = []
    address: str | None = "/v1/companies?limit=4&sort=name"
    while address:
        answer = client.get(address)
        seen += names(answer)
        address = answer.json()["next"]

    assert seen == [f"company-{i:03}" for i in range(25)]


def test_the_total_is_there_only_when_asked_for(serve_once: ServeDataset) -> None:
    client = serve_once("companies:\n" + "".join(company(f"company-{i}") for i in range(7)))

    assert "total" not in client.get("/v1/companies?limit=2").json()
    assert client.get("/v1/companies?limit=2&total=true").json()["total"] == 7
    assert client.get("/v1/companies?country=NO&total=true").json() == {"items": [], "next": None, "total": 0}


def test_an_organization_in_json_ld_has_the_terms_of_schema_org(serve_once: ServeDataset) -> None:
    client = serve_once(
        "companies:\n"
        + company(
            "alpha",
            country="CN",
            founded="2014-05",
            other_names="[{name: 阿尔法, language: zh}, {name: Alpha AG}]",
            identifiers="[{scheme: lei, value: 5493001KJTIIGC8Y1R12}, {scheme: website, value: 'https://alpha.example'}, "
            "{scheme: wikidata, value: Q42}, {scheme: ticker, value: ALP}]",
        )
    )
    answer = client.get("/v1/companies/alpha", headers={"Accept": "application/ld+json"})

    assert answer.headers["content-type"] == "application/ld+json"
    assert {name: value for name, value in answer.json().items() if name != "@context"} == {
        "@type": "Organization",
        "@id": str(client.base_url.join("/v1/companies/alpha")),
        "name": "Alpha",
        "alternateName": [{"@value": "阿尔法", "@language": "zh"}, "Alpha AG"],
        "foundingDate": "2014-05",
        "address": {"@type": "PostalAddress", "addressCountry": "CN"},
        "leiCode": "5493001KJTIIGC8Y1R12",
        "url": "https://alpha.example",
        "sameAs": "http://www.wikidata.org/entity/Q42",
        "identifier": [{"@type": "PropertyValue", "propertyID": "ticker", "value": "ALP"}],
    }


def test_a_fuzzy_founding_is_left_out_of_json_ld(client: httpx.Client) -> None:
    assert "foundingDate" not in client.get("/v1/companies/baidu?format=jsonld").json()


def test_the_profile_holds_every_fact_and_source_of_the_company(client: httpx.Client) -> None:
    profile = client.get("/v1/companies/baidu/profile").json()

    assert profile["company"] == client.get("/v1/companies/baidu").json()
    for kind in ("milestones", "products", "metrics"):
        listed = client.get(f"/v1/companies/baidu/{kind}?limit=200").json()["items"]
        assert profile[kind] == {"items": listed, "more": None}
        assert listed
    assert profile["sources"]["items"] == client.get("/v1/sources").json()["items"]


def test_a_profile_of_more_facts_than_it_holds_says_where_the_rest_is(serve_once: ServeDataset) -> None:
    citation = "citations: [{source: report, paragraph: 1, sentence: 1, start: 0, end: 9, sha256: '" + "0" * 64 + "'}]"
    facts = "".join(f"      - {{slug: p-{i}, name: P {i}, category: product, {citation}}}\n" for i in range(201))
    client = serve_once(SOURCE + "companies:\n  - slug: alpha\n    name: Alpha\n    products:\n" + facts)
    products = client.get("/v1/companies/alpha/profile").json()["products"]

    assert len(products["items"]) == 200
    assert products["more"] == "/v1/companies/alpha/products"


def test_the_profile_of_an_unknown_company_is_a_404(client: httpx.Client) -> None:
    assert client.get("/v1/companies/nobody/profile").status_code == 404
