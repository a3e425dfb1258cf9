"""Coming Clean: an open atlas of heavy industry's pollution in the United States.

The verbs are those of the command: `compile`, `build`, `check`, `facility`, `near` (`place` gives the
whole report on one, `together` counts everyone near many once), `export`, `run`, and `table` for any
table of the database as a polars frame.
"""

from comingclean._version import __version__
from comingclean.verbs import build, check, compile, export, facility, run, table, values
from comingclean.verbs_near import near, place, together

__all__ = [
    "__version__",
    "build",
    "check",
    "compile",
    "export",
    "facility",
    "near",
    "place",
    "run",
    "table",
    "together",
    "values",
]
