"""Who lives near any place: a layer of people, a kernel that counts them in circles, and `near`.

`open_layer` gives the people, `count` the numbers within circles, `sums` and `means` those of anything
else that is known of their areas; `near` and `together` answer for a list of places. docs/proximity.md
has the mathematics and the measured errors.
"""

from comingclean.proximity.answer import write_csv
from comingclean.proximity.areas import compile_areas
from comingclean.proximity.interval import interval
from comingclean.proximity.kernel import Counts, count
from comingclean.proximity.layer import Layer, People, build, open_index, save
from comingclean.proximity.means import Means, Pairs, in_layer_order, means, pairs, sums
from comingclean.proximity.near import Work, near, together
from comingclean.proximity.shelf import open_layer
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

__all__ = [
    "Counts",
    "Layer",
    "Means",
    "Pairs",
    "People",
    "Sites",
    "Work",
    "build",
    "compile_areas",
    "count",
    "from_frame",
    "in_layer_order",
    "interval",
    "means",
    "names_a_file",
    "near",
    "one_site",
    "open_index",
    "open_layer",
    "pairs",
    "read_miles",
    "read_sites",
    "read_where",
    "save",
    "sums",
    "together",
    "usable_miles",
    "write_csv",
]
