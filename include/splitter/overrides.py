"""
Overrides: people's corrections, applied on top of what the splitter decided.

An override targets one line of one page, or every line of an outlet's pages that a pattern matches.
It says that a story starts there, that the line and its story join the story above, or which role
the line has. Boundaries are applied before roles, an outlet's overrides before a page's own. What
it says of a story's facts, `fact_overrides` applies.
"""

from dataclasses import dataclass, replace

import numpy as np
import polars as pl
import pyarrow as pa

from include.errors import UsageWrong
from include.model import CHROME_ROLES
from include.splitter.boundaries.boundaries import Stories
from include.splitter.chrome_book.book import DASH, key_outlets
from include.splitter.line_arrays import Bools, Ints
from include.splitter.roles.reasons import ROLE, WHY
from include.splitter.stories.assemble import PARTS

STARTS, JOINS, NAMES = "starts", "joins", "role"
SURE = 1000  # confidence in 1000ths of a story that a person made
CHROME = frozenset(ROLE[name] for name in CHROME_ROLES)
BODY = (ROLE["body"], ROLE["list"])
COLUMNS = ("page_id", "line_no", "line_text", "outlet", "pattern", "action", "role", "value")


@dataclass(frozen=True)
class Overrides:
    """Overrides ready for use; rows: the columns COLUMNS, oldest first."""

    rows: pl.DataFrame

    def __bool__(self) -> bool:
        """Return whether there are any."""
        return not self.rows.is_empty()


@dataclass
class _Page:
    """One page's lines while they are corrected; `new` is the next free story number."""

    story: list[int]
    role: list[int]
    why: list[int]
    new: int


def open_overrides(rows: pa.Table) -> Overrides:
    """Make overrides ready for use; rows: columns of `review.OVERRIDES`, oldest first."""
    return Overrides(pl.DataFrame(rows.select(list(COLUMNS))))


def check_pattern(pattern: str) -> None:
    """
    Compile a pattern with the engine that will run it (linear time in the text).

    Raises:
        UsageWrong: the engine does not accept the pattern.
    """
    try:
        pl.Series([""]).str.contains(pattern)
    except pl.exceptions.ComputeError as exc:
        way_out = "It is not a valid regular expression; escape special characters with `\\`."
        raise UsageWrong("pattern", pattern, way_out) from exc


NO_OVERRIDES = open_overrides(
    pa.table({name: pa.array([], pa.int32() if name == "line_no" else pa.string())
              for name in COLUMNS})
)  # fmt: skip


def correct_stories(
    stories: Stories, overrides: Overrides, pages: pl.DataFrame, looked: pl.DataFrame,
    names_outlet: Bools,
) -> Stories:  # fmt: skip
    """
    Apply overrides to the splitter's stories.

    Args:
        pages: columns page, page_id, and outlet where it is known. looked: n lines, with columns
            page, line_no and text. names_outlet: n; lines that name their page's outlet.
    Returns:
        The same stories if no override matches a line.
    """
    orders = find_orders(overrides, pages, looked, names_outlet) if overrides else []
    if not orders:
        return stories
    story, role, why = stories.story.copy(), stories.role.copy(), stories.why.copy()
    page = looked["page"].to_numpy()
    split_count = len(stories.sure)
    free, touched = split_count, set()
    for number in sorted({page[at] for at, _, _ in orders}):
        lines = slice(*np.searchsorted(page, [number, number + 1]))
        own = _Page(story[lines].tolist(), role[lines].tolist(), why[lines].tolist(), free)
        for at, action, new_role in orders:
            if lines.start <= at < lines.stop:
                touched |= _APPLY[action](own, at - lines.start, new_role)
        _dissolve(own)
        story[lines], role[lines], why[lines], free = own.story, own.role, own.why, own.new
    return _renumber(replace(stories, story=story, role=role, why=why), touched, free)


def find_orders(
    overrides: Overrides, pages: pl.DataFrame, looked: pl.DataFrame, names_outlet: Bools
) -> list[tuple[int, str, str | None]]:
    """Match overrides to lines; give (line index, action, role) in the order they apply."""
    lines = looked.select("page", pl.col("line_no").cast(pl.Int32), "text").with_row_index("at")
    of_split = overrides.rows.filter(pl.col("action").is_in(list(_APPLY)))
    own = of_split.filter(pl.col("page_id").is_not_null()).with_row_index("made")
    spoken_of = pages.select("page", "page_id").join(own, on="page_id", how="semi")
    meant = lines.join(spoken_of, on="page", maintain_order="left")
    met = [
        own.join(
            meant, left_on=["page_id", "line_no", "line_text"],
            right_on=["page_id", "line_no", "text"], maintain_order="left",
        ).select("at", "action", "role", rank=pl.lit(1), made="made")
    ]  # fmt: skip
    shared = of_split.filter(pl.col("pattern").is_not_null())
    outlets = _list_outlets(pages, looked, names_outlet) if len(shared) else pl.DataFrame()
    for made, row in enumerate(shared.iter_rows(named=True)):
        outlet = key_outlets(pl.Series([row["outlet"]], dtype=pl.String))[0]
        of_outlet = lines.join(outlets.filter(pl.col("outlet") == outlet), on="page", how="semi")
        hits = of_outlet.filter(pl.col("text").str.contains(row["pattern"]))
        met.append(
            hits.select(
                "at", action=pl.lit(row["action"]), role=pl.lit(row["role"], pl.String),
                rank=pl.lit(0), made=pl.lit(made, pl.UInt32),
            )
        )  # fmt: skip
    every = pl.concat(met).with_columns(is_role=pl.col("action") == NAMES)
    last = every.sort("is_role", "rank", "made").unique(["at", "is_role"], keep="last")
    return last.sort("is_role", "at").select("at", "action", "role").rows()


def _list_outlets(pages: pl.DataFrame, looked: pl.DataFrame, names_outlet: Bools) -> pl.DataFrame:
    """Give (page, outlet key) for every outlet a page names or was delivered with."""
    named = looked.select("page", outlet="text").filter(pl.Series(names_outlet))
    named = named.with_columns(pl.col("outlet").str.replace(DASH, ""))
    if "outlet" in pages.columns:
        named = pl.concat([named, pages.select("page", "outlet").drop_nulls()])
    return named.select("page", outlet=pl.Series(key_outlets(named["outlet"])))


def _start(page: _Page, at: int, role: str | None) -> set[int]:
    """
    Start a story at a line, from the rest of its story or, for chrome, from the chrome below it.

    Without a given role, a body line stays body; a line that was chrome becomes the headline.
    """
    was, page.why[at] = page.story[at], WHY["review"]
    if was >= 0 and was not in page.story[:at]:
        return {was}
    for below in range(at, len(page.story)):
        mine = page.story[below] == was
        if was < 0 and not mine:
            break
        if mine and (was >= 0 or below == at or page.role[below] == ROLE["other"]):
            page.story[below] = page.new
            if was < 0:
                page.role[below], page.why[below] = ROLE["body"], WHY["review"]
    heads = page.story[at + 1 : at + 2] == [page.new] if was < 0 else page.role[at] not in BODY
    if role or heads:
        page.role[at] = ROLE[role or "headline"]
    page.new += 1
    return {page.new - 1, was} - {-1}


def _join(page: _Page, at: int, _: str | None) -> set[int]:
    """Join a line's story, or the line alone, to the story above."""
    was, page.why[at] = page.story[at], WHY["review"]
    above = [story for story in page.story[:at] if story not in (-1, was)]
    if not above:
        return {was} - {-1}
    for line, story in enumerate(page.story):
        if line == at or (was >= 0 and story == was):
            page.story[line] = above[-1]
            if page.role[line] in (ROLE["headline"], ROLE["deck"]):
                page.role[line] = ROLE["subhead"]
    if page.role[at] in CHROME:
        page.role[at] = ROLE["body"]
    return {above[-1]}


def _name(page: _Page, at: int, role: str | None) -> set[int]:
    """Set a line's role; a story part joins the story around it, else the one above, else below."""
    was, page.why[at] = page.story[at], WHY["review"]
    page.role[at] = ROLE[str(role)]
    if role not in PARTS:
        page.story[at] = -1
        return {was} - {-1}
    if was < 0:
        above = [story for story in page.story[:at] if story >= 0]
        below = [story for story in page.story[at:] if story >= 0]
        page.story[at] = above[-1] if above else below[0] if below else page.new
        page.new += page.story[at] == page.new
    return {page.story[at]}


def _dissolve(page: _Page) -> None:
    """Turn stories that no longer have a body into chrome."""
    with_body = {story for story, role in zip(page.story, page.role, strict=True) if role in BODY}
    for line, story in enumerate(page.story):
        if story >= 0 and story not in with_body:
            page.story[line], page.role[line] = -1, ROLE["other"]
            page.why[line] = WHY["review"]


_APPLY = {STARTS: _start, JOINS: _join, NAMES: _name}


def _renumber(stories: Stories, touched: set[int], count: int) -> Stories:
    """Renumber stories from 0 in page order; stories a person made get full confidence."""
    old, first = np.unique(stories.story, return_index=True)
    keep = old >= 0
    order = old[keep][np.argsort(first[keep], kind="stable")]
    number: Ints = np.full(count + 1, -1)
    number[order] = np.arange(len(order))
    made = order >= len(stories.sure)
    source = np.where(made, 0, order)
    sure = np.where(made, SURE, np.r_[stories.sure, SURE][source])
    signs = np.vstack([stories.signs, np.zeros((1, stories.signs.shape[1]), dtype=bool)])
    return replace(
        stories,
        story=np.where(stories.story >= 0, number[stories.story], -1),
        sure=sure,
        signs=signs[np.where(made, len(stories.signs), source)],
        reviewed=np.isin(order, sorted(touched)),
    )
