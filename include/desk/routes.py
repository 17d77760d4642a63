"""
The routers of the desk, in the order in which their paths are tried.
"""

from include.desk.pages import home

ROUTERS = (home.router,)
