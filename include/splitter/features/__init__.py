"""
Features: a line and its surroundings described in small whole numbers, the model's input.

`features` assembles them; `layout` compares lines with the same layout, `cohesion` measures shared
words.
"""
