"""
Dates named in stories: which days, periods and durations a text names, and which days they are.
"""
