#!/usr/bin/env bash
# SciPy 1.17.1 with NumPy 2.4.6 (Python 3.11).
#
# `scipy.special.softmax` subtracts the largest entry before it makes floating-point numbers of whole
# ones, and then makes float16 of `int8` and `uint8`. Unsigned numbers wrap around below 0, so the
# softmax of three pixels is not a number, with a RuntimeWarning.
#
# Seen: `[nan 0.0 nan] float16`.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3}" -m venv env
env/bin/pip install --quiet --disable-pip-version-check scipy==1.17.1 numpy==2.4.6

env/bin/python -W ignore - << 'EOF'
import numpy as np
from scipy.special import softmax

p = softmax(np.array([1, 200, 3], dtype=np.uint8))
print(p.tolist(), p.dtype)
assert np.isnan(p).tolist() == [True, False, True] and p.dtype == np.float16
assert softmax(np.array([1, 2, 3], dtype=np.int8)).dtype == np.float16
EOF
