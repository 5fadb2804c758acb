"""Sliders by keyboard: each press shows something else, and the ends are within reach."""

import pytest

from softmaxbook import widgets
from softmaxbook.widgets.explorable import Explorable

pytestmark = pytest.mark.browser

PLACES = 20
WITHOUT = {"SourceExplorer"}

EXPLORABLES = [
    value
    for value in vars(widgets).values()
    if isinstance(value, type)
    and issubclass(value, Explorable)
    and value.fallback is Explorable.fallback  # questions have none
]
CASES = [
    *((each.__name__, each) for each in EXPLORABLES if each is not widgets.MembershipExplorer),
    ("MembershipExplorer", lambda: widgets.MembershipExplorer([-0.1, -0.2], [-0.3, -2.0])),
    *(
        (
            f"LanguageExplorer, {sampler}",
            lambda name=sampler: widgets.LanguageExplorer(sampler=name),
        )
        for sampler in ("top-k", "nucleus", "min-p")
    ),
]

# Presses keys on every slider that is there, from places all over its range; returns what a press
# did not change, where Home, End and Page did not lead, and the names of the sliders.
PRESS = """(places) => {
  const all = () => [...document.querySelectorAll(".sb input[type=range]")];
  const [faults, names] = [[], []];
  const there = (input) => input.checkVisibility() && !input.disabled;
  for (const i of all().keys()) {
    if (!there(all()[i])) continue;
    const reads = () => all()[i].getAttribute("aria-valuetext");
    const press = (key) => all()[i].dispatchEvent(
      new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
    const put = (value) => {
      all()[i].value = value;
      all()[i].dispatchEvent(new Event("input", { bubbles: true }));
      return reads();
    };
    const name = all()[i].getAttribute("aria-label") ?? all()[i].labels[0].textContent;
    const [low, high] = [all()[i].min, all()[i].max].map(Number);
    names.push(name);
    const ends = { ArrowRight: high, ArrowUp: high, ArrowLeft: low, ArrowDown: low };
    for (let place = 0; place < places; place++) {
      for (const [key, end] of Object.entries(ends)) {
        const before = put(low + (high - low) * place / (places - 1));
        press(key);
        const after = reads();
        if (after === before && put(end) !== before) faults.push(`${name}: ${key} at ${before}`);
      }
    }
    for (const [key, from, page, to] of [
      ["Home", high, "PageDown", low], ["End", low, "PageUp", high],
    ]) {
      const wanted = put(to);
      put(from);
      press(key);
      if (reads() !== wanted) faults.push(`${name}: ${key}`);
      put(from);
      for (let k = 0; k < 10; k++) press(page);
      if (reads() !== wanted) faults.push(`${name}: ${page} ten times`);
    }
  }
  return { faults, names };
}"""


@pytest.mark.parametrize(("name", "make"), CASES, ids=[name for name, _ in CASES])
def test_every_key_changes_what_a_slider_shows(mount, name, make):
    page = mount(make())
    page.wait_for_function("!document.querySelector('[aria-busy=true]')")
    found = page.evaluate(PRESS, PLACES)
    assert found["faults"] == []
    assert len(set(found["names"])) == len(found["names"])
    assert bool(found["names"]) == (name not in WITHOUT)


@pytest.mark.parametrize(
    ("explorable", "name"),
    [
        (widgets.LogitsExplorer(temperature=1), "temperature T"),
        (widgets.LogitsExplorer(temperature=20), "temperature T"),
        (widgets.RelativesExplorer(temperature=1), "temperature T"),
        (widgets.LossExplorer(), "learning rate η"),
    ],
)
def test_real_keys_do_the_same(mount, explorable, name):
    page = mount(explorable)
    slider = page.get_by_label(name, exact=True)
    slider.focus()
    read = [slider.get_attribute("aria-valuetext")]
    for key in ("ArrowLeft", "ArrowLeft", "ArrowRight", "PageDown", "End", "ArrowDown", "Home"):
        page.keyboard.press(key)
        read.append(slider.get_attribute("aria-valuetext"))
        assert read[-1] != read[-2], key
