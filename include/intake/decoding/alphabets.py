"""
The non-ASCII letters of each language and its legacy encodings; data for `single_byte`.

Letters are lower case, most common first. The rankings are estimates, checked only by the texts of
tests/intake: what matters is which letters a language has at all, and which are rare.
"""

from __future__ import annotations

from dataclasses import dataclass

WESTERN = ("cp1252", "iso-8859-15", "mac-roman", "cp850")
CENTRAL = ("cp1250", "iso-8859-2", "cp852")
BALTIC = ("cp1257", "iso-8859-13")
CYRILLIC = ("cp1251", "koi8-r", "koi8-u", "iso-8859-5", "cp866", "mac-cyrillic")
GREEK = ("cp1253", "iso-8859-7")
LATIN_END = "\u0250"


@dataclass(frozen=True)
class Alphabet:
    """
    One language: its non-ASCII letters, most common first, and its legacy encodings.

    words: common words in ASCII, separated by blanks; none for other scripts.
    """

    language: str
    letters: str
    encodings: tuple[str, ...]
    words: str = ""

    @property
    def is_latin(self) -> bool:
        """Tell whether the script is Latin, so that words mix these letters with ASCII."""
        return self.letters[0] < LATIN_END


# Combining marks (Thai, Vietnamese) are listed like letters.
ALPHABETS = (
    Alphabet("en", "éèñçüöïáóíêâàäëôåøæ", WESTERN, "the of and to in a is for on that with"),
    Alphabet("fr", "éèàêçâîôùûœëïüæÿ", WESTERN, "de la le les et des en un du une que est dans"),
    Alphabet("de", "üäößéàè", WESTERN, "der die und in den von das mit zu ist im"),
    Alphabet("es", "óíáéñúü¿¡", WESTERN, "de la que el en y los del las un por con"),
    Alphabet("pt", "ãçéáíóõêâúôàü", WESTERN, "de a o que e do da em um para com os"),
    Alphabet("it", "èàùòìéî", WESTERN, "di e il la che in un per del non si"),
    Alphabet("nl", "ëéïóèüöçêá", WESTERN, "de van het een en in is dat op te voor"),
    Alphabet("da", "øåæéö", WESTERN, "og i at det er en til af den for som"),
    Alphabet("sv", "äöåéüà", WESTERN, "och i att det som en av den med till"),
    Alphabet("fi", "äöåé", WESTERN, "ja on ei se oli hän joka mutta ovat kun"),
    Alphabet("is", "íáðéóöþúæý", WESTERN, "og er sem um var til hann en"),
    Alphabet("ca", "àéèíòóçúïü·", WESTERN, "de la i el que els les amb per una"),
    Alphabet("pl", "łęążśóćńźé", CENTRAL, "w i na z do nie jest o to od po"),
    Alphabet("cs", "íáéěřčžýšůúňťóďö", CENTRAL, "a v na se je z do o po ve"),
    Alphabet("sk", "áíčéýžšťúľôóňäďĺŕ", CENTRAL, "a v na sa je z do o po vo"),
    Alphabet("hu", "áéőöíóüúű", CENTRAL, "a az egy hogy nem is az ez de meg"),
    Alphabet("hr", "čšžćđ", CENTRAL, "je u i na se da za su od s"),
    Alphabet("ro", "ăîâţşéö", CENTRAL, "de la a din cu pe care nu un o"),
    Alphabet("ro", "ăîâțșéö", ("iso-8859-16",), "de la a din cu pe care nu un o"),
    Alphabet("tr", "ıüşğçöİâîû", ("cp1254",), "ve bir bu da de ile olarak daha"),
    Alphabet("lt", "ėįšžųūčąęé", BALTIC, "ir su kad yra bet tai jo"),
    Alphabet("lv", "āīēšļūģņķčž", BALTIC, "un ir no ar par ka uz"),
    Alphabet("et", "äõüöšž", BALTIC, "ja on et ei see kui oli"),
    Alphabet("ru", "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё", CYRILLIC),
    Alphabet("uk", "оаниіветрслкдмпузяьбгчйхжцюєїшщґф", CYRILLIC),
    Alphabet("bg", "аоеитнсрвлкдпмзуябгъчжцхщшюйфь", CYRILLIC),
    Alphabet("be", "анеіраоктсдзлвыпямугьбўчцйшхжёюфэ", CYRILLIC),
    Alphabet("sr", "аоиенрстјукдвпмлзгбчшћцжхњљђфџ", CYRILLIC),
    Alphabet("mk", "аоиетнрсвјдкпулмзгбчшцжхњќѓљџфѕ", CYRILLIC),
    Alphabet("el", "αοιετσνρκπυμλςίόήάγέδωχθύφβώξζψϊϋΐΰ", GREEK),
    Alphabet("he", "יוהלאמרשתבנדקחעפםכגטצןסזךףץ״׳־", ("cp1255",)),
    Alphabet("ar", "اليمنوترةبدعفسكقحهجشأصطخىذزثضإءغئظؤآ،ًّ؟؛ـ", ("cp1256", "iso-8859-6")),
    Alphabet("fa", "اينردهمتوبسشلكخفگزقپجحعچطآصژضغذثظئءأ،؟", ("cp1256",)),
    Alphabet("th", "านรอกเงม่ยลว้ดทัสตีะปบิคหแ์จพชขใไืำุโถผฟูซธณ็ศษญภๆฉฮฐฎฏ", ("cp874",)),
    Alphabet("vi", "đ\u0301\u0300ưôơâêă\u0323\u0309\u0303áàéèóòúùíìãõýỳ", ("cp1258",)),
)

# Extra evidence (nats) required for encodings that are rare on the web. Without it, English with
# one currency sign or bullet was decoded as mac-roman, cp850 or cp1257.
DOUBTS = {
    "mac-roman": 8.0,
    "mac-cyrillic": 6.0,
    "cp850": 8.0,
    "cp852": 8.0,
    "cp866": 3.0,
    "cp1258": 3.0,
    "iso-8859-15": 1.0,
    "cp1257": 1.0,
    "iso-8859-13": 2.0,
    "iso-8859-16": 3.0,
    "iso-8859-5": 1.0,
    "iso-8859-6": 1.0,
    "koi8-u": 0.5,
    "big5hkscs": 3.0,
}

# Signs used in all languages, most common first, and rare signs that a text may contain once.
COMMON_SIGNS = "’“”–—\u00a0•‘…«»„©·"
RARE_SIGNS = "®°€£§™×½¼¾±¢¥º¹²³µ¡¿¨´¸¶‚›‹†‡‰№ªˆ¦¬\u00ad"

# Letters of foreign names in any Latin-script text, and letters that can be a word by themselves.
GUESTS = "éáóíöüäçñúèàôëïâêîøåčšžćßãõ"
LONE_WORDS = frozenset("àéèóáíåöôyøÀÉÈÓÁÍÅÖØ")

# The hundred most common characters; almost any two sentences contain some of them.
HANZI = (
    "的一是不了在人有我他这中大来上个国到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可里"
    "后小么心多天而能好都然没日于起还发成事只作当想看文无开手十用主行方又如前所本见经头面公同三已老从"
    "动两长新日月市民政府部分报告周二表示"
)
HANZI_TRADITIONAL = (
    "的一是不了在人有我他這中大來上個國到說們為子和你地出道也時年得就那要下以生會自著去之過家學對可裡"
    "後小麼心多天而能好都然沒日於起還發成事只作當想看文無開手十用主行方又如前所本見經頭面公同三已老從"
    "動兩長新日月市民政府部分報告週二表示"
)
