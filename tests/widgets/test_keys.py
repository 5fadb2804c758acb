"""Sliders and steppers by keyboard: each press shows something else, the ends are within reach."""

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
    ("ChoiceExplorer, with a copy", lambda: widgets.ChoiceExplorer(copied=0)),
    *(
        (
            f"LanguageExplorer, {sampler}",
            lambda name=sampler: widgets.LanguageExplorer(sampler=name),
        )
        for sampler in ("top-k", "nucleus", "min-p")
    ),
]
# Sliders that wait for a choice that another case makes.
WAITING = {
    "ChoiceExplorer": ["the copy is better by"],
    "LanguageExplorer": ["k", "p", "min-p"],
    "LanguageExplorer, top-k": ["p", "min-p"],
    "LanguageExplorer, nucleus": ["k", "min-p"],
    "LanguageExplorer, min-p": ["k", "p"],
}

# Presses keys on every slider that is there, from places all over its range; returns what a press
# did not change, where Home, End and Page did not lead, and the names of the sliders: those that
# were moved, and those that one may not move now.
PRESS = """(places) => {
  document.querySelectorAll("details").forEach((each) => { each.open = true; });
  const all = () => [...document.querySelectorAll(".sb input[type=range]")];
  const [faults, names, waiting] = [[], [], []];
  const there = (input) => input.checkVisibility() && !input.disabled;
  for (const i of all().keys()) {
    const name = all()[i].getAttribute("aria-label") ?? all()[i].labels[0].textContent;
    (there(all()[i]) ? names : waiting).push(name);
    if (!there(all()[i])) continue;
    const reads = () => all()[i].getAttribute("aria-valuetext");
    const press = (key) => all()[i].dispatchEvent(
      new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
    const put = (value) => {
      all()[i].value = value;
      all()[i].dispatchEvent(new Event("input", { bubbles: true }));
      return reads();
    };
    const [low, high] = [all()[i].min, all()[i].max].map(Number);
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
  return { faults, names, waiting };
}"""

# Presses ArrowUp and ArrowDown in every number field, through as many places; returns the fields
# that a key did not move the right way before they were at an end, and how many there are.
STEP = """(places) => {
  const all = () => [...document.querySelectorAll(".sb input.sb-number")];
  const faults = [];
  for (const i of all().keys()) {
    const press = (key) => {
      all()[i].dispatchEvent(
        new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
      return Number(all()[i].value);
    };
    for (const [key, sign] of [["ArrowUp", 1], ["ArrowDown", -1], ["ArrowUp", 1]]) {
      const seen = [Number(all()[i].value)];
      for (let place = 0; place < places; place++) seen.push(press(key));
      const moves = seen.slice(1).map((value, k) => sign * (value - seen[k]));
      const end = moves.findIndex((move) => !(move > 0));
      if (end === 0 || (end > 0 && moves.slice(end).some(Boolean))) {
        faults.push(`${all()[i].getAttribute("aria-label")}: ${key} shows ${seen}`);
      }
    }
  }
  return { faults, fields: all().length };
}"""


@pytest.mark.parametrize(("name", "make"), CASES, ids=[name for name, _ in CASES])
def test_every_key_changes_what_a_slider_shows(mount, name, make):
    page = mount(make())
    page.wait_for_function("!document.querySelector('[aria-busy=true]')")
    found = page.evaluate(PRESS, PLACES)
    stepped = page.evaluate(STEP, PLACES)
    assert found["faults"] == []
    assert stepped["faults"] == []
    assert len(set(found["names"])) == len(found["names"])
    assert bool(found["names"]) == (name not in WITHOUT)
    assert found["waiting"] == WAITING.get(name, [])


# Walks along a slider by arrows from places between round values; returns what was not passed.
WALK = """([label, values, places]) => {
  const input = [...document.querySelectorAll(".sb input[type=range]")].find((each) =>
    each.labels[0]?.querySelector(".sb-name").textContent === label && each.checkVisibility());
  const [low, high] = [input.min, input.max].map(Number);
  const plain = (text) => text.replace("·10⁻", "e-").replace("·10", "e")
    .replace(/[⁰¹²³⁴-⁹]/g, (digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹".indexOf(digit));
  const reads = () => parseFloat(plain(input.getAttribute("aria-valuetext")));
  const missed = [];
  for (let place = 0; place < places; place++) {
    for (const key of ["ArrowRight", "ArrowLeft"]) {
      const inwards = (high - low) * (0.01 + 0.1 * place / places);
      input.value = key === "ArrowRight" ? low + inwards : high - inwards;
      input.dispatchEvent(new Event("input", { bubbles: true }));
      const seen = [reads()];
      for (let k = 0; k < 200; k++) {
        input.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
        seen.push(reads());
      }
      const [first, last] = [Math.min(...seen), Math.max(...seen)];
      const wanted = values.filter((value) => value >= first && value <= last);
      const passed = wanted.filter((value) => !seen.includes(value));
      missed.push(...passed.map((value) => `${value} from ${seen[0]} by ${key}`));
      if (wanted.length < 3) missed.push("too short a walk");
    }
  }
  return missed;
}"""


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (widgets.LogitsExplorer, "temperature T"),
        (widgets.JacobianExplorer, "temperature T"),
        (widgets.LossExplorer, "learning rate η"),
        (widgets.HeadExplorer, "learning rate"),
        (widgets.BoundaryExplorer, "penalty λ"),
        (lambda: widgets.LanguageExplorer(sampler="top-k"), "k"),
    ],
)
def test_arrows_stand_on_round_values_from_wherever_they_come(mount, make, name):
    page = mount(make())
    page.wait_for_function("!document.querySelector('[aria-busy=true]')")
    rounds = [round(base * 10.0**ten, 4) for ten in range(-4, 4) for base in (1, 2, 5)]
    assert page.evaluate(WALK, [name, rounds, 7]) == []


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
