"""Find a Chromium for the browser tests, or install one.

The machine's own, else Debian's, else Playwright's. Prints its path; tests read it from `find()`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find() -> str | None:
    """The path of a Chromium, or None where there is none."""
    named = os.environ.get("COMINGCLEAN_CHROMIUM")
    found = next((path for name in _NAMES if (path := shutil.which(name))), None)
    return named or found or _playwright()


def _playwright() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def install() -> str | None:
    """Install a Chromium with what the machine has; the path, or None when nothing worked."""
    root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if shutil.which("apt-get") and (not root or shutil.which("sudo")):
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        for words in (["update", "-qq"], ["install", "-y", "-qq", "chromium"]):
            subprocess.run([*root, "apt-get", *words], env=environment, check=False)
    if find() is None:
        subprocess.run(
            [sys.executable, "-m", "playwright", "install", "--with-deps", "chromium"], check=False
        )
    return find()


def main() -> int:
    """Print the path of a Chromium, installing one when there is none; 1 when that fails."""
    path = find() or install()
    print(path or "no Chromium could be found or installed: set COMINGCLEAN_CHROMIUM to one")
    return 0 if path else 1


if __name__ == "__main__":
    sys.exit(main())
