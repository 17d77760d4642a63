"""The roles a line can have, and the reasons shown to people. `{…}` is filled in."""

ROLES = (
    "other", "body", "headline", "subhead", "byline", "dateline", "caption", "list", "tags",
    "disclosure", "widget", "promo", "navigation", "related", "comment", "advert", "share",
    "legal", "deck", "credit", "boilerplate",
)  # fmt: skip
ROLE = {name: number for number, name in enumerate(ROLES)}

REASONS = {
    "none": "no sign of a story around it",
    "prose": "prose: a paragraph of sentences",
    "twice": "stands twice in a row, as alt text and caption do",
    "again": "repeats a caption of this page",
    "photo": "ends in a picture credit",
    "comment": "says that readers comment here",
    "related": "says that other stories follow",
    "share": "asks the reader to share",
    "advert": "marks an advertisement",
    "navigation": "a link or button of the site",
    "promo": "asks the reader to join, pay or sign up",
    "legal": "a legal line",
    "disclosure": "a disclosure of the outlet",
    "widget": "a widget's token of {size} characters",
    "numbered": "a numbered reader comment",
    "byline": "names the writer",
    "dateline": "says when it was published",
    "run": "short line in a list of {run} lines",
    "list": "an item or row between paragraphs",
    "appeal": "an appeal: its words also open another paragraph of this page",
    "tags": "topic tags, separated by commas",
    "between": "a sentence between paragraphs of a story",
    "outlet": "names the outlet, as an aggregator's block does",
    "below": "stands below a line that ends the story",
    "small": "too little stands below its heading for a story",
    "unlikely": "in a stretch that is unlikely to be a story of its own",
    "ahead": "stands before the first story of the page",
    "tail": "stands after the last paragraph of a story",
    "headline": "the headline",
    "repeat": "repeats the headline",
    "subhead": "a heading between paragraphs",
    "deck": "sums the story up below its headline",
    "read_body": "reads like a paragraph of the story, by its look and place ({share})",
    "read_caption": "reads like a caption, by its look and place ({share})",
    "read_chrome": "reads like the site's own words, by its look and place ({share})",
    "block": "stands in one block with a legal line",
    "here": "seen on {seen} pages of this outlet",
    "anywhere": "seen on {seen} pages",
    "review": "set by review",
}
WHY = {name: number for number, name in enumerate(REASONS)}
WHYS = tuple(REASONS.values())
