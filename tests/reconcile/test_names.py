"""The forms of names, and how alike two are."""

import gc

import pytest

from app.api.reconcile.names import _converter, normalise_name, similarity


def alike(one: str, other: str) -> float:
    return similarity(normalise_name(one), normalise_name(other))


@pytest.mark.parametrize(
    ("name", "core"),
    [
        ("Baidu, Inc.", "baidu"),
        ("ＢＡＩＤＵ，ＩＮＣ．", "baidu"),  # noqa: RUF001
        ("Müller GmbH & Co. KG", "muller"),
        ("Nestlé S. A.", "nestle"),
        ("Grupo Bimbo S.A.B. de C.V.", "grupo bimbo"),
        ("The Coca-Cola Company", "coca cola"),
        ("Coca-Cola Company, The", "coca cola"),
        ("AB Volvo", "volvo"),
        ("ООО Яндекс", "яндекс"),  # noqa: RUF001
        ("百度股份有限公司", "百度"),
        ("騰訊控股有限公司", "腾讯"),
        ("㈱日立製作所", "日立制作所"),
        ("삼성전자 주식회사", "삼성전자"),
        ("Co Ltd", "co"),
        ("株式会社", "株式会社"),
        ("!!!", ""),
    ],
)
def test_the_core_of_a_name_is_without_its_legal_form(name: str, core: str) -> None:
    assert " ".join(normalise_name(name).core) == core


@pytest.mark.parametrize(
    ("one", "other", "least", "most"),
    [
        ("NESTLÉ", "Nestle", 100, 100),
        ("Baidu Inc", "Baidu GmbH", 98, 98),
        ("Volvo Group", "AB Volvo", 92, 92),
        ("Badu", "Baidu", 85, 89),
        ("Xaiomi", "Xiaomi", 90, 90),
        ("Motor Toyota", "Toyota Motor Corp.", 98, 98),
        ("Яндекс", "Yandex N.V.", 90, 95),
        ("字節跳動", "字节跳动", 98, 98),
        ("Tencent", "Tencent Music", 70, 85),
        ("Studio 54 Media", "Studio 45 Media", 0, 75),
        ("Siemens Energy", "Siemens Healthineers", 0, 80),
        ("", "Baidu", 0, 0),
        ("???", "!!!", 0, 0),
    ],
)
def test_names_are_as_alike_as_people_find_them(one: str, other: str, least: float, most: float) -> None:
    assert least <= alike(one, other) <= most
    assert alike(one, other) == alike(other, one)


def test_what_converts_chinese_is_loaded_for_chinese_names_alone() -> None:
    """Its phrases take 28 MB, which every server held."""
    for remembered in (normalise_name, _converter):
        remembered.cache_clear()

    assert normalise_name("Яндекс").written == (("яндекс",),)
    assert normalise_name("ソニー").essence
    assert _converter.cache_info().currsize == 0
    assert normalise_name("騰訊").core == ("腾讯",)
    assert _converter.cache_info().currsize == 1
    assert normalise_name("腾讯").written == (("腾讯",), ("騰訊",))


def test_remembered_names_are_little_work_for_the_garbage_collector() -> None:
    gc.collect()
    before = len(gc.get_objects())
    names = [normalise_name(f"Steel Works {number} (Ruhr) GmbH") for number in range(1000)]
    gc.collect()

    assert len(gc.get_objects()) - before < 1.5 * len(names), "one object for each name, none for its parts"
