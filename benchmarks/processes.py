"""How soon a served process answers, and how much memory it takes."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from statistics import fmean

from benchmarks import yardstick
from benchmarks.figures import Figure
from tests.fixtures.children import free_port

_GIVE_UP = 30.0
_MEBIBYTE = 1024


def measure() -> list[Figure]:
    """Seconds from starting `serve` on a migrated database to its first answer, and its memory after that."""
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {
            "SUPERVISION_DATABASE_URL": f"sqlite:///{Path(folder) / 'start.sqlite3'}",
            "SUPERVISION_SANDBOX": "1",
            "SUPERVISION_EXAMPLES": "0",
            "SUPERVISION_SECRET_KEY": "for measuring alone, and not a secret",
        }
        _start(environment, folder)
        before = yardstick.pace()
        seconds, kibibytes = _start(environment, folder)
        pace = fmean((before, yardstick.pace()))
    return [
        Figure("start of serve until its first answer", seconds, "s", pace=pace, at_most=2),
        Figure("memory of serve", kibibytes / _MEBIBYTE, "MiB", at_most=250),
    ]


def _start(environment: dict[str, str], folder: str) -> tuple[float, int]:
    port = free_port()
    command = [sys.executable, "-m", "workers", "serve", "--port", str(port)]
    began = time.perf_counter()
    with subprocess.Popen(
        command, env=environment, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as server:
        try:
            while not _answers(port):
                if time.perf_counter() - began > _GIVE_UP:
                    raise RuntimeError("the service did not start")
                time.sleep(0.02)
            return time.perf_counter() - began, _resident(server.pid)
        finally:
            server.terminate()


def _answers(port: int) -> bool:
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{port}/api/v1/me", timeout=1)
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


def _resident(pid: int) -> int:
    """Kibibytes of memory that a process holds, as Linux counts them."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1])
