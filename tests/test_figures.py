"""One rule for every number that is shown, and the small chart of a quantity over the years."""

import json
import math
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comingclean.views.figures import (
    Scale,
    column_places,
    decimal_place,
    ends,
    exactly,
    figure,
    scale_for,
    written,
)
from comingclean.views.trend import HEIGHT, WIDTH, trend
from sliced import ROOT

CASES = json.loads((ROOT / "web/src/lib/figure.cases.json").read_text("utf-8"))
COLUMNS = json.loads((ROOT / "web/src/lib/column.cases.json").read_text("utf-8"))
SCALES = st.sampled_from([1.0, 1e3, 1e6])
LANG = st.sampled_from(["en", "es"])
AMOUNT = st.floats(1e-3, 1e9).map(lambda x: float(f"{x:.6g}"))
HALF = st.floats(1e-4, 3)


@pytest.mark.parametrize(
    "case", CASES, ids=lambda case: f"{case['value']} {case['lang']} {case['text']}"
)
def test_the_page_writes_a_number_as_the_map_does(case):
    assert figure(case["value"], case["low"], case["high"], case["scale"], case["lang"]) == case["text"]


def test_the_cases_cover_both_languages_every_scale_and_every_kind_of_interval():
    assert {case["lang"] for case in CASES} == {"en", "es"}
    assert {case["scale"] for case in CASES} == {1, 1000, 1000000}
    assert {case["low"] is None for case in CASES} == {True, False}
    assert any(case["value"] < 0 for case in CASES)
    assert any(case["value"] == 0 for case in CASES)


def read_back(text: str, lang: str) -> Decimal:
    """The number that a reader of the language sees."""
    group, decimal = (",", ".") if lang == "en" else ("\u202f", ",")
    return Decimal(text.replace(group, "").replace(decimal, ".").replace("\u2212", "-"))


@given(AMOUNT, HALF, SCALES, LANG)
def test_a_shown_number_is_never_finer_than_it_is_known_and_never_far_off(value, share, scale, lang):
    half = value * share
    text = figure(value, value - half, value + half, scale, lang)
    shown = read_back(text, lang) * Decimal(scale)
    place = Decimal(10) ** decimal_place(value, value - half, value + half)
    assert abs(shown - Decimal(repr(value))) <= place / 2
    assert shown % place == 0
    fine = place >= Decimal(10) ** math.floor(math.log10(half) - 1e-9)
    assert fine or place == Decimal(10) ** Decimal(repr(value)).adjusted()
    assert len(str((shown / place).to_integral())) <= 4


@given(AMOUNT, HALF, SCALES, LANG)
def test_what_is_not_zero_is_never_shown_as_zero(value, share, scale, lang):
    for sign in (1, -1):
        text = figure(
            sign * value, sign * value - share * value, sign * value + share * value, scale, lang
        )
        assert read_back(text, lang) != 0
        assert text.startswith("\u2212") == (sign < 0)


@given(AMOUNT, HALF, SCALES)
def test_the_languages_differ_in_marks_only(value, share, scale):
    english = figure(value, value * (1 - share), value * (1 + share), scale, "en")
    spanish = figure(value, value * (1 - share), value * (1 + share), scale, "es")
    assert read_back(english, "en") == read_back(spanish, "es")


@given(AMOUNT, HALF, HALF, SCALES, LANG)
def test_both_ends_of_an_interval_hold_the_value_as_it_is_shown(value, below, above, scale, lang):
    low, high = max(value - below * value, 0), value + above * value
    shown = read_back(figure(value, low, high, scale, lang), lang)
    first, last = (read_back(text, lang) for text in ends(value, low, high, scale, lang))
    assert first <= shown <= last
    # Outwards: what is written is never narrower than what is known.
    assert first * Decimal(scale) <= Decimal(repr(float(low)))
    assert last * Decimal(scale) >= Decimal(repr(high))
    assert (first == 0) == (low == 0)


INTERVALS = json.loads((ROOT / "web/src/lib/ends.cases.json").read_text("utf-8"))


@pytest.mark.parametrize("case", INTERVALS, ids=lambda case: f"{case['low']} {case['high']}")
def test_the_page_writes_the_ends_of_an_interval_as_the_map_does(case):
    span = case["value"], case["low"], case["high"]
    assert list(ends(*span, case["scale"], case["lang"])) == case["texts"]


@given(AMOUNT, HALF, HALF)
def test_an_end_is_moved_outwards_by_a_tenth_of_the_interval_or_its_fourth_digit(value, below, above):
    low, high = max(value - below * value, 0), value + above * value
    place = Decimal(10) ** decimal_place(value, low, high)
    shown = read_back(figure(value, low, high, 1, "en"), "en")
    for end, text in zip((low, high), ends(value, low, high, 1, "en"), strict=True):
        moved = abs(read_back(text, "en") - Decimal(repr(float(end))))
        third = Decimal(10) ** (Decimal(repr(float(end))).adjusted() - 2) if end else 0
        leading = Decimal(10) ** Decimal(repr(float(end))).adjusted() if end else 0
        clamped = read_back(text, "en") == shown
        assert moved <= max(place / 10, third) or clamped or (end < place and moved <= leading)


@given(AMOUNT, st.lists(HALF, min_size=2, max_size=2), LANG)
def test_a_wider_interval_never_shows_more_digits(value, shares, lang):
    narrow, wide = sorted(shares)
    places = [decimal_place(value, value - s * value, value + s * value) for s in (narrow, wide)]
    assert places[0] <= places[1]


@pytest.mark.parametrize("case", COLUMNS, ids=lambda case: case["why"])
def test_the_page_writes_a_ranked_column_as_the_map_does(case):
    places = column_places([tuple(row) for row in case["rows"]])
    texts = [
        written(row[0], place, case["scale"], "en")
        for row, place in zip(case["rows"], places, strict=True)
    ]
    assert texts == case["texts"]


@given(st.lists(st.tuples(AMOUNT, HALF), min_size=1, max_size=40))
def test_printed_figures_never_rise_down_a_ranking(drawn):
    rows = sorted(((v, v - v * share, v + v * share) for v, share in drawn), reverse=True)
    places = column_places(rows)
    shown = [
        read_back(written(row[0], place, 1, "en"), "en")
        for row, place in zip(rows, places, strict=True)
    ]
    assert all(after <= before for before, after in pairwise(shown))
    assert all(place >= decimal_place(*row) for row, place in zip(rows, places, strict=True))


SCALED = json.loads((ROOT / "web/src/lib/scale.cases.json").read_text("utf-8"))


@pytest.mark.parametrize("case", SCALED, ids=lambda case: f"{case['largest']} {case['unit']}")
@pytest.mark.parametrize("lang", ["en", "es"])
def test_the_page_names_a_unit_as_the_map_does(case, lang):
    assert scale_for(case["largest"], case["unit"], lang) == Scale(case["scale"], case[lang])


@given(st.floats(0, 1e13), st.sampled_from(["t CO2e", "t", "kg", "MWh", "points"]), LANG)
def test_a_scale_leaves_a_figure_that_can_be_said(largest, unit, lang):
    scale = scale_for(largest, unit, lang)
    assert scale.factor == 1 or largest / scale.factor >= 1
    assert largest / scale.factor < 1e3 or scale.factor == 1 or largest >= 1e9


def test_an_end_that_is_not_zero_is_not_written_as_zero():
    assert ends(100_000, 40_000, 240_000, 1, "en") == ("40,000", "240,000")
    assert ends(3, 0.02, 43, 1, "es") == ("0,02", "43,0")
    assert ends(3, 0, 43, 1, "en") == ("0", "43")


@pytest.mark.parametrize(("lang", "text"), [("en", "1,500"), ("es", "1500")])
def test_a_tick_is_written_with_all_its_digits(lang, text):
    assert exactly(1_500_000, 1e3, lang) == text
    assert exactly(0.1 + 0.2, 1, lang) == ("0.3" if lang == "en" else "0,3")
    assert exactly(0, 1e6, lang) == "0"


def rows_of(values):
    return [
        {"year": year, "value": v, "low": v * 0.9, "high": v * 1.1, "unit": "t CO2e"}
        for year, v in values
    ]


SERIES = st.dictionaries(st.integers(2010, 2023), st.floats(0, 1e8), min_size=1).map(
    lambda d: rows_of(sorted(d.items()))
)
YEARS = list(range(2010, 2024))


@given(SERIES)
def test_a_chart_draws_every_year_within_its_box_and_keeps_their_order(rows):
    chart = trend(rows, YEARS, "en")
    assert [year for _, _, year in chart.points] == [row["year"] for row in rows]
    for x, y, _ in chart.points:
        assert 0 <= x <= WIDTH
        assert 0 <= y <= HEIGHT
    assert all(a[0] < b[0] for a, b in pairwise(chart.points))
    for ribbon in chart.ribbons:
        for pair in ribbon.split():
            x, y = map(float, pair.split(","))
            assert 0 <= x <= WIDTH
            assert 0 <= y <= HEIGHT


@given(SERIES)
def test_a_larger_value_stands_higher_and_its_ribbon_holds_it(rows):
    chart = trend(rows, YEARS, "en")
    heights = {row["value"]: y for row, (_, y, _) in zip(rows, chart.points, strict=True)}
    assert [y for _, y in sorted(heights.items())] == sorted(heights.values(), reverse=True)
    corners = [
        tuple(map(float, pair.split(","))) for ribbon in chart.ribbons for pair in ribbon.split()
    ]
    for x, y, _ in chart.points:
        around = [b for a, b in corners if abs(a - x) < 2]
        assert min(around) <= y <= max(around)


@given(SERIES)
def test_a_gap_breaks_the_line(rows):
    years = [row["year"] for row in rows]
    breaks = sum(b != a + 1 for a, b in pairwise(years))
    chart = trend(rows, YEARS, "en")
    assert len(chart.lines) == len(chart.ribbons) == breaks + 1


@given(st.floats(1e-3, 4e8))
def test_the_axis_starts_at_zero_ends_at_a_round_number_and_is_well_filled(top):
    rows = [{"year": 2020, "value": top, "low": 0, "high": top, "unit": "t CO2e"}]
    (zero, first), (_, middle), (at, last) = trend(rows, YEARS, "en").ticks
    assert (first, float(middle) * 2) == ("0", float(last))
    assert zero > at
    ceiling = float(last) * scale_for(top, "t CO2e", "en").factor
    assert top <= ceiling * (1 + 1e-9)
    assert ceiling <= 2.6 * top
    assert len(f"{float(middle):g}".replace(".", "").strip("0")) <= 3


def test_a_year_without_neighbours_still_has_its_interval():
    rows = rows_of([(2011, 5.0), (2017, 8.0)])
    for ribbon, row in zip(trend(rows, YEARS, "en").ribbons, rows, strict=True):
        heights = {pair.split(",")[1] for pair in ribbon.split()}
        assert len(heights) == 2, row


@pytest.mark.parametrize(
    ("unit", "value", "beside"),
    [("t CO2e", 5e6, "Mt"), ("points", 3e9, ""), ("people", 5, ""), ("%", 5, "%")],
)
def test_a_word_that_does_not_fit_does_not_stand_beside_the_axis(unit, value, beside):
    rows = [row | {"unit": unit} for row in rows_of([(2020, value)])]
    assert trend(rows, YEARS, "es").unit == beside


def test_a_chart_of_zeros_lies_on_its_axis():
    chart = trend(rows_of([(2010, 0.0), (2011, 0.0)]), YEARS, "en")
    assert {y for _, y, _ in chart.points} == {chart.ticks[0][0]}
