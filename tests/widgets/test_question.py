"""Questions in a real browser: they answer at once, and remember on this device only."""

import json
import re

import pytest
from axe_playwright_python.sync_playwright import Axe

from softmaxbook.claims import CLAIMS
from softmaxbook.exercises import exercise, exercises, question_data
from softmaxbook.widgets import ExerciseIndex, Guess, LogitsExplorer, Question

pytestmark = pytest.mark.browser

NUMBER = "softmax-by-hand"
CHOICE = "what-changes-nothing"


def right_number():
    return str(question_data(exercise(NUMBER).exercise)["accepted"]["values"][0])


def answer(page, text):
    page.locator(".sb-number").first.fill(text)
    page.get_by_role("button", name="Check").first.click()
    return page.locator(".sb-feedback").first


def test_a_number_is_judged_and_a_mistake_gets_its_hint(mount):
    page = mount(Question(NUMBER))
    mistake = question_data(exercise(NUMBER).exercise)["mistakes"][0]
    feedback = answer(page, str(mistake["values"][0]))
    assert feedback.get_attribute("data-status") == "mistake"
    assert " ".join(mistake["hint"].replace("`", "").split()) in feedback.inner_text()
    assert answer(page, right_number()).get_attribute("data-status") == "correct"
    assert page.locator(".sb-done").inner_text() == "solved"


def test_the_field_that_cannot_be_read_says_so_until_it_is_changed(mount):
    page = mount(Question(NUMBER))
    field = page.locator(".sb-question input").first
    assert field.get_attribute("aria-invalid") is None
    assert answer(page, "three").get_attribute("data-status") == "unreadable"
    assert field.get_attribute("aria-invalid") == "true"
    field.press("End")
    field.press("x")
    assert field.get_attribute("aria-invalid") is None
    answer(page, "three")
    assert answer(page, right_number()).get_attribute("data-status") == "correct"
    assert field.get_attribute("aria-invalid") is None


# ── what keyboards and phones type ───────────────────────────────────────────────────────────


def confirm_a_word(page, composed, word, *keys):
    """Compose a text with an input method, and confirm it by Enter, as Chromium sees that.

    Other keys come before, as arrows that choose among what the method offers.
    """
    client = page.context.new_cdp_session(page)
    place = {"selectionStart": len(composed), "selectionEnd": len(composed)}
    client.send("Input.imeSetComposition", {"text": composed, **place})
    for name in (*keys, "Enter"):
        key = {"key": name, "code": name, "windowsVirtualKeyCode": 229}
        client.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **key})
    client.send("Input.insertText", {"text": word})
    client.send("Input.dispatchKeyEvent", {"type": "keyUp", **key})


def test_enter_that_confirms_a_word_of_an_input_method_does_not_check(mount):
    page = mount(Question(NUMBER))
    page.evaluate(
        "window.keys = []; addEventListener('keydown', (event) =>"
        " keys.push([event.key, event.isComposing, event.keyCode]), true)"
    )
    field = page.locator(".sb-number").first
    field.focus()
    confirm_a_word(page, "０．２", "０．２５９５")
    assert page.evaluate("keys.filter(([key]) => key === 'Enter')") == [["Enter", True, 229]]
    assert field.input_value() == "０．２５９５"
    feedback = page.locator(".sb-feedback").first
    assert feedback.get_attribute("data-status") is None
    page.keyboard.press("Enter")
    assert feedback.get_attribute("data-status") == "correct"


def test_enter_that_confirms_a_word_does_not_set_a_number_of_an_explorable(mount):
    page = mount(LogitsExplorer())
    field = page.locator("input.sb-number").first
    before = page.locator(".sb").first.inner_text()
    field.fill("")
    confirm_a_word(page, "－３", "－３．５", "ArrowUp", "ArrowDown")
    assert page.locator(".sb").first.inner_text() == before
    page.keyboard.press("Enter")
    assert field.input_value() in ("-3.5", "−3.5")
    assert page.locator(".sb").first.inner_text() != before


@pytest.mark.parametrize("typed", ["-2,8", "−2.8", "－２．８", "-2.8", "–2,8", "-28/10"])
def test_a_minus_and_a_comma_of_any_keyboard_are_read(mount, typed):
    page = mount(Question("where-is-the-boundary"))
    field = page.locator(".sb-number").first
    assert field.get_attribute("type") == "text"
    assert field.get_attribute("inputmode") == "text"  # decimal: without a minus on some phones
    field.press_sequentially(typed)
    field.press("Enter")
    feedback = page.locator(".sb-feedback").first
    assert feedback.get_attribute("data-status") == "mistake"
    assert "sign is reversed" in feedback.inner_text()


def test_fields_that_take_a_minus_show_a_keyboard_that_has_one(mount):
    page = mount(LogitsExplorer(), Question(NUMBER))
    modes = page.locator("input.sb-number").evaluate_all("all => all.map((each) => each.inputMode)")
    assert set(modes) == {"text"}


@pytest.mark.parametrize("leave", [["Tab"], []], ids=["on the button", "on the option"])
def test_a_choice_is_made_by_keyboard_alone(mount, leave):
    page = mount(Question(CHOICE))
    asked = exercise(CHOICE).exercise
    letters = [letter for letter, _ in asked.options]
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    for _ in range(letters.index(asked.solution())):
        page.keyboard.press("ArrowDown")
    for key in (*leave, "Enter"):
        page.keyboard.press(key)
    assert page.locator(".sb-feedback").get_attribute("data-status") == "correct"


def test_a_claim_is_named_in_words():
    titles = [Guess(claim).question["title"] for claim in CLAIMS]
    assert "Show that g is translation invariant, i.e., g(x + b) = g(x)." in titles
    assert not re.search(r"[`$\\{}]|math(bf|rm|cal)", " ".join(titles))


def test_a_verdict_is_guessed_by_keyboard_and_a_wrong_one_is_explained(mount):
    page = mount(Guess(CLAIMS[0]))
    options = [option["text"] for option in Guess(CLAIMS[0]).question["options"]]
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    feedback = page.locator(".sb-feedback")
    page.get_by_role("button", name="Check").press("Enter")
    assert "would mean" in feedback.inner_text()
    page.locator("input[type=radio]").first.focus()
    for _ in range(options.index(CLAIMS[0].verdict.value)):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert feedback.get_attribute("data-status") == "correct"


def test_progress_survives_a_reload_and_can_be_forgotten(mount):
    page = mount(Question(NUMBER), ExerciseIndex())
    answer(page, right_number())
    page.reload()
    page.wait_for_selector("[data-module=question][data-mounted=true] .sb-done:has-text('solved')")
    assert page.locator(".sb-number").input_value() == right_number()
    page.wait_for_selector("td:has-text('✓ solved')")
    page.evaluate("localStorage.setItem('softmaxbook:cell:book/losses:3', '{}')")
    page.evaluate("localStorage.setItem('another', '')")
    page.get_by_role("button", name="Forget my progress and programs").click()
    assert page.locator("td", has_text="✓ solved").count() == 1
    page.get_by_role("button", name="Really forget everything?").click()
    page.get_by_text("This browser keeps nothing of the book any more.").wait_for()
    assert page.locator("td", has_text="✓ solved").count() == 0
    assert page.evaluate("Object.keys(localStorage)") == ["another"]


def test_a_wrong_answer_comes_back_with_its_verdict(mount):
    page = mount(Question(NUMBER))
    answer(page, "123")
    verdict = page.locator(".sb-feedback").inner_text()
    page.reload()
    page.wait_for_selector("[data-module=question][data-mounted=true]")
    assert page.locator(".sb-number").input_value() == "123"
    assert page.locator(".sb-feedback").inner_text() == verdict
    assert verdict


BEFORE = "(element) => getComputedStyle(element, '::before').content"


def test_a_verdict_is_marked_as_one_on_the_answer_before_while_another_is_made(mount):
    page = mount(Question(NUMBER))
    feedback = answer(page, right_number())
    assert feedback.evaluate(BEFORE) == "none"
    page.locator(".sb-number").fill("123")
    assert "answer before" in feedback.evaluate(BEFORE)
    page.locator(".sb-number").fill(right_number())
    assert feedback.evaluate(BEFORE) == "none"
    assert "answer before" not in answer(page, "123").evaluate(BEFORE)
    page.locator(".sb-number").fill("124")
    page.get_by_role("button", name="Clear").click()
    assert not page.locator(".sb-feedback").is_visible()
    assert answer(page, "123").evaluate(BEFORE) == "none"


def test_a_verdict_on_a_choice_is_none_on_the_one_chosen_next(mount):
    page = mount(Question(CHOICE))
    options = page.get_by_role("radio")
    options.nth(0).check()
    page.get_by_role("button", name="Check").click()
    assert page.locator(".sb-feedback").evaluate(BEFORE) == "none"
    options.nth(1).check()
    assert "answer before" in page.locator(".sb-feedback").evaluate(BEFORE)
    options.nth(0).check()
    assert page.locator(".sb-feedback").evaluate(BEFORE) == "none"


def test_the_keyboard_does_not_lose_its_place_where_clear_hides(mount):
    page = mount(Question(NUMBER))
    answer(page, "123")
    page.get_by_role("button", name="Clear").focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.textContent") == "Check"


def test_clear_forgets_one_question(mount):
    page = mount(Question(NUMBER))
    answer(page, right_number())
    page.get_by_role("button", name="Clear").click()
    assert page.locator(".sb-number").input_value() == ""
    assert page.locator(".sb-done").inner_text() == ""
    assert page.evaluate("localStorage.length") == 0


def test_nothing_is_sent(mount):
    page = mount(Question(NUMBER))
    requests = []
    page.on("request", lambda request: requests.append(request.url))
    answer(page, "0.1")
    answer(page, right_number())
    assert requests == []


def test_works_where_the_browser_forbids_storage(mount):
    page = mount(Question(NUMBER))
    page.evaluate(
        "Object.defineProperty(window, 'localStorage', { get() { throw new Error('forbidden'); } })"
    )
    assert answer(page, right_number()).get_attribute("data-status") == "correct"


def test_without_solutions_nothing_of_them_is_in_the_page(mount, monkeypatch):
    monkeypatch.setenv("SOFTMAXBOOK_SOLUTIONS", "no")
    page = mount(Question(NUMBER), Question(CHOICE))
    state = json.loads(page.locator("[data-module=question]").first.get_attribute("data-state"))
    assert {"accepted", "mistakes"}.isdisjoint(state["question"])
    assert page.get_by_role("button", name="Check").count() == 0
    assert page.get_by_text("does not hold the answers").count() == 2
    for field in (page.locator(".sb-number"), page.locator("input[type=radio]").first):
        field.press("Enter")  # nothing is judged
    assert set(page.locator(".sb-feedback").all_inner_texts()) == {""}


def test_the_list_is_filtered(mount):
    page = mount(ExerciseIndex())
    visible = page.locator("tbody tr:visible")
    assert visible.count() == len(exercises())
    page.get_by_label("chapter").select_option("overflow")
    page.get_by_label("kind").select_option("predict")
    assert visible.count() == len(exercises("overflow", "predict"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_accessible_and_inside_the_page(mount, scheme, width):
    page = mount(Question(NUMBER), Question(CHOICE), ExerciseIndex(), width=width, scheme=scheme)
    answer(page, "0.1")
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_on_paper_and_without_javascript(mount, browser):
    page = mount(Question(CHOICE))
    context = browser.new_context(java_script_enabled=False)
    bare = context.new_page()
    bare.goto(page.url)
    assert bare.get_by_text("☐").count() == len(exercise(CHOICE).exercise.options)
    context.close()


def test_a_function_is_not_asked_for_here():
    with pytest.raises(ValueError, match="is a function"):
        Question("softmax-of-one-vector")


def test_two_instances_do_not_share_their_choice(mount):
    page = mount(Question(CHOICE), LogitsExplorer(), Question("the-most-sensitive"))
    first, second = (each for each in page.locator("[data-module=question]").all())
    first.get_by_role("radio").first.check()
    second.get_by_role("radio").first.check()
    assert first.get_by_role("radio").first.is_checked()
