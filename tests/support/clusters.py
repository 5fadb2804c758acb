"""Dask clusters on this machine, of processes: a scheduler and workers that can be killed."""

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def free_port():
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return door.getsockname()[1]


class Loopback(contextlib.ExitStack):
    """A scheduler at an address that it keeps, and workers."""

    def __init__(self, *options, scheme="tcp", **environment):
        super().__init__()
        self.processes = []
        self.port, self.options, self.environment = free_port(), options, environment
        self.address = f"{scheme}://127.0.0.1:{self.port}"
        self.folder = self.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True))
        self.scheduler = self.start_scheduler()

    def start_scheduler(self):
        where = ("--host", "127.0.0.1", "--port", str(self.port), "--no-dashboard")
        if self.address.startswith("tls"):
            where = ("--protocol", "tls", *where)
        self.scheduler = self.start("scheduler", *where, **self.environment)
        until = time.monotonic() + 60
        while time.monotonic() < until and self.scheduler.poll() is None:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port)):
                return self.scheduler
            time.sleep(0.1)
        raise RuntimeError("the scheduler does not start")

    def start_worker(self, name="", threads=1, **environment):
        named = ("--name", name) if name else ()
        return self.start(
            *("worker", self.address, "--no-nanny", "--no-dashboard", *named),
            *("--nthreads", str(threads), "--local-directory", self.folder),
            **environment,
        )

    def start(self, what, *words, python=("-m", "dask"), **environment):
        """Start a process of Dask that ends with this cluster."""
        said = (Path(self.folder) / f"{what}.log").open("ab")
        process = subprocess.Popen(
            [sys.executable, *python, what, *words, *self.options],
            env=os.environ | environment,
            stdout=said,
            stderr=said,
        )
        said.close()
        self.processes.append(process)
        self.callback(end, process)
        return process

    def log(self, of):
        return (Path(self.folder) / f"{of}.log").read_text()


def end(process):
    process.kill()
    process.wait()
