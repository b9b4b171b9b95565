"""Words that say little about who is meant: company forms, titles, particles, common words of names.

General knowledge of names, decided here; nothing is taken from a list of sanctions.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

_FORMS: Final = {
    "ltd": "ltd|limited|limited company|co ltd|co limited|company limited|company ltd|pte ltd|pte limited|pty ltd"
    "|pty limited|private limited|pvt ltd|pvt limited|sdn bhd|ltda|ltee",
    "llc": "llc|limited liability company|ooo|o o o|obshchestvo s ogranichennoi otvetstvennostyu|ltd liability co"
    "|obschestvo s ogranichennoi otvetstvennostyu|too",
    "inc": "inc|incorporated|corp|corporation|company|co|and co|and company|co inc",
    "plc": "plc|public limited company",
    "ag": "ag|aktiengesellschaft|akg",
    "gmbh": "gmbh|gesellschaft mit beschrankter haftung|ges mbh|mbh",
    "jsc": "jsc|joint stock company|ojsc|open joint stock company|pjsc|public joint stock company|oao|ao|pao"
    "|cjsc|closed joint stock company|zao|oaao|joint stock co|private joint stock company|jsco",
    "sa": "sa|s a|societe anonyme|sociedad anonima|sa de cv|sab de cv|s de rl de cv|sas|spa|saa|sau|sicav",
    "sarl": "sarl|srl|societatea cu raspundere limitata|societe a responsabilite limitee|sl|lda|eurl|sociedad limitada",
    "bv": "bv|nv|bvba|besloten vennootschap|naamloze vennootschap",
    "ab": "ab|aktiebolag|as|a s|asa|aps|oy|oyj",
    "spzoo": "sp z o o|sp z oo|spolka z ograniczona odpowiedzialnoscia|doo|d o o|s r o|sro|kft|eood|ood|ead|ad|a d",
    "lp": "lp|llp|limited partnership|limited liability partnership|kg|gmbh and co kg|kgaa",
    "fze": "fze|fzco|fz llc|fzc|free zone establishment|dmcc",
    "se": "se|societas europaea|na|n a|pt|p t|kk|k k|kabushiki kaisha",
}


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _phrases(table: Mapping[str, str]) -> Mapping[tuple[str, ...], str]:
    return MappingProxyType({tuple(each.split()): form for form, text in table.items() for each in text.split("|")})


COMPANY_FORMS: Final = _phrases(_FORMS)
"""Company forms as folded words, and the family each belongs to."""
LONGEST_FORM: Final = max(map(len, COMPANY_FORMS))
LONG_FORM_WORDS: Final = tuple(
    sorted({word for phrase in COMPANY_FORMS for word in phrase if len(phrase) > 1 and len(word) >= 9} | {
        "aktiengesellschaft", "incorporated", "corporation",
    })
)  # fmt: skip
"""Words that stand in company forms only, and are recognised although misspelt."""

FORMS_HAN: Final = (
    "股份有限公司", "有限责任公司", "股份公司", "有限公司", "无限公司", "责任公司", "集团公司", "总公司", "分公司",
    "公司", "集团", "企业", "工厂",
)  # fmt: skip
"""Company forms in Simplified Chinese characters, the longest first."""

TITLES: Final = _set(
    "mr mrs ms miss mx dr prof professor sir dame lord lady president prasident presidente monsieur madame mme senor "
    "senora herr frau sheikh shaikh shaykh sheik haji hajji mullah mulla maulavi mawlawi maulana qari hafiz sayyid "
    "general gen colonel col major maj captain capt lieutenant lt brigadier admiral minister ayatollah imam "
    "rev reverend hon datuk dato tan sri ir ing dipl eng engineer jr sr junior senior"
)
PARTICLES: Final = _set(
    "al el ul ad ar as ash at ath an abu abou umm bin ben ibn bint binti ould wuld de da do dos das du del della di "
    "la le van von der den ter zu na bar"
)
"""Words of personal names that many share and that are often left out."""
ALSO_GIVEN: Final = frozenset({"ben", "van", "abu", "la", "le", "na"})
"""Of those, the ones that are a name of their own where they come first."""
COMMON_GIVEN: Final = _set("mohammad abdul abd ahmad ali khan kim")
LITTLE: Final = _set("the of and for in on to at de du des la le les der die das und et y e i")
COMMON: Final = _set(
    "company group holding holdings international trading trade general industrial industries industry import export "
    "services service global bank fund trust capital partners investment investments enterprise enterprises solutions "
    "systems technology technologies national institute academy university center centre research development "
    "management foundation organization organisation association federation union committee ministry department "
    "office bureau factory plant works construction engineering establishment agency shipping electronics electronic "
    "science sciences scientific technical medical military business commercial equipment products "
    "east west north south new first city province county district"
)
"""Words that many organisations have in their names."""
SERIES: Final = _set("i ii iii iv v vi vii viii ix x xi xii xiii xiv xv xvi xvii xviii xix xx")

SAME: Final = MappingProxyType(
    {
        "intl": "international", "int": "international", "natl": "national", "univ": "university", "inst": "institute",
        "dept": "department", "govt": "government", "tech": "technology", "technologies": "technology",
        "mfg": "manufacturing", "mgmt": "management", "assn": "association", "bros": "brothers", "grp": "group",
        "labs": "laboratory", "lab": "laboratory", "laboratories": "laboratory", "centre": "center",
        "organisation": "organization", "labour": "labor", "holdings": "holding", "industries": "industry",
        "systems": "system", "services": "service", "elec": "electronics", "st": "saint", "acad": "academy",
    }
)  # fmt: skip
"""Words that are written otherwise, or shortened."""
PHRASES: Final = MappingProxyType(
    {("united", "states"): "us", ("united", "states", "of", "america"): "us", ("united", "kingdom"): "uk",
     ("peoples", "republic", "of", "china"): "china"}
)  # fmt: skip

_UNITS: Final = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
_TENS: Final = {"twenty": 20, "thirty": 30, "forty": 40, "fourty": 40, "fifty": 50, "sixty": 60, "seventy": 70,
                "eighty": 80, "ninety": 90}  # fmt: skip
_ORDINALS: Final = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth"
NUMBERS: Final[Mapping[str, int]] = MappingProxyType(
    {word: number for number, word in enumerate(_UNITS.split())}
    | _TENS
    | {word: number for number, word in enumerate(_ORDINALS.split(), 1)}
)

_NICKNAMES: Final = (
    "alexander alex sasha sascha alec|alexandra alex sandra sasha|andrew andy drew|anthony tony|benjamin ben benny bibi"
    "|barack barry barrack|bernard bernie|catherine kate kathy cathy katie|charles charlie chuck|christopher chris kit"
    "|daniel dan danny|david dave|dmitry dima mitya|donald don|edward ed ted eddie|elizabeth liz beth betty eliza"
    "|eugene gene yevgeny evgeny|francis frank|frederick fred freddy|gregory greg|henry harry hank|ivan vanya"
    "|james jim jimmy|joseph joe|john jack johnny|katherine kate kathy|lawrence larry|leonard len lenny|margaret maggie"
    " meg peggy|matthew matt|michael mike mick|mikhail misha|nicholas nick|patrick pat paddy|peter pete"
    "|philip phil|richard rick dick|robert bob rob bobby|ronald ron|samuel sam|sergei seryozha|stephen steve"
    "|susan sue|theodore ted teddy theo|thomas tom tommy|timothy tim|vladimir vova volodya|volodymyr vova"
    "|walter walt|william bill will billy liam|zachary zach"
)


def _nicknames() -> Mapping[str, frozenset[str]]:
    known: dict[str, set[str]] = {}
    for line in _NICKNAMES.split("|"):
        full, *short = line.split()
        for each in short:
            known.setdefault(each, set()).add(full)
    return MappingProxyType({short: frozenset(full) for short, full in known.items()})


NICKNAMES: Final = _nicknames()
"""Short names and the full ones that they may stand for."""


def _shortened() -> Mapping[str, frozenset[str]]:
    known: dict[str, set[str]] = {}
    for short, names in NICKNAMES.items():
        for full in names:
            known.setdefault(full, set()).add(short)
    return MappingProxyType({full: frozenset(short) for full, short in known.items()})


SHORTENED: Final = _shortened()
"""Full names and the short ones that stand for them."""
