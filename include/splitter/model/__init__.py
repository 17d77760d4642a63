"""
The model: small trained networks and forests over the features, in whole numbers.

`line_classifier` scores lines, `forest` evaluates trees, `model_file` reads the trained weights.
They are trained by `python -m benchmarks.train_splitter`.
"""
