"""
Entities: the people, organisations and places of stories, with spans, names and countries.

`tokens` cuts a body → `gazetteer` lists places → `features` describes the words with a capital →
`tagger` decides which are names, and of what kind → `aliases` joins the names of one entity →
`rows` builds the tables. Languages whose script has no capitals are not read.
"""
