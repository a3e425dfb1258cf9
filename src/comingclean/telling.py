"""How long work is told of: something that moves on a terminal, plain lines elsewhere.

Both go to standard error, so that what a command prints can be piped on.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from rich.console import Console
from rich.markup import escape

Steps = Callable[[str], None]
Share = Callable[[int, int], None]
# Without a terminal, work that is done sooner than this says nothing of itself.
_SECONDS: Final = 5.0


@contextmanager
def steps() -> Iterator[Steps]:
    """Give a function to be told what is being done; what moves is taken away at the end."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda text: print(text, file=sys.stderr, flush=True)
        return
    with console.status("starting") as status:
        yield lambda text: status.update(escape(text))


@contextmanager
def share(what: str) -> Iterator[Share]:
    """Give a function to be told how much is done, and of how much."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield _now_and_then(what)
        return
    from rich.progress import Progress  # loads slowly, and is not needed elsewhere

    with Progress(console=console, transient=True) as bar:
        task = bar.add_task(escape(what), total=None)
        yield lambda done, of: bar.update(task, completed=done, total=of)


def _now_and_then(what: str) -> Share:
    told = time.monotonic()

    def tell(done: int, of: int) -> None:
        nonlocal told
        if time.monotonic() - told >= _SECONDS:
            told = time.monotonic()
            print(f"{what}: {done:,} of {of:,}", file=sys.stderr, flush=True)

    return tell
