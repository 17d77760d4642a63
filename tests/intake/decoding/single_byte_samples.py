"""Sentences in many languages, invented here, and the encodings such pages come in."""
# ruff: noqa: E501  one language a line reads as a table

WEST = ("cp1252",)
CENTRAL = ("cp1250", "iso-8859-2")
CYRILLIC = ("cp1251", "koi8-r", "iso-8859-5", "cp866")

SAMPLES = {
    "en": (WEST, "“Why is there no night ferry?” asked Zoë – the council’s answer is £4 million."),
    "fr": (WEST, "Le conseil a approuvé mardi le ferry de nuit entre la vieille jetée et l'île."),
    "de": (WEST, "Der Stadtrat hat die Nachtfähre über den Fluss genehmigt, für die Bürger heißt das Ruhe."),
    "es": (WEST, "El consejo aprobó el martes un transbordador. ¿Cuánto costará? Cuatro millones al año."),
    "pt": (WEST, "O conselho aprovou a ligação noturna. A decisão não é definitiva, disse a câmara."),
    "it": (WEST, "La città pagherà di più, perché il servizio è già in perdita, dice la presidente."),
    "da": (WEST, "Byrådet godkendte tirsdag en natfærge til øen. Det første skib sejler på lørdag."),
    "sv": (WEST, "Hamnrådet godkände på tisdagen en nattfärja till ön. Första båten går på lördag."),
    "pl": (CENTRAL, "Część mieszkańców była przeciw, że będzie głośno. Pierwszy rejs odbędzie się w maju."),
    "cs": (CENTRAL, "Rada přístavu v úterý schválila noční trajekt. První loď vypluje v květnu."),
    "hu": (CENTRAL, "A kikötői tanács jóváhagyta az éjszakai kompot. Az első hajó májusban indul."),
    "tr": (("cp1254",), "Liman meclisi salı günü gece feribotu seferini onayladı, dedi başkan. İlk vapur mayıs ayında kalkacak."),
    "lt": (("cp1257",), "Uosto taryba antradienį patvirtino naktinį keltą į salą. Reisas išplauks gegužę."),
    "ru": (CYRILLIC, "Совет гавани во вторник одобрил ночной паром между старым причалом и островом."),
    "RU": (CYRILLIC, "СОВЕТ ГАВАНИ ВО ВТОРНИК ОДОБРИЛ НОЧНОЙ ПАРОМ МЕЖДУ СТАРЫМ ПРИЧАЛОМ И ОСТРОВОМ"),
    "uk": (("cp1251", "koi8-u"), "Рада порту у вівторок схвалила нічний пором на острів. Перший рейс вирушить у травні."),
    "bg": (("cp1251",), "Съветът на пристанището одобри във вторник нощен ферибот до острова."),
    "el": (("cp1253", "iso-8859-7"), "Το συμβούλιο του λιμανιού ενέκρινε την Τρίτη το νυχτερινό πλοίο προς το νησί."),
    "he": (("cp1255",), "מועצת הנמל אישרה ביום שלישי מעבורת לילה בין המזח הישן לאי."),
    "ar": (("cp1256",), "وافق مجلس الميناء يوم الثلاثاء على تشغيل عبارة ليلية بين الرصيف القديم والجزيرة."),
    "th": (("cp874",), "สภาท่าเรืออนุมัติเรือข้ามฟากกลางคืนเมื่อวันอังคาร เรือลำแรกจะออกเดินทาง"),
    "ja": (("cp932", "euc-jp"), "港湾評議会は火曜日、旧桟橋と島を結ぶ夜間フェリーの運航を承認した。"),
    "ja7": (("iso2022-jp",), "港湾評議会は火曜日、旧桟橋と島を結ぶ夜間フェリーの運航を承認した。"),
    "zh": (("gb18030",), "港口委员会周二批准了旧码头与岛屿之间的夜间渡轮，结束了长达两年的争议。"),
    "zh-hant": (("cp950",), "港口委員會週二批准了舊碼頭與島嶼之間的夜間渡輪，結束了長達兩年的爭議。"),
    "ko": (("cp949",), "항만위원회는 화요일 옛 부두와 섬을 잇는 야간 여객선 운항을 승인했다."),
}  # fmt: skip
