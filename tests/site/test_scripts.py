"""Scripts on the site say what the repository's say: not a word more, and none less."""

import subprocess

import pytest

from extensions.mathematics import program
from extensions.scripts import ASSETS, terse
from softmaxbook.widgets.modules import FOLDER, publish_joined

SAME = """
const { readFileSync } = require("node:fs");
const { parse } = require("internal/deps/acorn/acorn/dist/acorn");
const bare = (key, value) => (key === "start" || key === "end" ? undefined
  : typeof value === "bigint" || value instanceof RegExp ? String(value) : value);
const options = { ecmaVersion: "latest", sourceType: "module" };
const tree = (path) => JSON.stringify(parse(readFileSync(path, "utf8"), options), bare);
const [before, after] = process.argv.slice(-2).map(tree);
if (before !== after) throw new Error("another program");
"""


@pytest.fixture
def same(tmp_path):
    """Return a function that compares two scripts by the parser that comes with Node."""
    script = tmp_path / "same.cjs"
    script.write_text(SAME, encoding="utf-8")

    def same(before, after):
        files = tmp_path / "before.mjs", tmp_path / "after.mjs"
        for file, text in zip(files, (before, after), strict=True):
            file.write_text(text, encoding="utf-8")
        command = [program(), "--expose-internals", script, *files]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        return done.returncode == 0, done.stderr

    return same


def test_every_script_does_what_it_did(same, tmp_path):
    publish_joined(tmp_path / "site")
    scripts = [*(tmp_path / "site").rglob("*.mjs"), *ASSETS.rglob("*.mjs")]
    for script in scripts:
        text = script.read_text("utf-8")
        fine, said = same(text, terse(text))
        assert fine, (script, said)
        assert len(terse(text)) < len(text)


AWKWARD = """const one = `a // ${ `b /* ${ 1 /* gone */ } */ c` }  d`; // gone
const two = /[/*]+\\/\\//.test("// kept") /* gone
*/
const three = 4 / 2 // gone
  / 1;
"""


def test_only_comments_go(same):
    short = terse(AWKWARD)
    assert "gone" not in short
    assert "kept" in short
    assert "}  d`" in short
    assert same(AWKWARD, short)[0]


@pytest.mark.parametrize("other", ["a = `b  c`;", "a = `b c` + 1;", "b = `b c`;"])
def test_another_program_would_be_seen(same, other):
    assert same("a = `b c`;", "a =\n`b c`;")[0]
    assert not same("a = `b c`;", other)[0]


def test_the_site_has_no_comments(site):
    served = (site / "_static" / "explorables" / "shared.mjs").read_text("utf-8")
    assert "// The controls that explorables are built from" in (FOLDER / "parts/ui.mjs").read_text(
        "utf-8"
    )
    assert "The controls that explorables are built from" not in served
    assert "const module_parts_ui =" in served
