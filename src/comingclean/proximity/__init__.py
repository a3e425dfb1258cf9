"""Who lives near any place: a layer of people, a kernel that counts them in circles, and `near`.

`open_layer` gives the people, `count` the numbers within circles, `pairs` which areas each circle holds
and what part of each; `near` and `together` answer for a list of places. docs/proximity.md has the
mathematics and the measured errors.
"""

from comingclean.proximity.areas import compile_areas
from comingclean.proximity.earth import METRES_PER_MILE, in_space
from comingclean.proximity.interval import Reach, interval
from comingclean.proximity.kernel import Counts, count
from comingclean.proximity.layer import Layer, People, build, open_index, save
from comingclean.proximity.near import Work, near, together, verdicts
from comingclean.proximity.pairs import Pairs, pairs
from comingclean.proximity.place import Verdict, countries_reached
from comingclean.proximity.shelf import SHIPPED, open_layer
from comingclean.proximity.sites import (
    Sites,
    from_frame,
    names_a_file,
    one_site,
    read_miles,
    read_sites,
    read_where,
    usable_miles,
)
from comingclean.proximity.union import Held, held
from comingclean.proximity.written import as_csv, refuse_foreign, write_answer

__all__ = [
    "METRES_PER_MILE",
    "SHIPPED",
    "Counts",
    "Held",
    "Layer",
    "Pairs",
    "People",
    "Reach",
    "Sites",
    "Verdict",
    "Work",
    "as_csv",
    "build",
    "compile_areas",
    "count",
    "countries_reached",
    "from_frame",
    "held",
    "in_space",
    "interval",
    "names_a_file",
    "near",
    "one_site",
    "open_index",
    "open_layer",
    "pairs",
    "read_miles",
    "read_sites",
    "read_where",
    "refuse_foreign",
    "save",
    "together",
    "usable_miles",
    "verdicts",
    "write_answer",
]
