"""The book's figures: each function draws data into given Axes, in the colours of `theme`.

No function here creates a figure or knows a page; a page's cell arranges the Axes and says what
the picture shows. A module holds the pictures of one chapter, or of one kind; pages use them all
from here.
"""

from softmaxbook.plots.assignments import marks_grid
from softmaxbook.plots.attention import weight_cells
from softmaxbook.plots.binary import sigmoid_point, two_logits
from softmaxbook.plots.calibration import confidence_bars, reliability_bars
from softmaxbook.plots.curves import LINES, POINTS, error_points, labelled_curves
from softmaxbook.plots.derivatives import secular_function, signed_cells
from softmaxbook.plots.ensembles import ensemble_points
from softmaxbook.plots.finetuning import cell_text, learning_curves, transfer_map
from softmaxbook.plots.heads import paired_bars, picture_rows
from softmaxbook.plots.language import token_bars
from softmaxbook.plots.losses import cross_entropy_curves, gradient_arrows, surprise_curve
from softmaxbook.plots.membership import attack_curves, score_histogram
from softmaxbook.plots.networks import (
    activation_curves,
    digit_cells,
    network_flow,
    softmax_slices,
)
from softmaxbook.plots.overflow import exponential_line, exponential_ranges
from softmaxbook.plots.probabilities import (
    class_bars,
    entropy_curve,
    share_table,
    soft_maximum,
    soft_step,
    temperature_curves,
)
from softmaxbook.plots.regression import (
    decision_regions,
    descent_path,
    observed_shares,
    plane_levels,
)
from softmaxbook.plots.relatives import (
    cost_curves,
    expected_counts,
    relatives_points,
    tree_shape,
    triangle_cloud,
    worker_bars,
)
from softmaxbook.plots.remedies import interval_points
from softmaxbook.plots.sharing import body_and_heads, shared_pulls
from softmaxbook.plots.simplex import (
    objective_contours,
    triangle,
    triangle_levels,
    triangle_path,
    triangle_points,
)
from softmaxbook.plots.smoothing import gap_losses
from softmaxbook.plots.transfer import source_orders, source_points, transfer_kinds

__all__ = [
    "LINES",
    "POINTS",
    "activation_curves",
    "attack_curves",
    "body_and_heads",
    "cell_text",
    "class_bars",
    "confidence_bars",
    "cost_curves",
    "cross_entropy_curves",
    "decision_regions",
    "descent_path",
    "digit_cells",
    "ensemble_points",
    "entropy_curve",
    "error_points",
    "expected_counts",
    "exponential_line",
    "exponential_ranges",
    "gap_losses",
    "gradient_arrows",
    "interval_points",
    "labelled_curves",
    "learning_curves",
    "marks_grid",
    "network_flow",
    "objective_contours",
    "observed_shares",
    "paired_bars",
    "picture_rows",
    "plane_levels",
    "relatives_points",
    "reliability_bars",
    "score_histogram",
    "secular_function",
    "share_table",
    "shared_pulls",
    "sigmoid_point",
    "signed_cells",
    "soft_maximum",
    "soft_step",
    "softmax_slices",
    "source_orders",
    "source_points",
    "surprise_curve",
    "temperature_curves",
    "token_bars",
    "transfer_kinds",
    "transfer_map",
    "tree_shape",
    "triangle",
    "triangle_cloud",
    "triangle_levels",
    "triangle_path",
    "triangle_points",
    "two_logits",
    "weight_cells",
    "worker_bars",
]
