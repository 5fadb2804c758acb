"""A server for a folder, on this machine only."""

import contextlib
import functools
import http.server
import threading
from pathlib import Path

PATIENCE = 30
"""Seconds for a page to show something."""

SHOWN = b"""<head><script>
  new PerformanceObserver((list) => {
    if (list.getEntriesByName("first-contentful-paint").length) fetch("/shown");
  }).observe({ type: "paint", buffered: true });
</script>"""


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serve files without a line of log for each, and all that a page needs by few connections."""

    protocol_version = "HTTP/1.1"

    def end_headers(self):
        """Let nothing be kept: a file that a test changes is asked for again, however soon."""
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def log_message(self, *args):
        """Say nothing."""


class Halting(Quiet):
    """Serve a page's text, and the rest when the browser has shown that, as on a slow line."""

    shown = threading.Event()

    def do_GET(self):
        """Answer with a file, a page in two parts, or nothing to a page that has been shown."""
        if self.path == "/shown":
            self.shown.set()
            self.send_response(204)
            self.end_headers()
        elif self.path.endswith(".html"):
            self.shown.clear()
            page = Path(self.translate_path(self.path)).read_bytes()
            page = page.replace(b"<head>", SHOWN, 1)
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(page)))
            self.end_headers()
            end = page.index(b"<footer")
            self.wfile.write(page[:end])
            assert self.shown.wait(PATIENCE), f"the text of {self.path} is not shown"
            self.wfile.write(page[end:])
        else:
            super().do_GET()


@contextlib.contextmanager
def served(folder, handler=Quiet):
    """Serve a folder on a free port of 127.0.0.1; yield the address."""
    handler = functools.partial(handler, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()
