"""The items of Wikidata that are countries and currencies, and their codes in ISO 3166-1 and ISO 4217.

Entities refer to each other by number, so the code of each number is listed here. An item that the file itself contains, with
its code as a statement, takes precedence: so a currency or a country that is missing here is loaded with its own item.
"""

from collections.abc import Mapping
from datetime import date
from typing import Final

from pydantic import TypeAdapter

from app.datasets.open_data.left_out import LeftOut
from app.datasets.open_data.reading import fits, mapping
from app.datasets.open_data.wikidata.statements import Unsupported, best, statements
from app.records.validation import Value
from app.values.dates import Bounds, parse_date
from app.values.text import CountryCode
from app.values.units import Unit, currency_eras

_COUNTRY: TypeAdapter[str] = TypeAdapter(CountryCode)
_UNIT: TypeAdapter[str] = TypeAdapter(Unit)
_COUNTRY_CODE, _CURRENCY_CODE = "P297", "P498"


def _table(pairs: str) -> Mapping[str, str]:
    """Items and their codes, from pairs such as ``Q30=US``."""
    return dict(pair.split("=") for pair in pairs.split())


_COUNTRIES: Final = _table(
    "Q228=AD Q878=AE Q889=AF Q781=AG Q25228=AI Q222=AL Q399=AM Q916=AO Q51=AQ Q1555938=AQ Q414=AR Q16641=AS Q40=AT Q408=AU"
    " Q21203=AW Q5689=AX Q227=AZ Q225=BA Q244=BB Q902=BD Q31=BE Q965=BF Q219=BG Q398=BH Q967=BI Q962=BJ Q25362=BL Q23635=BM"
    " Q921=BN Q750=BO Q27561=BQ Q155=BR Q778=BS Q917=BT Q23408=BV Q963=BW Q184=BY Q242=BZ Q16=CA Q36004=CC Q974=CD Q929=CF"
    " Q971=CG Q39=CH Q1008=CI Q26988=CK Q298=CL Q1009=CM Q148=CN Q739=CO Q800=CR Q241=CU Q1011=CV Q25279=CW Q31063=CX"
    " Q229=CY Q213=CZ Q183=DE Q977=DJ Q35=DK Q756617=DK Q784=DM Q786=DO Q262=DZ Q736=EC Q191=EE Q79=EG Q6250=EH Q40362=EH"
    " Q986=ER Q29=ES Q115=ET Q33=FI Q712=FJ Q9648=FK Q702=FM Q4628=FO Q142=FR Q1000=GA Q145=GB Q769=GD Q230=GE Q3769=GF"
    " Q25230=GG Q117=GH Q1410=GI Q223=GL Q1005=GM Q1006=GN Q17012=GP Q983=GQ Q41=GR Q35086=GS Q774=GT Q16635=GU Q1007=GW"
    " Q734=GY Q8646=HK Q131198=HM Q783=HN Q224=HR Q790=HT Q28=HU Q252=ID Q27=IE Q801=IL Q9676=IM Q668=IN Q43448=IO Q796=IQ"
    " Q794=IR Q189=IS Q38=IT Q785=JE Q766=JM Q810=JO Q17=JP Q114=KE Q813=KG Q424=KH Q710=KI Q970=KM Q763=KN Q423=KP Q884=KR"
    " Q817=KW Q5785=KY Q232=KZ Q819=LA Q822=LB Q760=LC Q347=LI Q854=LK Q1014=LR Q1013=LS Q37=LT Q32=LU Q211=LV Q1016=LY"
    " Q1028=MA Q235=MC Q217=MD Q236=ME Q126125=MF Q1019=MG Q709=MH Q221=MK Q912=ML Q836=MM Q711=MN Q14773=MO Q16644=MP"
    " Q17054=MQ Q1025=MR Q13353=MS Q233=MT Q1027=MU Q826=MV Q1020=MW Q96=MX Q833=MY Q1029=MZ Q1030=NA Q33788=NC Q1032=NE"
    " Q31057=NF Q1033=NG Q811=NI Q55=NL Q29999=NL Q20=NO Q837=NP Q697=NR Q34020=NU Q664=NZ Q842=OM Q804=PA Q419=PE Q30971=PF"
    " Q691=PG Q928=PH Q843=PK Q36=PL Q34617=PM Q35672=PN Q1183=PR Q219060=PS Q407199=PS Q45=PT Q695=PW Q733=PY Q846=QA"
    " Q17070=RE Q218=RO Q403=RS Q159=RU Q1037=RW Q851=SA Q685=SB Q1042=SC Q1049=SD Q34=SE Q334=SG Q192184=SH Q215=SI"
    " Q25231=SJ Q842829=SJ Q214=SK Q1044=SL Q238=SM Q1041=SN Q1045=SO Q730=SR Q958=SS Q1039=ST Q792=SV Q26273=SX Q858=SY"
    " Q1050=SZ Q18221=TC Q657=TD Q129003=TF Q945=TG Q869=TH Q863=TJ Q36823=TK Q574=TL Q874=TM Q948=TN Q678=TO Q43=TR Q754=TT"
    " Q672=TV Q865=TW Q924=TZ Q212=UA Q1036=UG Q16645=UM Q30=US Q77=UY Q265=UZ Q237=VA Q757=VC Q717=VE Q25305=VG Q11703=VI"
    " Q881=VN Q686=VU Q35555=WF Q683=WS Q805=YE Q17063=YT Q258=ZA Q953=ZM Q954=ZW"
)
"""Every code of ISO 3166-1. Some countries have two items, such as the Netherlands and their kingdom."""
_WITHOUT_CODE: Final = {
    "Q1246": "Kosovo",
    "Q15180": "the Soviet Union",
    "Q16957": "East Germany",
    "Q25227": "the Netherlands Antilles",
    "Q33946": "Czechoslovakia",
    "Q36704": "Yugoslavia",
    "Q37024": "Serbia and Montenegro",
    "Q43287": "the German Empire",
    "Q83286": "Yugoslavia",
    "Q6500954": "Zaire",
}
"""Countries that a company may have had, but that have no code in ISO 3166-1."""
_CURRENCIES: Final = _table(
    "Q200294=AED Q199471=AFA/AFN Q125999=ALL Q130498=AMD Q522701=ANG Q200337=AOK/AON/AOR/AOA Q199578=ARS Q259502=AUD"
    " Q232270=AWG Q483725=AZM/AZN Q179620=BAM Q194351=BBD Q194453=BDT Q172540=BGL/BGN Q201871=BHD Q238007=BIF Q210478=BMD"
    " Q206319=BND Q200737=BOB Q173117=BRL Q194339=BSD Q201799=BTN Q186794=BWP Q160680=BYB/BYR/BYN Q275112=BZD Q1104069=CAD"
    " Q4734=CDF Q25344=CHF Q200050=CLP Q39099=CNY Q244819=COP Q242915=CRC Q731350=CUC Q201505=CUP Q4591=CVE Q131016=CZK"
    " Q4594=DJF Q25417=DKK Q242922=DOP Q199674=DZD Q199462=EGP Q171503=ERN Q206243=ETB Q4916=EUR Q4592=FJD Q330044=FKP"
    " Q25224=GBP Q4608=GEL Q183530=GHC/GHS Q41429=GIP Q202885=GMD Q213311=GNF Q207396=GTQ Q213005=GYD Q31015=HKD Q4719=HNL"
    " Q26360=HRK Q203955=HTG Q47190=HUF Q41588=IDR Q131309=ILS Q80524=INR Q193094=IQD Q188608=IRR Q131473=ISJ/ISK"
    " Q209792=JMD Q203722=JOD Q8146=JPY Q202882=KES Q35881=KGS Q204737=KHR Q267264=KMF Q106720=KPW Q202040=KRW Q193098=KWD"
    " Q319885=KYD Q173751=KZT Q200055=LAK Q201880=LBP Q4596=LKR Q242988=LRD Q208039=LSL Q190699=LYD Q200192=MAD Q181129=MDL"
    " Q4584=MGA Q177875=MKD Q201875=BUK/MMK Q183435=MNT Q241214=MOP Q207024=MRO/MRU Q212967=MUR Q206600=MVR Q211694=MWK"
    " Q4730=MXP/MXN Q163712=MYR Q200753=MZM/MZN Q202462=NAD Q203567=NGN Q207312=NIC/NIO Q132643=NOK Q202895=NPR Q1472704=NZD"
    " Q272290=OMR Q210472=PAB Q204656=PEN Q200759=PGK Q17193=PHP Q188289=PKR Q123213=PLZ/PLN Q207514=PYG Q206386=QAR"
    " Q131645=ROL/RON Q172524=RSD Q41044=RUR/RUB Q4741=RWF Q199857=SAR Q4597=SBD Q4595=SCR Q271206=SDP/SDG Q122922=SEK"
    " Q190951=SGD Q374453=SHP Q4587=SLL/SLE Q4603=SOS Q202036=SRD Q244366=SSP Q193712=STD/STN Q829043=SVC Q240468=SYP"
    " Q4823=SZL Q177882=THB Q199886=TJS Q486637=TMM/TMT Q4602=TND Q4613=TOP Q172872=TRL/TRY Q242890=TTD Q208526=TWD"
    " Q4589=TZS Q81893=UAH Q4598=UGS/UGX Q4917=USD Q209272=UYU Q487888=UZS Q56349362=VES Q192090=VND Q207523=VUV Q4588=WST"
    " Q847739=XAF Q26365=XCD Q737779=XCG Q861690=XOF Q214393=XPF Q1148329=XSU Q240512=YER Q181907=ZAR Q21596813=ZMK/ZMW"
    " Q73408=ZWD/ZWR/ZWL"
    " Q781218=ARA Q111080352=ATS Q232415=BEF Q111692266=BGL Q2414435=BOP Q10261894=BRB Q10261896=BRE Q831578=BRR"
    " Q21531507=BYN Q103219993=CSK Q193716=CYP Q157011=DDM Q16068=DEM Q911562=ECS Q189097=ESP Q203354=FIM Q184172=FRF"
    " Q111709161=GHC Q111079828=GRD Q1674712=ILP Q2720762=ILR Q111696362=ISJ Q204992=ITL Q174467=MTL Q111182874=MZN"
    " Q203607=NLG Q1531048=PEI Q1606309=PES Q111708867=PLZ Q468474=PTE Q112309425=RUR Q208133=SIT Q615640=SUR Q14961002=TRY"
    " Q25712645=UYP Q111080789=YUD Q111081059=YUN"
)
"""An item that kept its name when the currency was redenominated has several codes, the oldest first."""


class Codes:
    """The codes of countries and currencies, by item."""

    def __init__(self) -> None:
        self._countries = dict(_COUNTRIES)
        self._currencies = dict(_CURRENCIES)

    def learn(self, entity: dict[str, Value]) -> str | None:
        """Stores the code of the own item of a country or a currency. Returns which of them the item is. Raises Malformed."""
        claims = mapping(entity.get("claims") or {}, "claims")
        for name, kind, known, adapter in (
            (_COUNTRY_CODE, "country", self._countries, _COUNTRY),
            (_CURRENCY_CODE, "currency", self._currencies, _UNIT),
        ):
            stated = statements(claims, name, "claims", LeftOut())
            codes = [str(statement.value) for statement in best(stated, LeftOut())]
            if stated:
                if len(codes) == 1 and fits(adapter, codes[0]):
                    known[str(entity.get("id"))] = codes[0]
                return kind
        return None

    def country(self, item: str) -> str:
        """The code of a country. Raises Unsupported if there is none."""
        code = self._countries.get(item)
        if code is None and item in _WITHOUT_CODE:
            raise Unsupported(f"{item}, {_WITHOUT_CODE[item]}, which has no code in ISO 3166-1")
        if code is None:
            raise Unsupported(f"{item[:20]} is not a known country; its own item in the file tells its code")
        return code

    def currency(self, item: str, time: str | None) -> str:
        """The code of a currency at a time in EDTF. Raises Unsupported if it is unknown, or if the time leaves several."""
        codes = self._currencies.get(item, "").split("/")
        if codes == [""]:
            raise Unsupported(f"unit {item[:20]}, which is not known as a currency; its own item in the file tells its code")
        if len(codes) > 1:
            bounds = _bounds(time)
            codes = [code for code in codes if bounds and _was_money(code, bounds)]
        if len(codes) != 1:
            raise Unsupported(f"unit {item[:20]}, which is {self._currencies[item]} at different times")
        return codes[0]


def _bounds(time: str | None) -> Bounds | None:
    """The days of a time. Raises Unsupported if there are none."""
    try:
        return parse_date(time) if time else None
    except ValueError as fault:
        raise Unsupported(str(fault)) from None


def _was_money(code: str, time: Bounds) -> bool:
    """Whether a currency existed on a day of a time. If two did, the time does not tell which one is meant."""
    first, last = currency_eras().get(code, (date.min, date.max))
    return (time.earliest or date.min) <= last and first <= (time.latest or date.max)
