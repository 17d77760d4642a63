"""
Quotes: find what people said, word for word, and who said it.

`marks` pairs the quotation marks → `tokens` cuts a paragraph into tokens and sentences →
`attribution` finds the cue and the speaker of each quoted stretch → `quotes` builds the rows. The
words of each language are tables in `languages/`.
"""
