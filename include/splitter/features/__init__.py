"""
Features: what the model is told of a line and its surroundings, in small whole numbers.

`features` puts them together; `layout` compares lines set alike, `cohesion` the words around a cut.
"""
