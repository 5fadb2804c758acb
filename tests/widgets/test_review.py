"""What was answered wrongly comes back: in Node the times, in a browser the page."""

import datetime as dt
import itertools
import json
import re

import pytest
from javascript import call

from softmaxbook.checking import question_data
from softmaxbook.exercises import exercise
from softmaxbook.widgets import Question, Review, stylesheet
from softmaxbook.widgets.review import Cards, questions, variants

START = "2026-03-02T10:00:00.000Z"
CHOICE, NUMBER = "who-pays", "softmax-by-hand"
MODULE = "review/schedule"


def time_of(text):
    return dt.datetime.fromisoformat(text.replace("Z", "+00:00"))


def answer(record, right, when):
    return call(MODULE, [("answered", record, right, when)])[0]


def test_right_answers_come_back_after_growing_intervals():
    record, when, gaps = {"missed": [START]}, START, []
    for _ in range(6):
        record = answer(record, True, when)
        gaps.append(time_of(record["card"]["due"]) - time_of(when))
        when = record["card"]["due"]
    assert gaps == sorted(gaps)
    assert gaps[-1] > 4 * gaps[2] > dt.timedelta(days=1)


def test_a_wrong_answer_brings_it_back_sooner():
    record, when = {"missed": [START]}, START
    for _ in range(5):
        record = answer(record, True, when)
        when = record["card"]["due"]
    right, wrong = (time_of(answer(record, each, when)["card"]["due"]) for each in (True, False))
    assert wrong - time_of(when) < (right - time_of(when)) / 2


def test_misses_on_the_page_count_once_and_in_their_order():
    later = "2026-03-04T10:00:00.000Z"
    one, two = call(
        MODULE, [("caughtUp", {"missed": [later, START]}), ("caughtUp", {"missed": [START, later]})]
    )
    assert one == two
    assert one["missed"] == []
    assert one["card"]["reps"] == 2
    assert call(MODULE, [("caughtUp", one)]) == [one]


def test_due_is_what_falls_before_the_end_of_the_day():
    records = {
        name: {"card": {"due": f"2026-03-{day:02}T12:00:00.000Z"}}
        for name, day in (("today", 10), ("long ago", 1), ("far", 30), ("soon", 13))
    }
    records["no card"] = {}
    (found,) = call(MODULE, [("due", records, "2026-03-10T11:00:00.000Z")])
    assert found["today"] == ["long ago", "today"]
    assert found["later"] == 2
    assert found["next"].startswith("2026-03-13")


def test_every_question_has_a_card_with_its_own_numbers():
    text = Cards()._repr_markdown_()
    ids = re.findall(r'<template data-review="([\w-]+)">', text)
    assert list(dict.fromkeys(ids)) == [each.id for each in questions()]
    assert text.count("</template>") == len(ids)
    for each in questions():
        prompts = [variant.prompt() for variant in variants(each)]
        assert prompts[0] == each.prompt()
        assert len({*prompts}) == len(prompts) == ids.count(each.id)


def test_without_solutions_no_card_holds_an_answer(monkeypatch):
    monkeypatch.setenv("SOFTMAXBOOK_SOLUTIONS", "no")
    text = Cards()._repr_markdown_()
    assert "accepted" not in text
    assert "hint&quot;" not in text


# ── in a browser ─────────────────────────────────────────────────────────────────────────────

PAGES = itertools.count()


def template(asked):
    card = Question(asked, fresh=True).placeholder()
    return (
        f'<template data-review="{asked.id}"><p class="prompt">{asked.title}</p>{card}</template>'
    )


@pytest.fixture
def opened(host, open_page):
    """Return a function that opens a page with a review of two questions."""
    folder, address = host
    cards = "".join(
        template(each) for id in (CHOICE, NUMBER) for each in variants(exercise(id).exercise)
    )
    html = (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Review</title>'
        f'<link rel="icon" href="data:,"><style>{stylesheet()}</style><main><h1>Review</h1>'
        f"{Review().placeholder()}{Question(NUMBER).placeholder()}{cards}</main>"
        f'<script type="module" src="host.mjs"></script></html>'
    )
    name = f"review-{next(PAGES)}.html"
    (folder / name).write_text(html, encoding="utf-8")

    def open_it(query="", records=None):
        page = open_page(f"{address}/{name}")
        if records is not None:
            page.evaluate(
                "text => localStorage.setItem('softmaxbook:review', text)", json.dumps(records)
            )
        page.goto(f"{address}/{name}{query}")
        page.wait_for_selector("[data-module=review][data-mounted=true] .sb-summary:not(:empty)")
        return page

    return open_it


def told(page):
    return page.locator(".sb-summary").first.inner_text()


def stage(page):
    return page.locator(".sb-stage")


def choose(page, letter):
    stage(page).locator(f"input[value={letter}]").check()
    stage(page).get_by_role("button", name="Check").click()


@pytest.mark.browser
def test_nothing_is_due_at_first_and_a_miss_on_a_page_is_on_the_next_days(opened):
    page = opened()
    assert "Nothing is due today." in told(page)
    mistake = question_data(exercise(NUMBER).exercise)["mistakes"][0]["values"][0]
    page.locator(".sb-number").first.fill(str(mistake))
    page.get_by_role("button", name="Check").last.click()
    page.reload()
    page.wait_for_function("document.querySelector('.sb-summary')?.textContent.includes('later')")
    page.clock.install(time=dt.datetime.now() + dt.timedelta(days=2))
    page.reload()
    page.wait_for_selector(".sb-stage h2")
    assert "1 question due today." in told(page)
    assert exercise(NUMBER).exercise.title in stage(page).inner_text()


@pytest.mark.browser
def test_the_first_answer_of_the_day_sends_it_away_the_right_one_further(opened):
    right = exercise(CHOICE).exercise.solution()
    wrong = next(letter for letter, _ in exercise(CHOICE).exercise.options if letter != right)
    days = []
    for letters in ([right], [wrong, right]):
        page = opened(records={CHOICE: {"missed": ["2020-01-01T10:00:00.000Z"]}})
        for letter in letters:
            choose(page, letter)
        record = page.evaluate("JSON.parse(localStorage.getItem('softmaxbook:review'))")[CHOICE]
        assert record["rounds"] == 1
        days.append(record["card"]["scheduled_days"])
        page.get_by_role("button", name="Next question").click()
        assert "Nothing is due today. 1 question later" in told(page)
        assert stage(page).locator("h2").count() == 0
    assert days[0] > days[1] >= 1


@pytest.mark.browser
def test_the_next_round_has_other_numbers(opened):
    first, second, *_ = variants(exercise(NUMBER).exercise)
    for rounds, asked in ((0, first), (1, second)):
        card = {"missed": ["2020-01-01T10:00:00.000Z"], "rounds": rounds}
        page = opened(records={NUMBER: card})
        held = stage(page).locator("[data-module=question]").get_attribute("data-state")
        assert json.loads(held)["question"]["accepted"] == question_data(asked)["accepted"]


@pytest.mark.browser
def test_a_teacher_s_list_is_asked_in_its_order_and_names_what_it_does_not_know(opened):
    page = opened(f"?ask={NUMBER},nonsense,{CHOICE}")
    assert "Question 1 of 2." in told(page)
    assert "“nonsense”" in told(page)
    assert exercise(NUMBER).exercise.title in stage(page).inner_text()
    page.get_by_role("button", name="Next question").click()
    assert exercise(CHOICE).exercise.title in stage(page).inner_text()
    page.get_by_role("button", name="Next question").click()
    assert "That was the last one." in told(page)


@pytest.mark.browser
def test_ticks_make_a_link_in_their_order(opened):
    page = opened()
    page.locator(".sb-details summary").click()
    for id in (NUMBER, CHOICE):
        page.locator(".sb-picks label", has_text=exercise(id).exercise.title).first.click()
    assert page.locator(".sb-link").input_value().endswith(f"?ask={NUMBER},{CHOICE}")
    page.locator(".sb-picks label", has_text=exercise(NUMBER).exercise.title).first.click()
    assert page.locator(".sb-link").input_value().endswith(f"?ask={CHOICE}")


@pytest.mark.browser
def test_the_record_is_exported_and_deleted_at_the_second_press(opened):
    page = opened(records={CHOICE: {"missed": ["2020-01-01T10:00:00.000Z"]}})
    with page.expect_download() as download:
        page.get_by_role("button", name="Export").click()
    saved = json.loads(download.value.path().read_text(encoding="utf-8"))
    assert [*saved["records"]] == [CHOICE]
    page.get_by_role("button", name="Delete my review").click()
    assert page.evaluate("localStorage.length") == 1
    page.get_by_role("button", name="Really delete it?").click()
    assert page.evaluate("localStorage.length") == 0
    assert "Nothing is due today." in told(page)
