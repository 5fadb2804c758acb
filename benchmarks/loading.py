"""Bytes of a page and time to its first control: `python -m benchmarks.loading [SITE …]`.

SITE is a folder of a built site; without one it is `_build/html`. Several are measured in turns, so
that what else the machine does falls on all of them, and each is compared with the first. A page is
loaded with an empty cache, from a server that compresses as publishing hosts do. Its first control
can be used when its explorable is mounted and a frame has been drawn: the page itself tells the
time, since it was asked for. Bytes are those of all that a page loads before anything is pressed,
as they are and compressed. Networks: this machine's own, and 4G (9 Mbit/s, 60 ms) by Chromium's
throttle.
"""

import contextlib
import gzip
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from mimetypes import guess_type
from pathlib import Path
from queue import Empty, Queue
from threading import Thread

from playwright.sync_api import sync_playwright

from benchmarks.asked import Line, count
from benchmarks.machine import processor

BUILT = Path(__file__).parents[1] / "_build" / "html"
PAGES = ("index", "probabilities", "heads", "transfer")
COMPRESSED = {".woff2", ".png", ".jpg"}
FOUR_G = {
    "offline": False,
    "latency": 60,
    "downloadThroughput": 9e6 / 8,
    "uploadThroughput": 9e6 / 8,
}
PATIENCE = 60  # seconds for a page

TELL = b"""<script>{
  const told = () => requestAnimationFrame(() => requestAnimationFrame(() =>
    fetch("/told", {method: "POST", body: String(performance.now())})));
  const watch = new MutationObserver(() => {
    if (!document.querySelector(".sb-explorable[data-mounted] :is(input, button, select)")) return;
    watch.disconnect();
    told();
  });
  watch.observe(document, {subtree: true, childList: true, attributeFilter: ["data-mounted"]});
}</script>"""

AFTER_A_WHILE = (
    "<!doctype html><script>setTimeout(() => location = location.hash.slice(1), 3000)</script>"
)


@cache
def answer(path):
    """Return a file's bytes, and what is sent of it."""
    data = path.read_bytes()
    told = data.replace(b"<head>", b"<head>" + TELL, 1) if path.suffix == ".html" else data
    return len(data), told if path.suffix in COMPRESSED else gzip.compress(told, 6)


class Server(ThreadingHTTPServer):
    """Serves folders by their numbers (`/0/book/index.html`), and hears what pages tell."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, folders):
        super().__init__(("127.0.0.1", 0), Answer)
        self.folders, self.told, self.asked = folders, Queue(), []
        Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, request, client_address):
        """Say nothing of a browser that closed a connection; else tell it as usual."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)

    def address(self, site, page):
        """Return where a page of a site is."""
        return f"http://127.0.0.1:{self.server_port}/{site}/book/{page}.html"

    def wait(self):
        """Return the milliseconds that the page tells, or not a number."""
        with contextlib.suppress(Empty):
            return self.told.get(timeout=PATIENCE)
        return float("nan")


class Answer(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        """Say nothing."""

    def do_POST(self):
        """Hear what a page tells."""
        told = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.told.put(float(told))
        self.send([], b"")

    def do_GET(self):
        """Send a file."""
        path = self.path.partition("?")[0]
        if path == "/start":
            self.send([("Content-Type", "text/html")], AFTER_A_WHILE.encode())
            return
        site, _, name = path[1:].partition("/")
        file = self.server.folders[int(site)] / name if site.isdigit() else None
        if file is None or not file.is_file():
            self.send_error(404)
            return
        raw, sent = answer(file)
        self.server.asked.append((name, raw, len(sent)))
        kind = "text/javascript" if file.suffix == ".mjs" else guess_type(name)[0]
        packed = [] if file.suffix in COMPRESSED else [("Content-Encoding", "gzip")]
        self.send([("Content-Type", kind or "application/octet-stream"), *packed], sent)

    def send(self, headers, body):
        """Send an answer."""
        self.send_response(200)
        for name, value in [*headers, ("Content-Length", str(len(body)))]:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


def by_chromium(browser, server, site, page, network):
    """Load a page; return milliseconds to its first control, and what was asked for."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    try:
        tab = context.new_page()
        if network is not None:
            session = context.new_cdp_session(tab)
            session.send("Network.enable")
            session.send("Network.emulateNetworkConditions", network)
        server.asked.clear()
        tab.goto(server.address(site, page), wait_until="networkidle", timeout=1e3 * PATIENCE)
        took = server.wait()
        return took, list(server.asked)
    finally:
        context.close()


def by_firefox(firefox, server, site, page):
    """Load a page in a new Firefox, once that has come to rest."""
    with tempfile.TemporaryDirectory() as profile:
        start = f"http://127.0.0.1:{server.server_port}/start#{server.address(site, page)}"
        command = [firefox, "--headless", "--new-instance", "--profile", profile, start]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            return server.wait()
        finally:
            process.terminate()
            process.wait()


def compared(values):
    """Return each site's median, and how many times the first one's it is."""
    medians = [statistics.median(each) for each in values]
    return [(each, each / medians[0]) for each in medians]


def shown(title, values, unit):
    """Print a row."""
    cells = (f"{value:9.0f} {unit} ({times:4.2f}×)" for value, times in compared(values))
    print(f"  {title:28}", *cells, flush=True)


def main():
    """Measure, in turns, and print medians."""
    line = Line(__spec__.name, __doc__)
    line.add_argument("site", nargs="*", type=Path, help=f"folder of a built site; else {BUILT}")
    line.add_argument("--page", action="append", help="name without its ending; may be repeated")
    line.add_argument("--times", type=count, default=5, help="how often; else 5")
    line.add_argument("--json", type=Path, help="file for every single time")
    given = line.parse_args()
    sites, pages = given.site or [BUILT], given.page or PAGES
    for missing in (site / "book" / f"{page}.html" for site in sites for page in pages):
        if not missing.is_file():
            line.error(f"there is no {missing}")
    server, every = Server(sites), {}
    chromium = (
        os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    )
    firefox = shutil.which("firefox-esr") or shutil.which("firefox")
    print(processor(), f"{os.cpu_count()} cores, median of {given.times}", *sites, sep=", ")
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for page in pages:
            print(page)
            times = {name: [[] for _ in sites] for name in ("Chromium", "Chromium, 4G", "Firefox")}
            loaded = [[] for _ in sites]
            for _ in range(given.times):
                for site in range(len(sites)):
                    took, loaded[site] = by_chromium(browser, server, site, page, None)
                    times["Chromium"][site].append(took)
                    took, _ = by_chromium(browser, server, site, page, FOUR_G)
                    times["Chromium, 4G"][site].append(took)
                    if firefox:
                        times["Firefox"][site].append(by_firefox(firefox, server, site, page))
            shown("requests", [[len(each)] for each in loaded], "")
            shown("bytes", [[sum(raw for _, raw, _ in each)] for each in loaded], "B")
            shown("bytes, compressed", [[sum(sent for *_, sent in each)] for each in loaded], "B")
            for name, taken in times.items():
                if taken[0]:
                    shown(f"first control, {name}", taken, "ms")
            every[page] = times
        browser.close()
    if given.json:
        given.json.write_text(json.dumps(every), encoding="utf-8")


if __name__ == "__main__":
    main()
