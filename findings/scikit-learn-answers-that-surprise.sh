#!/usr/bin/env bash
# scikit-learn 1.9.1 with NumPy 2.4.6 (Python 3.11).
#
# 1. `log_loss` warns that rows do not sum to one for a softmax in float32 that was cast to float64,
#    and not for the same rows in float32: its tolerance is that of the type.
# 2. `OneVsRestClassifier.predict_proba` returns rows of zeros where every model says 0.
# 3. `CalibratedClassifierCV(method="temperature")` makes the logits (−d, d) of a decision value d of
#    two classes, so that its `beta_` belongs to a gap of 2d.
#
# Seen: `warned: float32 0, float64 1; rows of zeros: 115 of 797; beta: sigmoid(2 beta d)`.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3}" -m venv env
env/bin/pip install --quiet --disable-pip-version-check scikit-learn==1.9.1 numpy==2.4.6

env/bin/python - << 'EOF'
import warnings

import numpy as np
from sklearn.calibration import CalibratedClassifierCV
from sklearn.datasets import load_breast_cancer, load_digits
from sklearn.frozen import FrozenEstimator
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss
from sklearn.multiclass import OneVsRestClassifier
from sklearn.tree import DecisionTreeClassifier

rng = np.random.default_rng(0)
labels, z = rng.integers(0, 10, 2000), 3 * rng.normal(size=(2000, 10)).astype(np.float32)
e = np.exp(z - z.max(axis=1, keepdims=True))
p = e / e.sum(axis=1, keepdims=True)


def warned(rows):
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        log_loss(labels, rows, labels=range(10))
    return len(seen)


told = warned(p), warned(p.astype(np.float64))
print("warned: float32 %d, float64 %d" % told)

X, y = load_digits(return_X_y=True)
trees = OneVsRestClassifier(DecisionTreeClassifier(random_state=0)).fit(X[:1000], y[:1000])
rows = trees.predict_proba(X[1000:])
zeros = rows.sum(axis=1) == 0
print("rows of zeros:", zeros.sum(), "of", len(rows))

X, y = load_breast_cancer(return_X_y=True)
X = (X - X.mean(axis=0)) / X.std(axis=0)
model = LogisticRegression().fit(X[:300], y[:300])
scaled = CalibratedClassifierCV(FrozenEstimator(model), method="temperature").fit(X[300:], y[300:])
beta = scaled.calibrated_classifiers_[0].calibrators[0].beta_
doubled = 1 / (1 + np.exp(-2 * beta * model.decision_function(X[300:])))
same = np.allclose(scaled.predict_proba(X[300:])[:, 1], doubled)
print("beta: sigmoid(2 beta d)" if same else "beta: something else")

assert told == (0, 1) and zeros.any() and same
EOF
