"""How a request is answered: packed once, kept for the next who asks, not sent twice to one browser."""

from __future__ import annotations

import gzip
import json
import re
import sqlite3
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from fastapi import Request
from fastapi.responses import Response
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException

from comingclean import digest, paths
from comingclean.connection import Pool, connect
from comingclean.tables.release import ALL

# All plant pages of one language, packed; more than this is not kept.
_KEPT_BYTES: Final = 48_000_000
_QUICKLY: Final = 5  # of 9: a tenth larger than the smallest, in a third of the time
_MADE_OF: Final = ("**/*.py", "views/templates/*", "words/**/*.json", "web/.vite/manifest.json")
Question = Callable[..., Any]


class Shelf:
    """Packed answers by what was asked, up to so many bytes; the one not asked for longest goes."""

    def __init__(self, most: int = _KEPT_BYTES) -> None:
        self.most, self.size = most, 0
        self._held: OrderedDict[object, bytes] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: object) -> bytes | None:
        """The answer, if it is still there."""
        with self._lock:
            if key in self._held:
                self._held.move_to_end(key)
            return self._held.get(key)

    def put(self, key: object, packed: bytes) -> None:
        """Keep an answer."""
        with self._lock:
            self.size += len(packed) - len(self._held.pop(key, b""))
            self._held[key] = packed
            while self.size > self.most:
                self.size -= len(self._held.popitem(last=False)[1])


class Site:
    """One finished database with all that answers need of it. Raises InputError when it cannot be used.

    `edition` names everything that an answer is made of.
    """

    def __init__(self, database: Path) -> None:
        self.database, self.pool, self.shelf = database, Pool(database), Shelf()
        with connect(database) as connection:
            sql = "select value from release where part = ?"
            release = connection.execute(sql, (ALL,)).fetchone()[0]
        status = database.stat()
        made_of = [path for pattern in _MADE_OF for path in sorted(paths.PACKAGE.glob(pattern))]
        marks = (release, str(status.st_size), str(status.st_mtime_ns))
        self.edition = digest.of([*marks, *(digest.sha256(path) for path in made_of)])


@dataclass(frozen=True)
class Asked:
    """A request to a site, and the ways to answer it.

    A question is a function of a connection and whatever else is given; it says None where there is
    nothing of that name.
    """

    site: Site
    path: str
    headers: Headers

    def data(self, question: Question, *given: object) -> Response:
        """What a question says, as a data file. Raises HTTPException where it says None."""
        return self._answer("application/json", _as_json, question, given)

    def page(self, question: Question, *given: object) -> Response:
        """What a question says, being a whole page. Raises HTTPException where it says None."""
        return self._answer("text/html", str, question, given)

    def _answer(
        self, kind: str, write: Callable[[Any], str], question: Question, given: tuple[object, ...]
    ) -> Response:
        key = self.path, given
        name = f'W/"{digest.of([self.site.edition, repr(key)])[:20]}"'
        headers = {"etag": name, "cache-control": "no-cache", "vary": "accept-encoding"}
        if name in re.findall(r'W/"[^"]*"', self.headers.get("if-none-match", "")):
            return Response(status_code=304, headers=headers)
        packed = self.site.shelf.get(key)
        if packed is None:
            with self.site.pool.lent() as connection:
                text = write(found(question(connection, *given)))
            packed = gzip.compress(text.encode(), _QUICKLY, mtime=0)
            self.site.shelf.put(key, packed)
        if takes("gzip", self.headers):
            return Response(packed, headers=headers | {"content-encoding": "gzip"}, media_type=kind)
        return Response(gzip.decompress(packed), headers=headers, media_type=kind)


async def asked(request: Request) -> Asked:
    """What an address is given of its request."""
    return Asked(request.app.state.site, request.url.path, request.headers)


def found(answer: Any) -> Any:
    """The answer, or the page that says that nothing is called that."""
    if answer is None:
        raise HTTPException(404)
    return answer


def takes(coding: str, headers: Headers) -> bool:
    """Whether a browser lists a coding, and does not add that it will not have it."""
    pattern = rf"\b{coding}\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))"
    return bool(re.search(pattern, headers.get("accept-encoding", ""), re.IGNORECASE))


def _as_json(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def without_connection(question: Question) -> Question:
    """A question that asks no database."""

    def answer(connection: sqlite3.Connection, *given: object) -> Any:
        return question(*given)

    return answer
