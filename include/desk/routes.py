"""
The routers of the desk, in the order in which their paths are tried.
"""

from include.desk.pages import (
    api,
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
    home.router, stories.router, story.router, inspector.router, quality.router, lake.router,
    resplits.router, run.router, events.router, api.router,
)  # fmt: skip
