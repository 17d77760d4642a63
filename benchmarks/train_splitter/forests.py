"""Fit decision trees with LightGBM and quantise them for `include.splitter.model.forest`."""

from typing import Any

import lightgbm
import numpy as np

from include.splitter.model.forest import VALUE_STEPS, Forest

SETTINGS = {
    "objective": "binary", "num_leaves": 24, "max_depth": 6, "learning_rate": 0.05,
    "min_data_in_leaf": 15, "bagging_fraction": 0.7, "bagging_freq": 1, "feature_fraction": 0.25,
    "lambda_l2": 5.0, "verbosity": -1, "num_threads": 1, "deterministic": True,
    "force_row_wise": True,
}  # fmt: skip


def fit_forest(
    rows: np.ndarray,
    labels: np.ndarray,
    weights: np.ndarray,
    trees: int,
    seed: int,
    bags: int = 1,
    **settings: Any,
) -> Forest:
    """
    Fit `bags` times `trees` trees, each on its own draw of rows and columns; their mean is the
    score.

    Args:
        rows: n × m whole numbers. labels: n bools. weights: n.
    """
    data = lightgbm.Dataset(rows.astype(np.float64), labels.astype(float), weight=weights)
    told: list[dict[str, Any]] = []
    for bag in range(bags):
        chosen = {**SETTINGS, "seed": seed + bag * 7919, **settings}
        booster = lightgbm.train(chosen, data, num_boost_round=trees)
        told += [tree["tree_structure"] for tree in booster.dump_model()["tree_info"]]
    return make_whole(told, bags)


def make_whole(told: list[dict[str, Any]], bags: int) -> Forest:
    """Give the bags' trees as arrays; questions ask whole numbers, so limits round down."""
    trees = [_nodes(tree, bags) for tree in told]
    most = max(len(nodes) for nodes in trees)
    feature = np.zeros((len(trees), most), dtype=np.int16)
    limit = np.zeros((len(trees), most), dtype=np.int32)
    low, high = np.zeros_like(feature, dtype=np.uint8), np.zeros_like(feature, dtype=np.uint8)
    value = np.zeros_like(feature)
    for row, nodes in enumerate(trees):
        for at, (asks, bound, to_low, to_high, adds) in enumerate(nodes):
            feature[row, at], limit[row, at], value[row, at] = asks, bound, adds
            low[row, at], high[row, at] = to_low, to_high
    depth = max(map(_depth, told))
    return Forest(feature, limit, low, high, value, np.array([depth], dtype=np.int16))


def _depth(node: dict[str, Any]) -> int:
    if "left_child" not in node:
        return 0
    return 1 + max(_depth(node["left_child"]), _depth(node["right_child"]))


def _nodes(root: dict[str, Any], bags: int) -> list[tuple[int, int, int, int, int]]:
    """List a tree's nodes, the root first: feature, limit, low, high, value."""
    rows: list[tuple[int, int, int, int, int]] = []

    def add(node: dict[str, Any]) -> int:
        at = len(rows)
        rows.append((0, 0, at, at, round(node.get("leaf_value", 0.0) * VALUE_STEPS / bags)))
        if "left_child" in node:
            bound = int(np.clip(np.floor(node["threshold"]), -(2**31), 2**31 - 1))
            to_low, to_high = add(node["left_child"]), add(node["right_child"])
            rows[at] = (node["split_feature"], bound, to_low, to_high, 0)
        return at

    add(root)
    return rows
