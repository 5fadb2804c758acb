"""A distribution for the ear: what is scheduled, how loud it gets, and when there is silence."""

import re

import numpy as np
import pytest
from javascript import call

from softmaxbook.widgets import LogitsExplorer, OverflowLab
from softmaxbook.widgets.modules import FOLDER, entry

LOUDEST = 0.2
RATE = 8000  # of the rendering, enough for the highest note


def notes(p):
    return call("parts/sound", [("notes", list(p))])[0]


@pytest.mark.parametrize("size", [1, 2, 3, 10])
def test_a_note_for_each_class_in_order_one_at_a_time(size):
    rng = np.random.default_rng(size)
    p = rng.dirichlet(np.ones(size))
    scheduled = notes(p)
    assert len(scheduled) == size
    order = np.argsort(p)
    for heard in ("frequency", "length"):
        values = np.array([note[heard] for note in scheduled])
        assert (np.diff(values[order]) > 0).all()
    ends = [note["start"] + note["length"] for note in scheduled]
    assert all(end < note["start"] for end, note in zip(ends, scheduled[1:], strict=False))


def test_impossible_and_certain_classes_are_two_octaves_apart():
    low, high = notes([0, 1])
    assert (low["frequency"], high["frequency"]) == (220, 880)


RENDER = """async ([p, rate]) => {
  const { notes, schedule } = await import("/parts/sound.mjs");
  const list = notes(p);
  const last = list.at(-1);
  const context = new OfflineAudioContext(1, rate * (last.start + last.length + 0.1), rate);
  let voices = 0;
  const make = context.createOscillator.bind(context);
  context.createOscillator = () => { voices += 1; return make(); };
  schedule(context, list);
  const sound = await context.startRendering();
  return { voices, samples: [...sound.getChannelData(0)] };
}"""
# An audio context that says what is asked of it, and never sounds.
LISTEN = """() => {
  window.made = [];
  const Real = AudioContext;
  window.AudioContext = class extends Real {
    constructor() {
      super();
      window.made.push(this);
    }
  };
}"""
OPEN = "window.made.filter((each) => each.state !== 'closed').length"


@pytest.mark.browser
def test_what_sounds_is_as_loud_and_as_high_as_scheduled(mount):
    page = mount(LogitsExplorer())
    p = [0.7, 0.25, 0.05]
    rendered = page.evaluate(RENDER, [p, RATE])
    samples = np.array(rendered["samples"])
    assert rendered["voices"] == len(p)
    assert 0.9 * LOUDEST < np.abs(samples).max() <= LOUDEST
    assert np.abs(np.diff(samples)).max() < LOUDEST * 2 * np.pi * 880 / RATE * 1.05, "no clicks"
    for note in notes(p):
        first, last = (int(RATE * at) for at in (note["start"], note["start"] + note["length"]))
        crossings = np.sum(np.diff(np.signbit(samples[first:last]).astype(int)) != 0)
        assert crossings / 2 / note["length"] == pytest.approx(note["frequency"], rel=0.03)
        gap = samples[last + 10 : last + int(RATE * 0.05)]
        assert np.abs(gap).max() < 1e-3, "silence between the notes"


@pytest.mark.browser
def test_nothing_sounds_before_the_press_and_a_second_one_ends_it(mount):
    page = mount(LogitsExplorer(), LogitsExplorer(logits=[5.0, 1.0, 0.0]))
    page.evaluate(LISTEN)
    page.evaluate("OscillatorNode.prototype.stop = () => {}")  # no note is over by itself
    page.get_by_label("temperature T").first.press("ArrowRight")
    assert page.evaluate("window.made.length") == 0
    assert not page.evaluate(
        "performance.getEntriesByType('resource').some((each) => each.name.includes('sound.mjs'))"
    )

    first = page.locator(".sb-button", has_text=re.compile("Listen|Stop")).first
    second = page.locator(".sb-button", has_text=re.compile("Listen|Stop")).last
    first.click()
    assert first.inner_text() == "Stop"
    page.wait_for_function("window.made[0].state === 'running'")
    first.click()
    assert first.inner_text() == "Listen"
    page.wait_for_function(f"{OPEN} === 0")

    # Of two, one plays; and a page that is hidden is silent.
    first.click()
    page.wait_for_function("window.made[1].state === 'running'")
    second.click()
    page.wait_for_function("window.made[2].state === 'running'")
    assert (first.inner_text(), second.inner_text()) == ("Listen", "Stop")
    page.wait_for_function(f"{OPEN} === 1")
    page.evaluate("""() => {
      Object.defineProperty(document, "hidden", { value: true });
      document.dispatchEvent(new Event("visibilitychange"));
    }""")
    assert second.inner_text() == "Listen"
    page.wait_for_function(f"{OPEN} === 0")


@pytest.mark.browser
def test_a_sound_that_is_still_on_its_way_can_be_stopped(mount):
    page = mount(LogitsExplorer())
    page.evaluate(LISTEN)
    held = []
    page.route("**/sound.mjs", lambda route: held.append(route))
    button = page.locator(".sb-button", has_text=re.compile("Listen|Stop"))
    with page.expect_request("**/sound.mjs"):
        button.click()
    assert button.inner_text() == "Stop"
    button.click()
    assert button.inner_text() == "Listen"
    button.click()
    (waiting,) = held
    waiting.continue_()
    page.wait_for_function(f"{OPEN} === 1")
    assert button.inner_text() == "Stop"


@pytest.mark.browser
def test_what_is_no_distribution_is_not_played(mount):
    page = mount(OverflowLab(logits=[1000.0, 1001.0], method="naive", format="float32"))
    button = page.get_by_role("button", name="Listen")
    button.click()
    page.get_by_text("There is no distribution to hear here.").wait_for()
    assert button.inner_text() == "Listen"


SILENT = {"membership", "reliability", "finetuning", "shuffling", "sources"}


def test_whatever_shows_a_distribution_plays_it():
    shown = {path.parent.name for path in FOLDER.glob("*/spoken.mjs")}
    plays = {name for name in shown if "plays: true" in (FOLDER / entry(name)).read_text()}
    heard = re.compile(r"^export (?:const|function) heard\b", re.MULTILINE)
    hears = {name for name in shown if heard.search((FOLDER / name / "spoken.mjs").read_text())}
    assert plays == hears == shown - SILENT
