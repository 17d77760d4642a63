"""
Split pages into stories: lines → appearance → roles → boundaries → pieces → stories and chrome.

Pure: the same pages give the same rows in any batch, any order, on any machine, at any time.
"""

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from include.model import Split
from include.schema import lake as lake_schema
from include.splitter.boundaries.boundaries import Stories, find_stories
from include.splitter.chrome_book.book import EMPTY_BOOK, ChromeBook
from include.splitter.fact_overrides import correct_facts
from include.splitter.line_arrays import Bools
from include.splitter.lines.appearance import describe_appearance
from include.splitter.lines.cuts import Cut
from include.splitter.lines.inline_chrome import find_inline
from include.splitter.lines.lines import find_lines
from include.splitter.memory import return_memory
from include.splitter.model.line_classifier import SURE
from include.splitter.model.model_file import Model, read_model
from include.splitter.overrides import NO_OVERRIDES, Overrides, correct_stories
from include.splitter.roles.notice_tails import find_tails, ignore_tails
from include.splitter.roles.reasons import REASONS, ROLE, ROLES, WHY, WHYS
from include.splitter.roles.roles import Roles, name_roles
from include.splitter.roles.start_signs import SIGNS
from include.splitter.stories.assemble import cut_pieces, gather_chrome, gather_stories
from include.splitter.stories.attribution import sign_stories
from include.splitter.stories.fields import add_credit, add_signatures, read_agencies, story_id
from include.splitter.stories.fingerprint import HASH_VERSION, fingerprint_stories
from include.splitter.stories.headline_dates import find_headline_dates
from include.splitter.stories.notices import attach_notices
from include.splitter.stories.page_facts import PAGE_FIELDS, add_page_facts

SPLITTER_VERSION = "6"
LOT_BYTES = 4 * 2**20  # text split at a time; splitting takes about six times as much memory
STORIES = lake_schema.schema_of(lake_schema.STORY_PARTS)
CHROME = lake_schema.schema_of(lake_schema.CHROME_PARTS)
CLASSIFIER_ONLY = "its lines read like a story, by their look and place"
HIT_CHARS = 60  # a body line this short that matches a phrase list is probably leaked chrome
CHROME_FAMILIES = ("comment", "related", "share", "advert", "navigation", "promo", "legal")


def split_pages(
    pages: pa.Table, book: ChromeBook = EMPTY_BOOK, model: Model | None = None,
    overrides: Overrides = NO_OVERRIDES,
) -> Split:  # fmt: skip
    """
    Split a batch of pages.

    Args:
        pages: columns page_id, name, outcome, text; rows with another outcome than taken are
            skipped. PAGE_FIELDS (metadata delivered with a page) are optional and only fill in
            what the text does not state.
        book: the lines that sites repeat; the same pages and book give the same rows.
        model: None for this version's own; evaluations pass another.
        overrides: people's corrections.
    Returns:
        Stories (`lake_schema.STORY_PARTS`) and chrome (`CHROME_PARTS`), in page order.
    """
    optional = [name for name in PAGE_FIELDS if name in pages.column_names]
    columns = pages.select(["page_id", "name", "outcome", "text", *optional])
    used = model or read_model()
    shares = _plan_lots(columns["text"])
    lots = [
        _split_lot(columns.slice(begin, count), book, used, overrides) for begin, count in shares
    ]
    return Split(
        pa.concat_tables([STORIES.empty_table(), *(stories for stories, _ in lots)]),
        pa.concat_tables([CHROME.empty_table(), *(chrome for _, chrome in lots)]),
    )


def _plan_lots(texts: pa.ChunkedArray) -> list[tuple[int, int]]:
    """Divide pages into lots of about LOT_BYTES; give each lot's first row and row count."""
    sizes = pc.fill_null(pc.binary_length(texts), 0).to_numpy().astype(np.int64)
    begins = np.flatnonzero(np.diff(np.cumsum(sizes) // LOT_BYTES, prepend=-1))
    counts = np.diff(begins, append=len(sizes))
    return list(zip(begins.tolist(), counts.tolist(), strict=True))


def _split_lot(
    pages: pa.Table, book: ChromeBook, model: Model, overrides: Overrides
) -> tuple[pa.Table, pa.Table]:
    """Split one lot of pages; give its stories and chrome."""
    frame = pl.DataFrame(pages)
    missing = (
        pl.lit(None, kind).alias(name)
        for name, kind in PAGE_FIELDS.items()
        if name not in frame.columns
    )
    taken = frame.filter(pl.col("outcome") == "taken").with_columns(missing).with_row_index("page")
    pieces, stories_found = name_pieces(taken, book, model, overrides)
    gathered = gather_stories(pieces)
    stories = _fill_fields(add_signatures(gathered, pieces), stories_found, taken)
    stories = correct_facts(stories, pieces, taken, overrides)
    left = gather_chrome(pieces, gathered)
    del pieces, stories_found  # 200 bytes per line: a page may have millions
    return_memory(len(left))
    page_ids = taken.select("page", "page_id")
    chrome = left.join(page_ids, on="page", how="left", maintain_order="left")
    return _to_arrow(stories, STORIES), _to_arrow(chrome, CHROME)


def name_pieces(
    pages: pl.DataFrame, book: ChromeBook = EMPTY_BOOK, model: Model | None = None,
    overrides: Overrides = NO_OVERRIDES,
) -> tuple[pl.DataFrame, Stories]:  # fmt: skip
    """
    Name the role of every piece of every page: all decisions, before rows are assembled.

    Args:
        pages: columns page (u32, ascending), text; page_id if there are overrides; outlet if
            pages were delivered with one.
        book, model, overrides: as in `split_pages`.
    Returns:
        One row per piece of a line, in page order: at, page, line_no, start, end, text, role,
        reason, story (-1: none), joined, hit, credit; and the stories with their evidence.
    """
    lines, cuts, stories = _decide(pages, book, model, overrides)
    return add_credit(sign_stories(attach_notices(cut_pieces(lines, cuts)))), stories


def _decide(
    pages: pl.DataFrame, book: ChromeBook, model: Model | None, overrides: Overrides
) -> tuple[pl.DataFrame, list[Cut], Stories]:
    """Name the role of every line; what only the decision needs is dropped here."""
    lines = describe_appearance(find_lines(pages.select("page", "text")))
    inline, tails = find_inline(lines), find_tails(lines)
    lines = ignore_tails(lines, tails)
    has_outlets = "outlet" in pages.columns
    outlets = pages.select("page", "outlet").drop_nulls() if has_outlets else None
    roles = name_roles(lines, inline.appeals, book, outlets)
    stories = find_stories(lines, roles, model or read_model())
    stories = correct_stories(stories, overrides, pages, lines, roles.why == WHY["outlet"])
    return_memory(len(lines))
    is_head = (stories.role == ROLE["headline"]) & (stories.why != WHY["review"])
    heads = np.flatnonzero(is_head)
    dates = find_headline_dates(zip(heads.tolist(), lines["text"].gather(heads), strict=True))
    return _with_roles(lines, roles, stories), [*inline.cuts, *tails, *dates], stories


def _with_roles(lines: pl.DataFrame, roles: Roles, stories: Stories) -> pl.DataFrame:
    """Add roles and reasons in words to the lines, as `cut_pieces` expects."""
    spoken_of = pl.any_horizontal(f"is_{family}" for family in CHROME_FAMILIES)
    hit = (spoken_of & (pl.col("chars") <= HIT_CHARS)).alias("hit")
    return lines.select("at", "page", "line_no", "start", "text", hit).with_columns(
        role=pl.Series(ROLES).gather(stories.role),
        reason=_fill_reasons(lines, roles, stories),
        story=pl.Series(stories.story),
        joined=pl.Series(roles.joined),
    )


def _fill_reasons(lines: pl.DataFrame, roles: Roles, stories: Stories) -> pl.Series:
    """Give each line's reason with its figure; each reason and figure is written once."""
    figures = {
        "{size}": lines["size"].to_numpy(),
        "{run}": roles.listing,
        "{seen}": roles.book_pages,
        "{share}": stories.share * 100 // SURE,
    }
    figure = np.zeros(len(lines), dtype=np.int64)
    for name, values in figures.items():
        has = np.isin(stories.why, [why for why, words in enumerate(WHYS) if name in words])
        figure[has] = values[has]
    kinds, which = np.unique(figure * len(WHYS) + stories.why, return_inverse=True)
    written = []
    for number, why in zip(*(part.tolist() for part in divmod(kinds, len(WHYS))), strict=True):
        words = WHYS[why].replace("{share}", "{share} %")
        for name in figures:
            words = words.replace(name, str(number))
        written.append(words)
    return pl.Series(written, dtype=pl.String).gather(which)


def _fill_fields(gathered: pl.DataFrame, evidence: Stories, taken: pl.DataFrame) -> pl.DataFrame:
    """Add the columns derived from a story's parts and from its page."""
    ids = gathered["story"].to_numpy()
    rows = add_page_facts(gathered, taken).join(
        taken.select(
            "page", "page_id", source_name="name", page_chars=pl.col("text").str.len_chars()
        ),
        on="page",
        how="left",
        maintain_order="left",
    )
    names = [story_id(p, s) for p, s in zip(rows["page_id"], rows["body_start"], strict=True)]
    return rows.with_columns(
        pl.Series("story_id", names, pl.String),
        *fingerprint_stories(rows),
        pl.Series("confidence", evidence.sure[ids] / 1000, pl.Float64),
        _write_reasons(evidence.signs[ids], evidence.reviewed[ids]),
        story_no=pl.int_range(1, pl.len() + 1).over("page"),
        page_stories=pl.len().over("page"),
        agencies=read_agencies(rows["body"]),
        tags=pl.col("tags").str.split(", ").fill_null([]),
        body_chars=pl.col("body").str.len_chars(),
        hash_version=pl.lit(HASH_VERSION, pl.Int32),
        splitter_version=pl.lit(SPLITTER_VERSION),
    )


def _write_reasons(signs: Bools, reviewed: Bools) -> pl.Series:
    """Put each story's signs in words, or say that only the classifier found it."""
    reasons = [*(words for words, *_ in SIGNS), REASONS["review"]]
    kinds, which = np.unique(np.c_[signs, reviewed], axis=0, return_inverse=True)
    words = [[reasons[j] for j in np.flatnonzero(kind)] or [CLASSIFIER_ONLY] for kind in kinds]
    return pl.Series("reasons", words, pl.List(pl.String)).gather(which)


def _to_arrow(frame: pl.DataFrame, schema: pa.Schema) -> pa.Table:
    """Convert the frame to Arrow with exactly the schema's columns and types, one by one."""
    level = pl.CompatLevel.oldest()
    columns = [frame[field.name].to_arrow(compat_level=level).cast(field.type) for field in schema]
    return pa.Table.from_arrays(columns, schema=schema)
