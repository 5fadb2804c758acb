"""ES modules import downwards only, and a bundle holds all of them or says why it cannot."""

import posixpath
import re

import pytest

from softmaxbook.widgets.modules import FOLDER, all_modules, bundle, needed

MODULES = [path for path in all_modules() if "/" in path]


def floor(path):
    """Return how high a module stands: what is computed, what is drawn, the explorables."""
    return {"numerics": 0, "parts": 1}.get(path.partition("/")[0], 2)


def climbs(path, targets):
    """Return the imports that lead up, or from one explorable into another."""
    folder = posixpath.dirname(path)
    found = [posixpath.normpath(posixpath.join(folder, target)) for target in targets]
    sideways = [t for t in found if floor(t) == 2 and posixpath.dirname(t) != folder]
    return [t for t in found if floor(t) > floor(path)] + sideways


@pytest.mark.parametrize("path", MODULES)
def test_a_module_imports_downwards(path):
    targets = re.findall(r'from "([^"]*)"', (FOLDER / path).read_text(encoding="utf-8"))
    assert climbs(path, targets) == []
    assert set(needed(path)) <= set(all_modules())


def test_an_import_that_climbs_would_be_seen():
    assert climbs("numerics/softmax.mjs", ["../parts/ui.mjs"]) == ["parts/ui.mjs"]
    assert climbs("logits/logits.mjs", ["../losses/losses.mjs"]) == ["losses/losses.mjs"]
    assert climbs("logits/logits.mjs", ["./words.mjs", "../parts/ui.mjs"]) == []


def book_of(folder, **modules):
    """Write modules, `__` standing for the stroke of a path."""
    for name, text in modules.items():
        file = folder / f"{name.replace('__', '/')}.mjs"
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")


MOUNTED = 'import { a } from "../parts/low.mjs";\nexport default { render() { return a; } };\n'


@pytest.mark.parametrize(
    "line",
    [
        "export { a };",
        "export let b = 1;",
        "export class C {}",
        "export default a;",
        'export * from "./lower.mjs";',
        'import * as lower from "./lower.mjs";',
        'import lower from "./lower.mjs";',
        'import "./lower.mjs";',
        'const lower = await import("./lower.mjs");',
    ],
)
def test_what_a_bundle_would_lose_is_refused(tmp_path, line):
    low = f"export const a = 1;\n{line}\n"
    book_of(tmp_path, parts__low=low, parts__lower="", shown__shown=MOUNTED)
    said = re.escape(f"parts/low.mjs: a bundle cannot hold `{line}`")
    with pytest.raises(ValueError, match=said):
        bundle("shown", tmp_path)


def test_a_mounted_module_is_searched_too(tmp_path):
    low, shown = "export const a = 1;\n", f"{MOUNTED}export {{ a }};\n"
    book_of(tmp_path, parts__low=low, shown__shown=shown)
    said = re.escape("shown/shown.mjs: a bundle cannot hold `export { a };`")
    with pytest.raises(ValueError, match=said):
        bundle("shown", tmp_path)


BOTH = """import { one } from "./words.mjs";
import { two } from "../parts/words.mjs";
export default { one, two };
"""


def test_folders_with_modules_of_one_name_do_not_mix(tmp_path):
    words = {"parts__words": "export const two = 2;\n", "shown__words": "export const one = 1;\n"}
    book_of(tmp_path, **words, shown__shown=BOTH)
    text = bundle("shown", tmp_path)
    assert "const { one } = module_shown_words;" in text
    assert "const { two } = module_parts_words;" in text
