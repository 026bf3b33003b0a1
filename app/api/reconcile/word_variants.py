"""Common words in company names that are often abbreviated, and the words for "and", which are often a sign or left out."""

_GROUPS = (
    ("advertising", "advtg"),
    ("american", "amer", "amern"),
    ("associates", "assoc", "assocs", "associated"),
    ("automotive", "automot"),
    ("biotechnology", "biotech", "biotechnologies"),
    ("brothers", "bros", "bro", "brother"),
    ("building", "bldg"),
    ("center", "ctr", "cntr", "centre"),
    ("chemical", "chem", "chemicals", "chems"),
    ("communications", "comm", "comms", "communication", "commns"),
    ("company", "co", "cie", "compagnie", "compania", "companhia"),
    ("construction", "constr", "constrn"),
    ("corporation", "corp", "corpn"),
    ("department", "dept"),
    ("development", "dev", "devel", "dvlp", "devpt", "developments"),
    ("distribution", "distr", "distrib"),
    ("electric", "elec", "elect", "electrical"),
    ("electronics", "electronic"),
    ("engineering", "engr", "engg", "engrg", "engrng"),
    ("enterprises", "ent", "entpr", "enterprise"),
    ("entertainment", "entmt", "entertmt"),
    ("equipment", "equip", "eqpt"),
    ("european", "eur"),
    ("federal", "fed"),
    ("financial", "fin", "finl", "fincl"),
    ("first", "1st"),
    ("gebruder", "gebr", "gebruders"),
    ("general", "gen", "genl"),
    ("government", "govt"),
    ("group", "grp", "gp", "groupe", "grupo", "gruppe", "gruppo"),
    ("holdings", "hldgs", "hldg", "holding", "hlds"),
    ("hospital", "hosp"),
    ("industries", "ind", "inds", "indus"),
    ("information", "info"),
    ("institute", "inst"),
    ("insurance", "ins", "insur"),
    ("international", "intl", "intnl", "internat", "internacional", "internationale", "internazionale"),
    ("investments", "inv", "invs", "invest", "investment", "invt"),
    ("laboratories", "lab", "labs", "laboratory"),
    ("logistics", "logist"),
    ("machinery", "mach", "machy"),
    ("management", "mgmt", "mgt", "mngmt"),
    ("manufacturing", "mfg", "mfr", "manuf", "manufg", "manufacturers", "mfrs"),
    ("marketing", "mktg", "mkting"),
    ("materials", "matls", "mtls", "material"),
    ("medical", "med"),
    ("mining", "mng"),
    ("mount", "mt"),
    ("national", "natl", "nat"),
    ("northern", "nthn"),
    ("petroleum", "petr"),
    ("pharmaceuticals", "pharm", "pharma", "pharms", "pharmaceutical"),
    ("production", "prodn", "productions"),
    ("products", "prod", "prods", "product"),
    ("properties", "props"),
    ("publishing", "publ", "pubg", "publg"),
    ("railway", "rly", "rlwy", "rwy"),
    ("research", "res", "rsch"),
    ("resources", "rsrcs", "resource"),
    ("saint", "st"),
    ("sciences", "sci", "science", "scis"),
    ("securities", "sec", "secs", "securs"),
    ("semiconductor", "semi", "semicon", "semiconductors"),
    ("services", "svc", "svcs", "serv", "servs", "service"),
    ("shipping", "shpg"),
    ("software", "softw"),
    ("solutions", "soln", "solns", "solution"),
    ("southern", "sthn"),
    ("systems", "sys", "syst", "systs", "system"),
    ("technology", "tech", "techs", "technologies", "technol", "tek"),
    ("telecommunications", "telecomm"),
    ("trading", "trdg"),
    ("transportation", "transp", "trans", "transport"),
    ("university", "univ"),
    ("works", "wks"),
)
"""A word as it is usually written, then its variants."""
_FULL = {variant: full for full, *variants in _GROUPS for variant in variants}
_AND = frozenset(("and", "dan", "e", "en", "et", "i", "ja", "och", "og", "und", "va", "ve", "y", "и"))


def full_words(words: tuple[str, ...]) -> tuple[str, ...]:
    """The words of a name, each as it is usually written, without those between others that mean "and".

    The same tuple if none differs.
    """
    full = words if _FULL.keys().isdisjoint(words) else tuple(_FULL.get(word, word) for word in words)
    if len(full) < 3 or _AND.isdisjoint(full[1:-1]):
        return full
    return (full[0], *(word for word in full[1:-1] if word not in _AND), full[-1])
