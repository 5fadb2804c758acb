"""What a reader does on a page, with real keys and a real pointer, in whatever browser it is.

Each drive returns the faults that it found: an empty list is a page on which all of it works.
"""

from pathlib import Path

from engines import WIDTH
from serving import Quiet

# Runs before anything else on the page. It keeps what went wrong, and after each key what the
# control that has the focus shows: so many keys are told to the browser at once.
RECORDER = """<script>{
  const told = (window.told = []);
  const keep = (kind) => (...said) => told.push(`${kind}: ${said.map(String).join(" ")}`);
  for (const kind of ["error", "warn"]) {
    const usual = console[kind].bind(console);
    console[kind] = (...said) => { keep(kind)(...said); usual(...said); };
  }
  addEventListener("error", ({ message, target }) => {
    if (target.rel === "next") return; // a hint of what may come, given up when something else did
    keep("error")(message ?? target.outerHTML.slice(0, 200));
  }, true);
  addEventListener("unhandledrejection", ({ reason }) => keep("promise")(reason));
  const elsewhere = keep("elsewhere");
  document.addEventListener("securitypolicyviolation", ({ blockedURI }) => elsewhere(blockedURI));
  window.shown = [];
  addEventListener("keyup", ({ key }) => {
    const at = document.activeElement;
    const { type, value } = at;
    window.shown.push({ key, type, value, text: at.getAttribute("aria-valuetext") ?? value });
  }, true);
}</script>"""

# Whatever a page asks of another host is told to it as a breach of this rule, and is not stopped.
OWN = "default-src 'self' data: blob: 'unsafe-inline' 'unsafe-eval'"


EMPTY = (
    "<!doctype html><html lang=en><title>Nothing</title><link rel=icon href=data:,><body></body>"
)


class Recording(Quiet):
    """Serves each page with the recorder in its head."""

    def end_headers(self):
        self.send_header("Content-Security-Policy-Report-Only", OWN)
        super().end_headers()

    def do_GET(self):
        path = Path(self.translate_path(self.path))
        if path.suffix != ".html":
            return super().do_GET()
        html = path.read_text("utf-8") if path.is_file() else EMPTY
        body = html.replace("<head>", f"<head>{RECORDER}", 1).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        return None


UNMOUNTED = """() => [...document.querySelectorAll(".sb-explorable")]
  .filter((each) => each.dataset.mounted !== "true")
  .map((each) => `not mounted: ${each.dataset.module}`)"""
# What stands around the frames is out of the way then: its layout, after each key, takes minutes.
UNFOLD = """() => {
  document.querySelectorAll("details").forEach((each) => { each.open = true; });
  document.querySelectorAll("article *").forEach((each) => {
    if (!each.closest(".sb") && !each.querySelector(".sb")) each.style.display = "none";
  });
}"""
BUSY = """() => !document.querySelector("[aria-busy=true]")"""
TOLD = "() => window.told"


def visit(engine, address):
    """Open a page; return what went wrong until everything on it was alive."""
    engine.goto(address)
    engine.wait("page that is complete", "() => document.readyState === 'complete'")
    try:
        engine.wait("explorables that are all mounted", f"() => ({UNMOUNTED})().length === 0")
    except TimeoutError:
        return engine.evaluate(UNMOUNTED) + engine.evaluate(TOLD)
    engine.wait("end of what is busy", BUSY)
    return engine.evaluate(TOLD)


def unfold(engine):
    """Open all that is folded, so that every control is there."""
    engine.evaluate(UNFOLD)


# Gives the focus to the n-th control of a kind; returns what it is, or null where it is no use.
TAKE = """(selector, n) => {
  const input = document.querySelectorAll(selector)[n];
  if (!input.checkVisibility() || input.disabled) return null;
  input.scrollIntoView({ block: "center", behavior: "instant" });
  input.focus();
  window.shown.length = 0;
  const { min, max, step, value } = input;
  const name = input.getAttribute("aria-label") ?? input.labels[0].textContent;
  return { name, min, max, step, value, text: input.getAttribute("aria-valuetext") ?? value };
}"""
COUNT = "(selector) => document.querySelectorAll(selector).length"
SLIDERS, FIELDS = ".sb input[type=range]", ".sb:not(.sb-question) input.sb-number"

FORTH, BACK = ("ArrowRight", "ArrowUp"), ("ArrowLeft", "ArrowDown")
TOUR = [  # both ends and a place between
    *("Home", *FORTH, *BACK, "PageUp", "PageUp", *BACK, *FORTH),
    *("End", *BACK, *FORTH, "PageDown"),
]
UPWARDS, DOWNWARDS = {*FORTH, "PageUp", "End"}, {*BACK, "PageDown", "Home"}


def sliders(engine, keys=TOUR):
    """Press keys on every slider that is there: each shows something else, the ends are reached.

    A slider that is folded away or switched off is left out: `OUT_OF_REACH` names those.
    """
    faults = []
    for n in range(engine.evaluate(COUNT, SLIDERS)):
        if slider := engine.evaluate(TAKE, SLIDERS, n):
            engine.press(*keys)
            faults += dead_keys(slider, engine.evaluate("() => window.shown"), keys)
    return faults


def dead_keys(slider, shown, keys):
    """Return the keys that did not do what they are for, of those pressed on a slider."""
    if [after["key"] for after in shown] != list(keys):
        return [f"{slider['name']}: {len(shown)} of {len(keys)} keys arrived"]
    low, high, step = (float(slider[name]) for name in ("min", "max", "step"))
    faults, before = [], slider
    for after in shown:
        key, at = after["key"], f"{slider['name']}: {after['key']} at {before['text']}"
        if after.get("type") != "range":
            faults.append(f"{at}: the focus was lost")
            break
        here, there = float(before["value"]), float(after["value"])
        end = high if key in UPWARDS else low
        if key in ("Home", "End") and abs(there - end) > step:
            faults.append(f"{at} leads to {after['text']}")
        if abs(here - end) > step:
            if after["text"] == before["text"]:
                faults.append(f"{at} shows the same")
            if (there > here) != (key in UPWARDS):
                faults.append(f"{at} leads to {after['text']}, the wrong way")
        before = after
    return faults


# Puts something before the n-th control that takes the focus, so that Tab leads to the control.
BEFORE = """(selector, n) => {
  const input = document.querySelectorAll(selector)[n];
  const button = document.createElement("button");
  button.className = "before";
  input.before(button);
  button.focus();
}"""
AFTERWARDS = """() => {
  document.querySelectorAll("button.before").forEach((each) => each.remove());
  return window.shown;
}"""


TYPED = 4


def fields(engine):
    """Move every number field by arrows; into the first of a page, type a number after a Tab."""
    faults = []
    for n in range(engine.evaluate(COUNT, FIELDS)):
        field = engine.evaluate(TAKE, FIELDS, n)
        if not field:
            continue
        engine.press("ArrowUp", "ArrowDown", "ArrowDown", "ArrowUp")
        values = [field["value"], *(each["value"] for each in engine.evaluate(AFTERWARDS))]
        if len({float(value) for value in values[:3]}) < 2 or len(set(values[2:])) < 2:
            faults.append(f"{field['name']}: arrows show {values}")
        if n >= TYPED:
            continue
        typed = min(values, key=float)
        engine.evaluate(BEFORE, FIELDS, n)
        engine.evaluate("() => { window.shown.length = 0; }")
        engine.press("Tab", *typed, "Enter")
        after = engine.evaluate(AFTERWARDS)
        if not after or float(after[-1]["value"]) != float(typed):
            faults.append(f"{field['name']}: {typed} after Tab becomes {after[-1:]}")
    return faults


WIDE = """async (width) => {
  await new Promise((resolve) => setTimeout(resolve, 100)); // WebKit draws no frame of its own here
  const wide = document.documentElement.scrollWidth;
  if (wide <= width) return [];
  const clipped = (each) => each.closest(".katex, svg, pre, .sb-hidden") || !each.checkVisibility();
  const out = [...document.querySelectorAll("article *")].filter((each) =>
    each.getBoundingClientRect().right > width + 0.5 && !clipped(each));
  const first = out.slice(0, 3).map((each) => each.outerHTML.slice(0, 80));
  return [`${wide} px wide at ${width}: ${first}`];
}"""


def too_wide(engine, widths=(390, 320)):
    """Return where the page is wider than a phone."""
    faults = []
    for width in widths:
        engine.resize(width)
        faults += engine.evaluate(WIDE, width)
    engine.resize(WIDTH)
    return faults


COPY = """(n) => {
  const frame = document.querySelectorAll(".sb-explorable .sb")[n];
  const buttons = [...frame.querySelectorAll(".sb-toolbar > button")];
  const copy = buttons.find((each) => each.textContent === "Copy as Python");
  document.querySelectorAll(".to-copy").forEach((each) => each.classList.remove("to-copy"));
  copy?.classList.add("to-copy");
  return Boolean(copy);
}"""


COPIED = "() => document.querySelector('.to-copy ~ .sb-message').textContent === 'Copied.'"


def copying(engine):
    """Press every “Copy as Python”; return what did not say that it was copied."""
    faults = []
    for n in range(engine.evaluate(COUNT, ".sb-explorable .sb")):
        if not engine.evaluate(COPY, n):
            continue
        engine.click(".to-copy")
        try:
            engine.wait("“Copied.” beside the button", COPIED, patience=5)
        except TimeoutError:
            faults.append(f"frame {n}: not copied")
    return faults


# All that explorables show of their state: what sliders are at, and what fields hold.
SHOWN = """() => JSON.stringify([...document.querySelectorAll(".sb input")].map(
  (input) => input.getAttribute("aria-valuetext") ?? input.value))"""
PICTURES = """() => [...document.querySelectorAll(".sb-grab")].flatMap((each, n) =>
  each.checkVisibility() ? [n] : [])"""
STROKE = [(0.5, 0.5), (0.55, 0.6), (0.62, 0.7)]  # the middle of a picture, and a way from there


def dragging(engine):
    """Drag in every picture that can be dragged: something moves, and no text is selected."""
    faults = []
    for n in engine.evaluate(PICTURES):
        before = engine.evaluate(SHOWN)
        start, *way = engine.places(".sb-grab", STROKE, n)
        engine.point(start, "down", *way, "up")
        if engine.evaluate(SHOWN) == before:
            faults.append(f"picture {n}: a drag moves nothing")
        if selected := engine.evaluate("() => getSelection().toString()"):
            faults.append(f"picture {n}: a drag selects {selected[:40]!r}")
    return faults


# What arrows walk through without being a slider or a field: grids, planes, the drawing board.
WALKED = ".sb :is([role=application], [role=gridcell])[tabindex='0']"
STAND = """(n, selector) => {
  const at = [...document.querySelectorAll(selector)].filter((each) => each.checkVisibility())[n];
  if (!at) return null;
  at.scrollIntoView({ block: "center", behavior: "instant" });
  at.focus();
  return at.getAttribute("aria-label");
}"""
STANDS = """() => {
  const at = document.activeElement;
  const frame = at.closest(".sb");
  return frame && [...frame.querySelectorAll("*")].indexOf(at) + frame.innerHTML;
}"""


def walks(engine):
    """Press the arrows where they walk; return those that changed nothing."""
    faults, n = [], 0
    while name := engine.evaluate(STAND, n, WALKED):
        for key in ("ArrowRight", "ArrowLeft", "ArrowDown", "ArrowUp"):
            before = engine.evaluate(STANDS)
            engine.press(key)
            if engine.evaluate(STANDS) in (before, None):
                faults.append(f"{name}: {key} changes nothing")
        n += 1
    return faults


def everything(engine, address):
    """Do all of the above on one page; return the faults, and the controls out of reach."""
    faults = visit(engine, address)
    faults += too_wide(engine)
    unfold(engine)
    skipped = engine.evaluate(OUT_OF_REACH)
    for drive in (sliders, fields, walks, dragging, copying):
        faults += drive(engine)
    faults += [each for each in engine.evaluate(TOLD) if each not in faults]
    return faults, skipped


OUT_OF_REACH = """() => [...document.querySelectorAll(".sb input[type=range]")]
  .filter((input) => !input.checkVisibility() || input.disabled)
  .map((input) => input.getAttribute("aria-label") ?? input.labels[0].textContent)"""
