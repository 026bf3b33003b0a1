"""What stands in one row of a comparison, what may be compared, and what a row says where it may not."""

import pytest

from tests.compare.examples import SOURCE, codes, company, metric, rows, shown
from tests.conftest import ServeDataset


def test_values_of_the_same_unit_scope_and_period_are_compared(serve_dataset: ServeDataset) -> None:
    api = serve_dataset(
        SOURCE
        + company("alpha", metric("a", "0.3", period="2020", scope="China"))
        + company("beta", metric("b", "0.1", period="2020-01-01/2020-12-31", scope="China"))
    )
    [row] = rows(api)

    assert (row["comparable"], row["reasons"], row["base"]) == (True, [], "alpha")
    assert (row["unit"], row["scope"], row["period"]["edtf"]) == ("USD", "China", "2020")
    assert [(cell["ratio"], cell["difference"]) for cell in row["cells"]] == [(None, None), (0.333333333333333, -0.2)]
    [turned] = rows(api, "beta,alpha")
    assert [(cell["company"], cell["ratio"], cell["difference"]) for cell in turned["cells"]] == [
        ("beta", None, None),
        ("alpha", 3, 0.2),
    ]


@pytest.mark.parametrize(
    ("one", "other", "reasons"),
    [
        ({"period": "2020"}, {"period": "2020", "unit": "CNY"}, ["units_differ"]),
        ({"period": "2020", "scope": "China"}, {"period": "2020"}, ["scope_differs"]),
        ({"period": "2020"}, {}, ["period_unknown"]),
        ({}, {}, ["period_unknown"]),
        ({"period": "2020"}, {"period": '"2020?"'}, ["period_uncertain"]),
        ({"period": "../2020"}, {"period": "../2020"}, ["period_uncertain"]),
        ({"period": "2020"}, {"period": "2021"}, ["periods_do_not_overlap"]),
        ({"period": "2020"}, {"period": "2020-33"}, ["periods_differ"]),
        ({"period": "2020", "qualifier": "about"}, {"period": "2020", "qualifier": "about"}, ["qualifier_not_exact"]),
        (
            {"period": "2020", "qualifier": "more_than"},
            {"period": "2020"},
            ["qualifier_not_exact", "qualifiers_differ"],
        ),
        ({"unit": "CNY"}, {"scope": "China", "period": "2020"}, ["units_differ", "scope_differs", "period_unknown"]),
    ],
)
def test_a_row_says_why_it_is_not_comparable(
    serve_dataset: ServeDataset, one: dict[str, str], other: dict[str, str], reasons: list[str]
) -> None:
    api = serve_dataset(SOURCE + company("alpha", metric("a", "2", **one)) + company("beta", metric("b", "1", **other)))
    for companies in ("alpha,beta", "beta,alpha"):
        [row] = rows(api, companies)
        assert codes(row) == reasons
        assert not row["comparable"]
        assert all(reason["sentence"].endswith(".") for reason in row["reasons"])
        assert [(cell["ratio"], cell["difference"]) for cell in row["cells"]] == [(None, None)] * 2


def test_observations_are_paired_as_nearly_as_may_be_and_each_stands_in_one_row(serve_dataset: ServeDataset) -> None:
    api = serve_dataset(
        SOURCE
        + company(
            "alpha",
            metric("usd-2019", "1", period="2019"),
            metric("usd-2020", "2", period="2020"),
            metric("usd-2021", "3", period="2021"),
            metric("china-2020", "4", period="2020", scope="China"),
            metric("undated", "5"),
        )
        + company(
            "beta",
            metric("usd-2020", "6", period="2020"),
            metric("usd-2017", "7", period="2017"),
            metric("asia-2020", "8", period="2020", scope="Asia"),
            metric("cny-2020", "9", unit="CNY", period="2020"),
        )
    )

    assert [(shown(row), codes(row)) for row in rows(api)] == [
        (["usd-2019", "cny-2020"], ["units_differ", "periods_do_not_overlap"]),
        (["usd-2020", "usd-2020"], []),
        (["usd-2021", "usd-2017"], ["periods_do_not_overlap"]),
        (["undated", None], ["period_unknown"]),
        (["china-2020", "asia-2020"], ["scope_differs"]),
    ]


@pytest.mark.parametrize(
    ("alone", "reasons"),
    [
        ({"unit": "KRW", "period": "2020"}, ["units_differ"]),
        ({"unit": "KRW", "period": "2021"}, ["units_differ", "periods_do_not_overlap"]),
        ({"period": "2020", "scope": "China"}, ["scope_differs"]),
        ({"period": "2021"}, ["periods_do_not_overlap"]),
        ({"period": "2020-33"}, ["periods_differ"]),
        ({"period": '"2020?"', "scope": "China"}, ["scope_differs", "period_uncertain"]),
        ({}, ["period_unknown"]),
        ({"period": "2021", "metric": "profit"}, ["missing_value"]),
    ],
)
def test_a_company_alone_in_a_row_is_distinguished_from_the_others_rows(
    serve_dataset: ServeDataset, alone: dict[str, str], reasons: list[str]
) -> None:
    both = [metric("y2020", "2", period="2020"), metric("y2030", "3", period="2030")]
    gamma = company("gamma", metric("c", "1", **alone))
    api = serve_dataset(SOURCE + company("alpha", *both) + company("beta", *both) + gamma)
    [row] = [row for row in rows(api, "alpha,beta,gamma") if row["base"] == "gamma"]

    assert (shown(row), row["comparable"], codes(row)) == ([None, None, "c"], False, reasons)
    assert [codes(row) for row in rows(api, "alpha,beta,gamma") if row["base"] == "alpha"] == [[], []]


def test_a_row_of_one_company_says_how_each_of_the_others_differs_from_it(serve_dataset: ServeDataset) -> None:
    api = serve_dataset(
        SOURCE
        + company("alpha", metric("a", "1", period="2020"))
        + company("beta", metric("b", "2", period="2020", scope="China"))
        + company("gamma", metric("first", "3", "KRW", period="2020"), metric("second", "4", "KRW", period="2021"))
        + company("delta", metric("d", "5", period="2020", metric="profit"))
    )
    [row] = [row for row in rows(api, "alpha,beta,gamma,delta") if shown(row) == [None, None, "first", None]]

    assert codes(row) == ["units_differ", "scope_differs"]


def test_a_company_without_the_value_is_no_obstacle_to_comparing_the_others(serve_dataset: ServeDataset) -> None:
    period = {"period": "2020"}
    api = serve_dataset(
        SOURCE + company("alpha") + company("beta", metric("b", "2", **period)) + company("gamma", metric("c", "3", **period))
    )
    [row] = rows(api, "alpha,beta,gamma")

    assert (row["comparable"], row["base"], shown(row)) == (True, "beta", [None, "b", "c"])
    assert [cell["ratio"] for cell in row["cells"]] == [None, None, 1.5]


def test_sources_that_disagree_stand_in_one_cell_and_are_not_compared(serve_dataset: ServeDataset) -> None:
    period = {"period": "2020"}
    beta = company("beta", metric("b", "1", **period))
    api = serve_dataset(SOURCE + company("alpha", metric("a", "2", **period), metric("again", "3", **period)) + beta)
    [row] = rows(api)

    assert (shown(row), codes(row)) == (["a", "b"], ["values_disagree"])
    assert row["cells"][0]["also"] == ["/v1/companies/alpha/metrics/again"]


def test_sources_that_agree_are_compared(serve_dataset: ServeDataset) -> None:
    period = {"period": "2020"}
    beta = company("beta", metric("b", "1", **period))
    api = serve_dataset(SOURCE + company("alpha", metric("a", "2", **period), metric("again", "2.0", **period)) + beta)

    assert [(shown(row), row["comparable"]) for row in rows(api)] == [(["a", "b"], True)]


@pytest.mark.parametrize(
    ("unit", "base", "other", "ratio", "difference"),
    [
        ("USD", "0", "5", None, 5),
        ("USD", "-4", "-2", None, 2),
        ("rank", "1", "3", None, 2),
        ("USD", "123456789012345", "0.5", 4.05000003693e-15, -123456789012344),
        ("USD", "3", "1", 0.333333333333333, -2),
        ("USD", "900000000000000000", "-900000000000000000", -1, None),
    ],
)
def test_ratios_are_given_where_they_mean_something(
    serve_dataset: ServeDataset, unit: str, base: str, other: str, ratio: float | None, difference: float | None
) -> None:
    api = serve_dataset(
        SOURCE
        + company("alpha", metric("a", base, unit, period="2020"))
        + company("beta", metric("b", other, unit, period="2020"))
    )
    [row] = rows(api)

    assert row["comparable"]
    assert row["cells"][1]["ratio"] == (pytest.approx(ratio, rel=1e-13) if ratio else ratio)
    assert row["cells"][1]["difference"] == difference


def test_a_conversion_that_a_source_states_is_offered_and_never_used(serve_dataset: ServeDataset) -> None:
    stated = "{value: 2, unit: USD}"
    api = serve_dataset(
        SOURCE
        + company("alpha", metric("a", "14", "CNY", period="2020", equivalent=stated))
        + company("beta", metric("b", "1", period="2020"))
    )
    [row] = rows(api)

    assert (row["comparable"], codes(row), row["unit"], row["common_unit"]) == (False, ["units_differ"], None, "USD")
    assert row["cells"][0]["observation"]["equivalent"]["value"] == 2
    assert row["cells"][1]["ratio"] is None
