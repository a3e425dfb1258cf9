"""What every address shares: the database it reads, what it takes, and how it answers."""

from __future__ import annotations

import json
import sqlite3
import threading
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Final

from fastapi import Depends, Query, Request
from fastapi import Path as UrlPath
from fastapi.responses import Response
from starlette.exceptions import HTTPException


def opened(request: Request) -> sqlite3.Connection:
    """The database of the application that was asked."""
    return _connection(str(request.app.state.database), threading.get_ident())


@cache
def _connection(path: str, thread: int) -> sqlite3.Connection:
    """One read-only connection a thread: opening one for each request would cost more than asking."""
    address = f"{Path(path).absolute().as_uri()}?mode=ro"
    connection = sqlite3.connect(address, uri=True, check_same_thread=False)
    connection.row_factory = sqlite3.Row
    return connection


Database = Annotated[sqlite3.Connection, Depends(opened)]
Slug = Annotated[str, UrlPath(pattern=r"^[a-z0-9_-]+$")]


# A place as a person writes it, how far to look, and a few words of a search.
At = Annotated[str, Query(max_length=100)]
Miles = Annotated[float, Query(ge=0.1, le=50)]
Text = Annotated[str, Query(min_length=1, max_length=100)]
REACH_MILES: Final = 10.0


def found(answer: Any) -> Any:
    """The answer, or the page that says that nothing is called that."""
    if answer is None:
        raise HTTPException(404)
    return answer


def as_json(content: Any) -> Response:
    """A data file."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return Response(text, media_type="application/json")
