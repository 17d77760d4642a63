"""
Recognise dates written by a site's software: a time of day, an ISO timestamp, an age, a table row.

They may say when a story was published, but are not quoted as its dateline.
"""

import polars as pl

from include.splitter.lines.patterns import contains
from include.splitter.roles.reasons import REASONS

UNITS = (
    r"(?:sec(?:ond)?s?|min(?:ute)?s?|m|hours?|hrs?|h|days?|d|weeks?|wks?|w|months?|years?|yrs?"
    r"|sekunden?|minuten?|stunden?|std|tage?n?|wochen?|monate?n?|jahre?n?|secondes?|heures?|jours?"
    r"|semaines?|mois|ans?|segundos?|minutos?|horas?|días?|semanas?|mes(?:es)?|años?"
    r"|second[oi]|minut[oi]|or[ae]|giorn[oi]|settiman[ae]|mes[ei]|ann[oi]|dias?|m[eê]s|anos?"
    r"|uur|uren|dag(?:en)?|weken|maand(?:en)?|jaar|секунд\w*|минут\w*|час\w*|д(?:ень|ня|ней)"
    r"|недел\w*|месяц\w*|лет|год\w*|хвилин\w*|годин\w*|днів|sekund\w*|minut\w*|godzin\w*|dni"
    r"|tygodni\w*|miesi\w+|lat|hodin\w*|dn[yůeí]\w*|týdn\w*|měsíc\w*|let|timm\w+|timer?|dagar?"
    r"|dager?|veckor|uger?|måned\w*|sekuntia?|minuuttia?|tuntia?|tunti|päivää?|viikkoa?"
    r"|másodperc\w*|perc\w*|ór[aá]\w*|nap\w*|het\w*|hónap\w*|sat[ai]?|dana?|tjed\w+|mjesec\w*"
    r"|saat|dakika|gün|hafta|ay|yıl)"
)
COUNT = (
    r"(?:\d{1,3}|an?|one|eine[mnr]?|einigen|wenigen|une?|un[ao]?|uma?|een|één|en|ett|et|один|одну)"
)
AGE = (
    rf"(?:(?:för |for )?{COUNT}\s?\+?\s?{UNITS}\.?\s(?:ago|old|fa|atrás|geleden|назад|тому|temu"
    rf"|sedan|siden|sitten|ezelőtt|önce|prije)|{UNITS}\s(?:temu|назад|тому|ago)"
    rf"|(?:vor|il y a|hace|há|faz|przed|před|prije|pre|за)\s{COUNT}\s{UNITS}\.?"
    r"|just now|moments ago|yesterday|today|gestern|heute|gerade eben|hier|aujourd['’]hui"
    r"|à l['’]instant"
    r"|ayer|hoy|ahora|ieri|oggi|ontem|hoje|agora|gisteren|vandaag|zojuist|вчера|сегодня|только что"
    r"|wczoraj|dzisiaj|dziś|včera|dnes|i går|i dag|igår|idag|eilen|tänään|tegnap|ma|jučer|danas"
    r"|dün|bugün"
    r"|\d{1,3}\s?(?:秒|分|分钟|分鐘|時間|小时|小時|日|天|周|週間|か月|個月|个月|年|초|분|시간|일|주|개월|년)\s?[前전]"
    r"|منذ\s.{1,20}|昨天|今天|刚刚|昨日|今日|어제|오늘|방금)"
)
LABEL = (
    r"(?:(?:last )?(?:published|posted|updated|modified|veröffentlicht|aktualisiert|stand|publié"
    r"|mis à jour|publicado|actualizado|atualizado|pubblicato|aggiornato|gepubliceerd|bijgewerkt"
    r"|опубликовано|обновлено|opublikowano|aktualizacja|publicerad|uppdaterad|publisert|oppdatert"
    r"|julkaistu|päivitetty|frissítve|objavljeno|ažurirano|更新|发布|發布|公開|配信)\s?[:：]?\s)?"
)
CLOCK = r"\d{1,2}[:.h]\d{2}(?:[:.]\d{2})?(?:\s?(?:[ap]\.?\s?m\.?|uhr|h|hrs?|[A-Z]{1,5}))?"
ISO = r"\d{4}-\d{2}-\d{2}(?:T|\s)\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s?(?:Z|UTC|[+-]\d{2}:?\d{2})?"
EPOCH = r"1\d{9}(?:\d{3})?"
MACHINE = rf"(?i)^\W*{LABEL}(?:{CLOCK}|{ISO}|{AGE}|{EPOCH})(?:\W+(?:{CLOCK}|{AGE}))?\W*$"
ROW = r"\t|\S\s*\|\s*[-+\d.,%\s]+(?:\||$)"  # cells of figures


def is_machine_date(text: pl.Series, reason: pl.Series) -> pl.Series:
    """Return which dated lines are no datelines: timestamps, ages, table rows, sentences."""
    is_sentence = reason == REASONS["first"]  # «This story was first published on 4 March 2026.»
    return contains(text, MACHINE) | contains(text, ROW) | is_sentence
