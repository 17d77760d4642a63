"""
The model: small trained networks and forests over the features, in whole numbers.

`line_classifier` scores lines with two networks, `near_net` and `page_net`, whose weights and
arithmetic are in `net`; `forest` evaluates trees, `model_file` reads the trained weights.
They are trained by `python -m benchmarks.train_splitter`.
"""
