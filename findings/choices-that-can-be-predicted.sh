#!/usr/bin/env bash
# xlogit 0.2.7 and statsmodels 0.15.0 (NumPy 2.4.6, SciPy 1.17.1, Python 3.11), multinomial logit.
#
# Where the features predict every choice, the likelihood has no maximum: larger coefficients are
# always better. `xlogit.MultinomialLogit` says that it converged, without a warning, and gives a
# coefficient in the thousands with a standard error that is larger still. (`ConditionalLogit` of
# statsmodels warns that it did not converge.)
# About a feature that is the same for all alternatives of each choice, choices say nothing.
# statsmodels gives it the coefficient 0 and a standard error in the hundreds, without a warning;
# xlogit raises `LinAlgError: Singular matrix`.
#
# Seen: `xlogit converged True, coefficient 2120 ± 136971, 0 warnings`.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3}" -m venv env
env/bin/pip install --quiet --disable-pip-version-check \
  xlogit==0.2.7 statsmodels==0.15.0 numpy==2.4.6 scipy==1.17.1

cat > shown.py << 'EOF'
import contextlib
import io
import warnings

import numpy as np
from statsmodels.discrete.conditional_models import ConditionalLogit
from xlogit import MultinomialLogit

n, j = 300, 3
rng = np.random.default_rng(0)
features = rng.normal(size=(n, j, 2))
taken = features[..., 0].argmax(axis=1)  # always the one with the largest first feature
group, alternative = np.repeat(np.arange(n), j), np.tile(np.arange(j), n)


def rows(features, taken):
    """Return what both libraries take: a row an alternative, and 1 where it was taken."""
    return features.reshape(n * j, 2), (taken[:, None] == np.arange(j)).astype(int).ravel()


def quietly(fit):
    """Return what a fit returns, and the warnings that it gave."""
    with warnings.catch_warnings(record=True) as said, contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("always")
        return fit(), [str(each.message) for each in said]


x, y = rows(features, taken)
model = MultinomialLogit()
_, said = quietly(lambda: model.fit(x, y, varnames=["a", "b"], alts=alternative, ids=group))
print(
    f"xlogit converged {model.convergence}, coefficient {model.coeff_[0]:.0f} ± "
    f"{model.stderr[0]:.0f}, {len(said)} warnings"
)
assert model.convergence and model.stderr[0] > model.coeff_[0] > 1000 and not said

_, said = quietly(lambda: ConditionalLogit(y, x, groups=group).fit(disp=0))
print("statsmodels:", said[-1])
assert any("failed to converge" in each for each in said)

same = features.copy()
same[..., 1] = rng.normal(size=(n, 1))
x, y = rows(same, (features @ [1.0, -0.5] + rng.gumbel(size=(n, j))).argmax(axis=1))
found, said = quietly(lambda: ConditionalLogit(y, x, groups=group).fit(disp=0))
print(f"statsmodels, a feature that is the same: {found.params[1]:.1g} ± {found.bse[1]:.0f}, {said}")
assert abs(found.params[1]) < 1e-6 and found.bse[1] > 100 and not said
EOF
env/bin/python shown.py
