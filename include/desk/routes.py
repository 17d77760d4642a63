"""
The routers of the desk, in the order in which their paths are tried.
"""

from include.desk.pages import (
    api,
    chrome_book,
    dag,
    events,
    home,
    inspector,
    lake,
    quality,
    resplits,
    run,
    stories,
    story,
)

ROUTERS = (
    home.router, stories.router, story.router, inspector.router, quality.router,
    chrome_book.router, lake.router, dag.router, resplits.router, run.router, events.router,
    api.router,
)  # fmt: skip
