"""A server for a folder, on this machine only."""

import contextlib
import functools
import http.server
import threading


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serve files without a line of log for each, and all that a page needs by few connections."""

    protocol_version = "HTTP/1.1"

    def end_headers(self):
        """Let nothing be kept: a file that a test changes is asked for again, however soon."""
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def log_message(self, *args):
        """Say nothing."""


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
