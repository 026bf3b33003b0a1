"""The Wikidata items and properties that this program knows.

Entities refer to each other by number, so the meaning of each number is listed here. Other countries and currencies are
left out and counted.
"""

from typing import Final, NamedTuple


def _table(pairs: str) -> dict[str, str]:
    """Items and their meanings, from pairs such as ``Q30=US``."""
    return dict(pair.split("=") for pair in pairs.split())


class MetricProperty(NamedTuple):
    """The metric of a property. ``unit`` is None for amounts of money, whose currency is in the statement."""

    keyword: str
    name: str
    unit: str | None


class EventProperty(NamedTuple):
    """The milestone of a property."""

    slug: str
    title: str
    category: str


METRICS: Final = {
    "P1128": MetricProperty("employees", "Employees", "people"),
    "P2139": MetricProperty("revenue", "Total revenue", None),
    "P2295": MetricProperty("net_profit", "Net profit", None),
    "P3362": MetricProperty("operating_income", "Operating income", None),
    "P2403": MetricProperty("total_assets", "Total assets", None),
    "P2137": MetricProperty("total_equity", "Total equity", None),
    "P2226": MetricProperty("market_capitalization", "Market capitalization", None),
}
EVENTS: Final = {
    "P571": EventProperty("founded", "Founded", "founding"),
    "P576": EventProperty("dissolved", "Dissolved", "dissolution"),
}
IDENTIFIERS: Final = {"P1278": "lei", "P946": "isin", "P249": "ticker", "P5531": "cik", "P856": "website"}
COUNTRY, EXCHANGE, TICKER, CIK = "P17", "P414", "P249", "P5531"
COUNTRY_CODE = "P297"
POINT_IN_TIME, START, END = "P585", "P580", "P582"
CIRCUMSTANCES, CIRCA = "P1480", "Q5727902"
REASONS: Final = frozenset({"P459", "P2241", "P7452"})
"""Qualifiers that explain how a value was determined or ranked. They don't change its meaning."""
REFERENCE_URL, STATED_IN, TITLE, PUBLISHED = "P854", "P248", "P1476", "P577"
GREGORIAN = "Q1985727"
NO_UNIT = "1"

CURRENCIES: Final = _table(
    "Q4917=USD Q4916=EUR Q25224=GBP Q8146=JPY Q39099=CNY Q25344=CHF Q1104069=CAD Q259502=AUD Q122922=SEK Q132643=NOK"
    " Q25417=DKK Q80524=INR Q41044=RUB Q4730=MXN Q181907=ZAR Q190951=SGD Q1472704=NZD Q123213=PLN Q172872=TRY"
    " Q202040=KRW Q31015=HKD Q131645=RON Q131473=ISK Q41588=IDR Q47190=HUF Q173117=BRL Q131016=CZK Q131309=ILS"
    " Q208526=TWD Q177882=THB Q17193=PHP Q163712=MYR Q192090=VND Q81893=UAH"
)
COUNTRIES: Final = _table(
    "Q30=US Q16=CA Q96=MX Q774=GT Q800=CR Q804=PA Q241=CU Q786=DO Q766=JM Q754=TT Q155=BR Q414=AR Q298=CL Q419=PE"
    " Q739=CO Q717=VE Q736=EC Q750=BO Q733=PY Q77=UY Q145=GB Q27=IE Q142=FR Q183=DE Q38=IT Q29=ES Q45=PT Q55=NL"
    " Q29999=NL Q31=BE Q32=LU Q39=CH Q40=AT Q347=LI Q235=MC Q228=AD Q238=SM Q20=NO Q34=SE Q33=FI Q35=DK Q189=IS"
    " Q191=EE Q211=LV Q37=LT Q36=PL Q213=CZ Q214=SK Q28=HU Q215=SI Q224=HR Q225=BA Q403=RS Q236=ME Q221=MK Q222=AL"
    " Q41=GR Q219=BG Q218=RO Q217=MD Q212=UA Q184=BY Q159=RU Q43=TR Q229=CY Q233=MT Q230=GE Q399=AM Q227=AZ Q232=KZ"
    " Q265=UZ Q874=TM Q863=TJ Q813=KG Q711=MN Q148=CN Q8646=HK Q14773=MO Q865=TW Q17=JP Q884=KR Q423=KP Q668=IN"
    " Q843=PK Q902=BD Q854=LK Q837=NP Q917=BT Q826=MV Q889=AF Q794=IR Q796=IQ Q858=SY Q822=LB Q801=IL Q810=JO Q851=SA"
    " Q805=YE Q842=OM Q878=AE Q846=QA Q398=BH Q817=KW Q252=ID Q833=MY Q334=SG Q928=PH Q881=VN Q869=TH Q424=KH Q819=LA"
    " Q836=MM Q921=BN Q574=TL Q408=AU Q664=NZ Q691=PG Q712=FJ Q79=EG Q1016=LY Q948=TN Q262=DZ Q1028=MA Q1033=NG"
    " Q117=GH Q1008=CI Q1041=SN Q114=KE Q924=TZ Q1036=UG Q1037=RW Q115=ET Q258=ZA Q1030=NA Q963=BW Q954=ZW Q953=ZM"
    " Q1029=MZ Q916=AO Q1027=MU"
)
"""ISO 3166-1 codes. If a file contains the country's own item first, the code of that item (P297) takes precedence."""

FIRST_LANGUAGES: Final = ("en", "mul", "zh", "ja", "ko", "es", "fr", "de", "ru", "ar", "hi", "pt")
"""A company has at most fifty other names. These languages come first, the others sorted by code."""
