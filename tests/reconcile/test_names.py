"""The forms of names, and how alike two are."""

# ruff: noqa: RUF001 - letters of other alphabets

import gc

import pytest

from app.api.reconcile.names import _converter, normalise_name, similarity

LEGAL_FORMS = (
    "Alfa Gesellschaft mit beschränkter Haftung", "Alfa GmbH", "Alfa Ges.m.b.H.", "Alfa mbH", "Alfa GmbH & Co. KGaA",
    "Alfa Kommanditgesellschaft auf Aktien", "Alfa Kommanditgesellschaft", "Alfa UG (haftungsbeschränkt)", "Alfa eG",
    "Alfa OHG", "OOO Alfa", "ООО Alfa", "Alfa OOO", "ZAO Alfa", "OAO Alfa", "PAO Alfa", "АО Alfa", "Alfa AO",
    "Общество с ограниченной ответственностью «Alfa»", "Публичное акционерное общество Alfa", "Акционерное общество Alfa",
    "Obshchestvo s ogranichennoi otvetstvennostiu Alfa", "Publichnoe aktsionernoe obshchestvo Alfa", "JSC Alfa",
    "Public Joint Stock Company Alfa", "Limited Liability Company Alfa", "LLC Alfa", "TOV Alfa", "ТОВ Alfa", "ТОО Alfa",
    "PrJSC Alfa", "Alfa K.K.", "Alfa Kabushiki Kaisha", "Kabushiki-gaisha Alfa", "Alfa Kabushikigaisha",
    "Alfa Yugen Kaisha", "Godo Kaisha Alfa", "Alfa G.K.", "株式会社Alfa", "Alfa Youxian Gongsi", "Alfa Gufen Youxian Gongsi",
    "Alfa You Xian Gong Si", "Alfa Youxian Zeren Gongsi", "Alfa Jituan Gufen Youxian Gongsi", "Alfa Chusik Hoesa",
    "Jusikhoesa Alfa", "Alfa Yuhan Hoesa", "Alfa Sp. z o.o.", "Alfa sp. z o. o.", "Alfa Spółka z o.o.",
    "Alfa Spółka z ograniczoną odpowiedzialnością", "Alfa Spółka Akcyjna", "Alfa S.A.", "Alfa Sp.k.", "Alfa a.s.",
    "Alfa akciová společnost", "Alfa akciová spoločnosť", "Alfa s.r.o.", "Alfa spol. s r.o.", "Alfa, spol. s r. o.",
    "Alfa společnost s ručením omezeným", "Alfa S.A. de C.V.", "Alfa S. de R.L. de C.V.", "Alfa S.A.B. de C.V.",
    "Alfa Sociedad Anónima de Capital Variable", "Alfa Sociedad de Responsabilidad Limitada", "Alfa Sociedad Limitada",
    "Alfa S.A.P.I. de C.V.", "Alfa Pty Ltd", "Alfa (Pty) Ltd", "Alfa Pty. Limited", "Alfa Proprietary Limited",
    "PT Alfa Tbk", "PT. Alfa (Persero) Tbk", "Perseroan Terbatas Alfa", "Alfa Sdn Bhd", "Alfa Sendirian Berhad",
    "Alfa Pte Ltd", "Alfa Private Ltd", "Alfa Pvt. Ltd.", "Alfa A.Ş.", "Alfa Anonim Şirketi", "Alfa Anonim Ortaklığı",
    "Alfa Ltd. Şti.", "Alfa Limited Şirketi", "Alfa Sanayi ve Ticaret A.Ş.", "Alfa San. ve Tic. Ltd. Şti.",
    "Công ty Cổ phần Alfa", "Công ty TNHH Alfa", "Alfa Ltda.", "Alfa Limitada", "Alfa Sociedade Anônima", "Alfa EIRELI",
    "Alfa Lda", "Alfa S.p.A.", "Alfa Società per Azioni", "Alfa S.r.l.", "Alfa Società a responsabilità limitata",
    "Alfa SARL", "SARL Alfa", "Alfa Société à responsabilité limitée", "Alfa Société par actions simplifiée",
    "Société Anonyme Alfa", "Alfa SASU", "Alfa B.V.", "Alfa Besloten Vennootschap", "Alfa N.V.", "Alfa BVBA",
    "Alfa AB (publ)", "Aktiebolaget Alfa", "Alfa Aktiebolag", "Alfa ASA", "Alfa Aksjeselskap", "Alfa ApS",
    "Alfa Aktieselskab", "Alfa Oyj", "Alfa Osakeyhtiö", "Oy Alfa Ab", "Alfa hf.", "Alfa ehf.", "UAB Alfa", "Alfa OÜ",
    "Alfa d.o.o.", "Alfa d.d.", "Alfa d. o. o.", "Alfa Kft.", "Alfa Zrt.", "Alfa Nyrt.", "Alfa EOOD", "Alfa OOD", "Alfa AD",
    "Alfa A.E.", "Alfa Anonymi Etaireia", "Alfa Co.", "Alfa Corp.", "Alfa PLC", "Alfa Public Limited Company", "Alfa LLP",
    "Alfa LP", "Alfa Limited Liability Partnership", "Alfa Limited Partnership", "Alfa W.L.L.", "Alfa FZE", "Alfa FZ-LLC",
    "Alfa FZCO", "Alfa PJSC", "Alfa Q.P.S.C.", "Alfa S.A.E.", "Alfa S.A.L.", "Alfa S.A.S.", "Alfa CA", "Alfa C.A.",
    "Alfa Tbk PT", "Alfa PCL", "Alfa JSC", "Alfa P/S", "Alfa ULC", "Alfa Unlimited Company", "Alfa DAC", "Alfa CIC",
    "Alfa PC",
)  # fmt: skip
"""Names of one company in the legal forms of many countries, also transliterated and abbreviated."""


def alike(one: str, other: str) -> float:
    return similarity(normalise_name(one), normalise_name(other))


@pytest.mark.parametrize(
    ("name", "core"),
    [
        ("Baidu, Inc.", "baidu"),
        ("ＢＡＩＤＵ，ＩＮＣ．", "baidu"),
        ("Müller GmbH & Co. KG", "muller"),
        ("Nestlé S. A.", "nestle"),
        ("Grupo Bimbo S.A.B. de C.V.", "grupo bimbo"),
        ("The Coca-Cola Company", "coca cola"),
        ("Coca-Cola Company, The", "coca cola"),
        ("AB Volvo", "volvo"),
        ("ООО Яндекс", "яндекс"),
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


@pytest.mark.parametrize("name", LEGAL_FORMS)
def test_a_legal_form_is_cut_in_every_way_of_writing_it(name: str) -> None:
    assert normalise_name(name).core == ("alfa",)


@pytest.mark.parametrize(
    ("one", "other", "least", "most"),
    [
        ("NESTLÉ", "Nestle", 100, 100),
        ("Baidu Inc", "Baidu GmbH", 98, 98),
        ("Volvo Group", "AB Volvo", 92, 92),
        ("AO Tander", "Tander", 93, 93),
        ("AO Smith", "A. O. Smith Corporation", 98, 98),
        ("Smith", "A. O. Smith Corporation", 0, 84),
        ("Harlan Int'l Mfg", "Harlan International Manufacturing Inc.", 94, 94),
        ("Pell Bros. & Assoc.", "Pell Brothers Associates Ltd", 94, 94),
        ("Dupré et Fils", "Dupre & Fils SARL", 94, 94),
        ("Ostermann & Söhne", "Ostermann und Soehne", 90, 98),
        ("Vega Svcs", "Vega Systems", 0, 80),
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
