"""Three browsers behind one small interface, so that a drive is written once for all of them.

Chromium is driven by Playwright, Firefox by WebDriver BiDi over a socket, WebKit (as WebKitGTK has
it) by WebDriver, on a screen that nobody sees.
"""

import contextlib
import json
import os
import queue
import re
import shutil
import subprocess
import threading
import time
import urllib.request
from pathlib import Path
from urllib.parse import urljoin

WIDTH, HEIGHT = 1280, 960
PATIENCE = 120  # seconds for an answer of a browser

# Playwright's names of keys, and what WebDriver calls them.
KEYS = {
    "Enter": "\ue007",
    "Tab": "\ue004",
    "Escape": "\ue00c",
    "Shift": "\ue008",
    "PageUp": "\ue00e",
    "PageDown": "\ue00f",
    "End": "\ue010",
    "Home": "\ue011",
    "ArrowLeft": "\ue012",
    "ArrowUp": "\ue013",
    "ArrowRight": "\ue014",
    "ArrowDown": "\ue015",
}
INSTALL = ".ci/engines installs what is missing"
MINI_BROWSERS = "/usr/lib/*/webkit2gtk-4.*/MiniBrowser"


def program(*names):
    """Return the path of the first of these programs that is there."""
    for name in names:
        if found := shutil.which(name):
            return found
    raise FileNotFoundError(
        f"no {' or '.join(names)} on PATH: .ci/engines installs what is missing"
    )


@contextlib.contextmanager
def screen():
    """Start an X server without a screen; yield the environment of programs that show on it."""
    reading, writing = os.pipe()
    command = [program("Xvfb"), "-displayfd", str(writing), "-nolisten", "tcp"]
    command += ["-screen", "0", f"{WIDTH}x{HEIGHT}x24"]
    with running(command, pass_fds=[writing]):
        os.close(writing)
        with os.fdopen(reading) as said:
            display = heard(lines_of(said), r"(\d+)", "number of its display from Xvfb")
        yield {**os.environ, "DISPLAY": f":{display}", "GDK_BACKEND": "x11"}


@contextlib.contextmanager
def running(command, **options):
    """Run a program until the end of the block."""
    options = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, **options}
    process = subprocess.Popen(command, **options)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stderr:
            process.stderr.close()


class Engine:
    """A browser with one page. What differs between browsers is left to the classes below."""

    def goto(self, address):
        """Open an address, and wait until it has loaded."""
        raise NotImplementedError

    def resize(self, width):
        """Make the page so many pixels wide."""
        raise NotImplementedError

    def evaluate(self, function, *arguments):
        """Call a JavaScript function, given as text, and return what it or its promise returns."""
        raise NotImplementedError

    def press(self, *keys):
        """Press and release real keys one after the other: names as in `KEYS`, or characters."""
        raise NotImplementedError

    def point(self, *moves):
        """Use the mouse: (x, y) moves it there, "down" and "up" are its main button."""
        raise NotImplementedError

    def wait(self, what, function, *arguments, patience=60):
        """Wait until a JavaScript function returns something true, and return it.

        `what` is waited for, in words for the one who reads that it never came.
        """
        end = time.monotonic() + patience
        while not (found := self.evaluate(function, *arguments)):
            if time.monotonic() > end:
                at = self.evaluate("() => location.pathname")
                raise TimeoutError(f"{self.name} on {at}: no {what} within {patience} s")
            time.sleep(0.05)
        return found

    def places(self, selector, way=((0.5, 0.5),), n=0, patience=10):
        """Bring the n-th element that a CSS selector finds into view; return points in it.

        `way` names them in shares of its width and height. It stands still by then and is met at
        the first: an engine that is late scrolls once more to what had the focus, and the pointer
        would go astray.
        """
        what = f"{selector} (number {n}) that stands still and is met by the pointer"
        return self.wait(what, PLACES, selector, way, n, patience=patience)

    def click(self, selector):
        """Click the middle of the first element that a CSS selector finds."""
        self.point(*self.places(selector), "down", "up")


PLACES = """async (selector, way, n) => {
  const node = document.querySelectorAll(selector)[n];
  if (!node) return null;
  node.scrollIntoView({ block: "center", behavior: "instant" });
  const places = () => {
    const { left, top, width, height } = node.getBoundingClientRect();
    return way.map(([x, y]) => [left + x * width, top + y * height]);
  };
  const before = places();
  await new Promise((resolve) => setTimeout(resolve, 50));
  const now = places();
  const still = String(now) === String(before);
  return still && node.contains(document.elementFromPoint(...now[0])) && now;
}"""


class Chromium(Engine):
    """A page of the Chromium that the other tests use."""

    name = "chromium"

    def __init__(self, browser):
        self.page = browser.new_context(viewport={"width": WIDTH, "height": HEIGHT}).new_page()
        self.version = browser.version

    def goto(self, address):
        self.page.goto(address)

    def resize(self, width):
        self.page.set_viewport_size({"width": width, "height": HEIGHT})

    def evaluate(self, function, *arguments):
        return self.page.evaluate(f"(given) => ({function})(...given)", list(arguments))

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)

    def point(self, *moves):
        for move in moves:
            if isinstance(move, str):
                getattr(self.page.mouse, move)()
            else:
                self.page.mouse.move(*move)


class WebDriver(Engine):
    """What WebDriver and its successor BiDi have in common: how keys and the mouse are told."""

    def perform(self, source):
        """Send the actions of a keyboard or of a mouse."""
        raise NotImplementedError

    def press(self, *keys):
        values = [KEYS.get(key, key) for key in keys]
        kinds = ("keyDown", "keyUp")
        actions = [{"type": kind, "value": value} for value in values for kind in kinds]
        self.perform({"type": "key", "id": "keyboard", "actions": actions})

    def point(self, *moves):
        actions = [
            {"type": f"pointer{move.capitalize()}", "button": 0}
            if isinstance(move, str)
            else {"type": "pointerMove", "x": round(move[0]), "y": round(move[1])}
            for move in moves
        ]
        self.perform({"type": "pointer", "id": "mouse", "actions": actions})


def called(function, arguments):
    """Return an expression: the promise of what a function returns for these arguments, as JSON."""
    given = json.dumps(arguments)
    return f"(async () => JSON.stringify((await ({function})(...{given})) ?? null))()"


class Firefox(WebDriver):
    """Firefox by WebDriver BiDi, which needs no program between."""

    name = "firefox"

    def __init__(self, socket):
        self.socket, self.count = socket, 0
        capabilities = self.send("session.new", capabilities={})["capabilities"]
        self.version = capabilities["browserVersion"]
        # The window that Firefox starts with never gets the focus; one that is made now has it.
        self.tab = self.send("browsingContext.create", type="window")["context"]
        self.resize(WIDTH)

    def send(self, method, **params):
        self.count += 1
        self.socket.send(json.dumps({"id": self.count, "method": method, "params": params}))
        try:
            while (answer := json.loads(self.socket.recv())).get("id") != self.count:
                pass  # an event
        except OSError as error:  # it took longer than PATIENCE, or Firefox has ended
            raise RuntimeError(f"no answer of Firefox to {method} {str(params)[:300]}") from error
        if answer["type"] == "error":
            raise RuntimeError(f"{method}: {answer['error']}: {answer['message']}")
        return answer["result"]

    def resize(self, width):
        viewport = {"width": width, "height": HEIGHT}
        self.send("browsingContext.setViewport", context=self.tab, viewport=viewport)

    def goto(self, address):
        self.send("browsingContext.navigate", context=self.tab, url=address, wait="complete")

    def evaluate(self, function, *arguments):
        answer = self.send(
            "script.evaluate",
            expression=called(function, arguments),
            target={"context": self.tab},
            awaitPromise=True,
            userActivation=True,
        )
        if answer["type"] == "exception":
            raise RuntimeError(answer["exceptionDetails"]["text"])
        return json.loads(answer["result"]["value"])

    def perform(self, source):
        self.send("input.performActions", context=self.tab, actions=[source])


class WebKit(WebDriver):
    """WebKit's MiniBrowser by WebDriver."""

    name = "webkit"

    def __init__(self, driver):
        self.driver, self.session = driver, ""
        browser = {"binary": mini_browser(), "args": ["--automation"]}
        always = {"webkitgtk:browserOptions": browser, "timeouts": {"script": 1000 * PATIENCE}}
        wanted = {"capabilities": {"alwaysMatch": always}}
        started = self.send("", **wanted)
        self.session = "/" + started["sessionId"]
        self.version = started["capabilities"]["browserVersion"]
        self.send("/window/rect", x=0, y=0, width=WIDTH, height=HEIGHT)

    def send(self, path, **body):
        address, data = f"{self.driver}/session{self.session}{path}", json.dumps(body).encode()
        request = urllib.request.Request(address, data, {"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise RuntimeError(f"{path}: {error.read().decode()}") from error
        except TimeoutError as error:
            raise RuntimeError(f"no answer of WebKit to {path} {str(body)[:300]}") from error

    def goto(self, address):
        # In a frame: MiniBrowser's window is never as narrow as a phone.
        self.send("/url", url=urljoin(address, "/frame.html"))
        self.evaluate(FRAMED, address, WIDTH, HEIGHT)
        frame = self.send("/element", using="css selector", value="iframe")
        self.send("/frame", id=frame)

    def resize(self, width):
        self.evaluate("(width) => { frameElement.style.width = `${width}px`; }", width)

    def evaluate(self, function, *arguments):
        script = f"""const done = arguments[arguments.length - 1];
          const failed = (error) => done([null, String(error)]);
          {called(function, arguments)}.then((text) => done([text]), failed)"""
        text, *error = self.send("/execute/async", script=script, args=[])
        if error:
            raise RuntimeError(error[0])
        return json.loads(text)

    def perform(self, source):
        self.send("/actions", actions=[source])


FRAMED = """(address, width, height) => new Promise((resolve) => {
  const frame = document.createElement("iframe");
  frame.style.cssText = "position: fixed; inset: 0 auto auto 0; border: 0";
  frame.style.width = `${width}px`;
  frame.style.height = `${height}px`;
  frame.onload = () => resolve();
  frame.src = address;
  document.body.append(frame);
})"""


def mini_browser():
    """Return the path of WebKit's MiniBrowser, which stands beside its library."""
    found = sorted(Path("/").glob(MINI_BROWSERS.lstrip("/")))
    if not found:
        raise FileNotFoundError(f"no {MINI_BROWSERS}: {INSTALL}")
    return str(found[-1])


def lines_of(stream):
    """Read a program's output to its end, so that it never waits; return a queue of its lines."""
    lines = queue.Queue()

    def read():
        with contextlib.suppress(ValueError):  # it was closed
            for line in stream:
                lines.put(line)
        lines.put(None)

    threading.Thread(target=read, daemon=True).start()
    return lines


def heard(lines, pattern, what, patience=60):
    """Return the first group of a pattern in the first of these lines that has it."""
    end, said = time.monotonic() + patience, []
    with contextlib.suppress(queue.Empty):
        while line := lines.get(timeout=max(0, end - time.monotonic())):
            if found := re.search(pattern, line):
                return found[1]
            said.append(line)
    raise TimeoutError(f"no {what} within {patience} s, or it ended; it said: {''.join(said[-5:])}")


# Nothing of the browser's own may reach for the network, or open a page of its own.
PREFERENCES = {
    "browser.aboutwelcome.enabled": False,
    "browser.safebrowsing.malware.enabled": False,
    "browser.safebrowsing.phishing.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.homepage_override.mstone": "ignore",
    "datareporting.policy.dataSubmissionEnabled": False,
    "dom.events.testing.asyncClipboard": True,
    "focusmanager.testmode": True,
    "ui.prefersReducedMotion": 1,
}


@contextlib.contextmanager
def firefox(folder):
    """Start a Firefox with a fresh profile in a folder."""
    import websocket

    wanted = [f"user_pref({json.dumps(k)}, {json.dumps(v)});\n" for k, v in PREFERENCES.items()]
    (folder / "user.js").write_text("".join(wanted), encoding="utf-8")
    command = [program("firefox-esr", "firefox"), "--headless", "--no-remote"]
    command += ["--profile", str(folder), "--remote-debugging-port", "0"]
    with running(command, stderr=subprocess.PIPE, text=True) as process:
        said = lines_of(process.stderr)
        address = heard(said, r"BiDi listening on (ws://\S+)", "address of its BiDi from Firefox")
        socket = websocket.create_connection(
            f"{address}/session", suppress_origin=True, timeout=PATIENCE
        )
        with contextlib.closing(socket):
            yield Firefox(socket)


@contextlib.contextmanager
def webkit(folder):
    """Start WebKit's MiniBrowser with a home of its own."""
    with screen() as environment:
        own = {name: str(folder) for name in ("HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME")}
        # Without a graphics card, composing layers costs more than painting again.
        own["WEBKIT_DISABLE_COMPOSITING_MODE"] = "1"
        port = free_port()
        command = [program("WebKitWebDriver"), f"--port={port}"]
        with running(command, env={**environment, **own}):
            engine = start_webkit(f"http://127.0.0.1:{port}")
            yield engine
            with contextlib.suppress(RuntimeError, OSError):
                end = f"{engine.driver}/session{engine.session}"
                urllib.request.urlopen(urllib.request.Request(end, method="DELETE"), timeout=20)


def start_webkit(driver, patience=30):
    """Return a session with a driver that may still be starting."""
    end = time.monotonic() + patience
    while True:
        try:
            return WebKit(driver)
        except urllib.error.URLError:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)


def free_port():
    """Return a port of this machine that nobody listens at."""
    import socket

    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        return bound.getsockname()[1]
