"""
The routers of the desk, in the order in which their paths are tried.
"""

from include.desk.pages import home, inspector, stories, story

ROUTERS = (home.router, stories.router, story.router, inspector.router)
