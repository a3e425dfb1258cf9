"""What a neighbour sees of toxic chemicals: every row with its source, sums that are the figures."""

import re
import shutil
import sqlite3
import tomllib
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comingclean.connection import connect
from comingclean.views import amounts, burden, checked, pages, precision, query, toxics, toxics_data
from comingclean.views.amounts import Amount
from comingclean.views.fenceline import place_page
from comingclean.views.words import LANGUAGES, say, words
from sliced import GARY, ROOT

EAST = "cleveland-cliffs-indiana-harbor-east-in"  # shares its inventory record of 2011 and 2017
ILLINOIS = "keystone-steel-wire-peoria-il"  # EPA's own file, with 2019 and the years after 2020
SMELTER = "alcoa-massena-west-ny"  # no emissions inventory of aluminum is in hand
NOTHING = "heidelberg-bellingham-wa"  # no record in the toxics inventory
ZERO = "liberty-steel-georgetown-sc"  # filed for 2020 with nothing to air
FAR = "cemex-victorville-ca"
SHOWN = (GARY, EAST, ILLINOIS, SMELTER, NOTHING, ZERO, FAR, "ati-tsingshan-midland-pa")
VOID = ("meta", "link", "br", "input", "img", "polygon", "polyline", "circle", "line")
each_language = pytest.mark.parametrize("lang", LANGUAGES)


class Sections(HTMLParser):
    """The text, tags and English parts of some sections; opened and closed tags must match."""

    def __init__(self, text, ids):
        super().__init__()
        self.wanted, self.open, self.own = ids, [], []
        self.text, self.english = [], []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        named = dict(attrs)
        if tag not in VOID:
            self.open.append((tag, named))
        if "id" in named and self.inside:
            self.own.append(named["id"])

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self.open.pop()[0] == tag

    def handle_data(self, data):
        if self.inside:
            langs = [named["lang"] for _, named in self.open if "lang" in named]
            (self.english if len(langs) > 1 and langs[-1] == "en" else self.text).append(data)

    @property
    def inside(self):
        return any(named.get("id") in self.wanted for _, named in self.open)

    @property
    def said(self):
        return " ".join(" ".join(self.text).split())


def sections(connection, plant, lang):
    return Sections(pages.plant_page(connection, plant, lang), ("toxic-chemicals", "burden"))


@each_language
@pytest.mark.parametrize("plant", SHOWN)
def test_a_plants_toxic_sections_are_whole_and_nothing_in_them_is_empty(plant, lang, connection):
    page = sections(connection, plant, lang)
    assert len(page.own) == len(set(page.own))
    assert {"toxic-chemicals", "burden", "criteria"} <= set(page.own)
    assert "None" not in page.said and "{" not in page.said
    assert say(lang, "toxics.title") in page.said
    assert say(lang, "burden.limits") in page.said


@pytest.fixture(scope="module")
def everyone(shipped):
    """What the page says of every plant, with what the database holds."""
    with connect(shipped) as opened:
        ids = [row["facility_id"] for row in query.plants(opened)]
        return {
            one: (toxics_data.of_plant(opened, one), toxics.of_plant(opened, one, "en")) for one in ids
        }


def test_every_row_of_a_chemical_can_be_looked_up(everyone):
    counted = 0
    for held, shown in everyone.values():
        for year in shown["years"]:
            for row in year["chemicals"]:
                assert row["how"], (held["facility_id"], row["key"])
                counted += sum(len(how["row"].split(", ")) for how in row["how"])
                assert all(re.fullmatch(r"\d+(, \d+)*", how["row"]) for how in row["how"])
    assert counted > 25_000
    for held, _ in everyone.values():
        for part in ("releases", "filings", "inventory", "processes", "stacks", "causes", "figures"):
            ids = {name for row in held[part] for name in row["sources"]}
            assert ids <= set(held["lineage"]), (held["facility_id"], part)


def test_the_cells_of_a_year_add_up_to_the_plants_figures(everyone):
    counted = 0
    for _, shown in everyone.values():
        for year in shown["years"]:
            for medium, quantity in (
                ("air", "toxic_air"),
                ("water", "toxic_water"),
                ("land", "toxic_land"),
            ):
                cells = [
                    row["cells"][medium]["value"] for row in year["chemicals"] if medium in row["cells"]
                ]
                figure = year["figures"].get(quantity)
                assert (figure is None) == (cells == [])
                if figure:
                    assert sum(cells) == pytest.approx(figure["value"])
                    counted += 1
    assert counted > 4000


def test_the_weights_of_a_year_add_up_to_the_weighed_figure_with_its_ends(everyone):
    counted = 0
    for _, shown in everyone.values():
        for year in shown["years"]:
            parts = [row["weighed"] for row in year["chemicals"] if row["weighed"]]
            figure = year["figures"].get("toxicity_weighted_air")
            assert (figure is None) == (parts == [])
            if figure:
                whole = amounts.added(parts)
                assert whole == pytest.approx([figure[name] for name in ("value", "low", "high")])
                counted += 1
    assert counted > 2000


def test_what_weighs_most_comes_first_and_no_benchmark_is_said(everyone):
    _, shown = everyone[GARY]
    rows = shown["years"][0]["chemicals"]
    weights = [row["weighed"].value if row["weighed"] else 0 for row in rows]
    assert weights == sorted(weights, reverse=True)
    bare = [row for row in rows if "air" in row["cells"] and not row["benchmark"]]
    assert {"Ammonia", "Zinc compounds"} <= {row["name"] for row in bare}
    assert all(row["share"] is None for row in bare)


def row_of(html, key):
    return re.search(rf'<tr[^>]*data-chemical="{key}">.*?</tr>', html, re.S)[0]


@each_language
def test_a_chemical_stands_in_one_row_with_all_that_is_known_of_it(lang, connection):
    html = pages.plant_page(connection, GARY, lang)
    row = row_of(html, "N420")
    name = {"en": "Lead compounds", "es": "Compuestos de plomo"}[lang]
    assert f'scope="row"><span>{name}</span>' in row
    for flag in ("hap", "metal", "pbt"):
        assert say(lang, f"toxics.flag.{flag}") in row
    assert 'data-grade="D"' in row and 'data-grade="B"' in row
    for medium, method, number in (("air", "tri_4", 28458), ("water", "tri_1", 28459)):
        found = f"{say(lang, f'toxics.in.{medium}')}: {say(lang, f'toxics.how.{method}')}"
        assert f'{found} <span class="nowrap">({number})</span>' in row
    assert "flowbyfacility_TRI_2020.parquet" in html


@each_language
def test_the_weighed_sum_stands_beside_what_it_leaves_out_and_says_what_it_is_not(lang, connection):
    page = sections(connection, GARY, lang)
    bare = say(lang, "toxics.bare", percent="80", low="20", high="100")
    assert bare in page.said
    assert (
        page.said.index(bare)
        - page.said.index(say(lang, "toxics.weighed", sum="", low="", high="")[:20])
        < 200
    )
    for key in ("toxics.not_risk", "toxics.weighing_text", "toxics.weighing_limits"):
        assert say(lang, key) in page.said


def test_chemicals_have_spanish_names_and_names_of_facilities_stay_english_and_are_marked_so(
    connection,
):
    page = sections(connection, GARY, "es")
    assert "Compuestos de cromo" in page.said and "TMS INTERNATIONAL LLC" in page.english
    assert "Chromium" not in page.said and "compounds" not in page.said
    used = toxics_data.of_plant(connection, GARY)["chemicals"].values()
    only = [one["name"] for one in used if one["name"] not in one["name_es"]]
    assert len(only) > 20
    assert [name for name in only if name in page.said] == []
    english = {text for key, text in words("en").items() if key.startswith(("toxics.", "burden."))}
    spanish = {text for key, text in words("es").items() if key.startswith(("toxics.", "burden."))}
    long = [text for text in english - spanish if len(text) > 25 and "{" not in text]
    assert len(long) > 20
    assert [text for text in long if text in page.said] == []


@each_language
def test_a_plant_without_a_filing_says_why_and_that_missing_is_not_zero(lang, connection):
    page = sections(connection, NOTHING, lang)
    assert say(lang, "toxics.none") in page.said
    assert "TRI" in page.said
    found = query.rows(
        connection, "select * from finding where facility_id = ? and subject = 'tri'", NOTHING
    )
    assert found[0][f"sentence_{lang}"] in page.said
    assert say(lang, "toxics.criteria_none") in page.said


@each_language
def test_years_that_were_not_filed_are_missing_and_those_not_in_hand_are_told_apart(lang, connection):
    assert (
        say(lang, "toxics.absent.unfiled", years="2009–2015")
        in sections(connection, SMELTER, lang).said
    )
    assert (
        say(lang, "toxics.absent.not_in_hand", years="2019") in sections(connection, SMELTER, lang).said
    )
    assert say(lang, "toxics.absent.empty", years="2020") in sections(connection, ZERO, lang).said
    assert "toxics.absent" not in sections(connection, ILLINOIS, lang).said
    assert not toxics.of_plant(connection, ILLINOIS, lang)["absent"]["not_in_hand"]


def test_years_in_words_are_spans():
    assert toxics.spans({2009, 2011, 2012, 2013, 2020}) == "2009, 2011–2013, 2020"
    assert toxics.spans(set()) == ""


@each_language
def test_the_inventory_stands_by_process_and_stack(lang, connection):
    shown = toxics.of_plant(connection, GARY, lang)["inventory"]
    processes = query.rows(
        connection,
        """select count(distinct record_id || scc) as n from air_process
        where facility_id = ? and chemical in
        ('PM2.5', 'PM10', '7446-09-5', 'NOX', 'VOC', '630-08-0', '7664-41-7', '7439-92-1')""",
        GARY,
    )
    assert len(shown["processes"]) == processes[0]["n"]
    most = [process["most"] for process in shown["processes"]]
    assert most == sorted(most, reverse=True)
    stacks = query.rows(connection, "select count(*) as n from air_stack where facility_id = ?", GARY)
    assert len(shown["stacks"]) == stacks[0]["n"]
    page = sections(connection, GARY, lang).said
    assert say(lang, "toxics.processes", n=len(shown["processes"])) in page
    assert say(lang, "toxics.stacks", n=len(shown["stacks"])) in page


@each_language
def test_a_record_that_covers_two_plants_says_so(lang, connection):
    assert say(lang, "toxics.criteria_shared") in sections(connection, EAST, lang).said


def test_stacks_are_warm_in_degrees_celsius(connection):
    shown = toxics.of_plant(connection, "alamo-cement-san-antonio-tx", "en")["inventory"]
    raw = query.rows(
        connection,
        """select unit_id, process_id, temperature from air_stack where facility_id = ?
        and temperature is not null""",
        "alamo-cement-san-antonio-tx",
    )
    told = {(row["unit_id"], row["process_id"]): row["temperature_text"] for row in shown["stacks"]}
    assert len(raw) > 10
    for row in raw:
        text = told[row["unit_id"], row["process_id"]].replace(",", "").replace("−", "-")
        assert float(text) == pytest.approx(row["temperature"] - 273.15, abs=0.051)


@pytest.fixture
def two_ids(shipped, tmp_path):
    """A copy of the shipped database in which Gary filed lead under a second id, too."""
    file = tmp_path / shutil.copy(shipped, tmp_path)
    with sqlite3.connect(file) as opened:
        opened.execute(
            """insert into toxic_release select facility_id, year, 'SECOND', chemical, cas, medium,
            100, 50, 200, unit, method, grade, reliability, sources from toxic_release
            where facility_id = ? and year = 2020 and chemical = 'N420' and medium = 'air'""",
            (GARY,),
        )
    opened.close()
    return file


@each_language
def test_several_ids_of_a_plant_are_added_up_with_their_parts_visible(lang, two_ids):
    with connect(two_ids) as opened:
        html = pages.plant_page(opened, GARY, lang)
        shown = toxics.of_plant(opened, GARY, lang)["years"][0]
    cell = next(row for row in shown["chemicals"] if row["key"] == "N420")["cells"]["air"]
    assert cell["value"] == pytest.approx(391.599926692 + 100)
    row = row_of(html, "N420")
    assert "SECOND: 100 (50–200)" in row
    assert "46402SSGRYONENO: 392 (" in row
    assert say(lang, "toxics.several_ids", n=2, ids="46402SSGRYONENO, SECOND") in html


@each_language
def test_the_air_around_a_plant_names_its_causes_and_its_own_share(lang, connection):
    html = pages.plant_page(connection, GARY, lang)
    part = re.search(r'<section id="burden">.*?</section>', html, re.S)[0]
    assert say(lang, "burden.own", percent="50") in part
    assert part.count("<tr data-own>") == 2  # within three miles and within ten
    assert '<a href="' in part and "/plants/cleveland-cliffs-indiana-harbor-east-in" in part
    assert say(lang, "burden.bare", percent="78") in part
    assert 'class="trend"' in part
    assert say(lang, "burden.far", miles="12.5" if lang == "en" else "12,5") in pages.plant_page(
        connection, FAR, lang
    )


@each_language
def test_a_plant_whose_own_filing_is_missing_has_no_share_and_says_so(lang, connection):
    sql = """select facility_id from burden where year = 2020 and radius_miles = 3
        and own_share is null and weighted > 0 order by facility_id"""
    for row in query.rows(connection, sql)[:3]:
        page = sections(connection, row["facility_id"], lang)
        assert say(lang, "burden.own_none", year=2020) in page.said


@each_language
def test_where_nobody_filed_for_the_newest_year_that_is_said_and_not_an_older_year(lang, connection):
    sql = """select facility_id from burden where radius_miles = 3 group by facility_id
        having max(year) < 2020"""
    lapsed = query.rows(connection, sql)
    assert lapsed
    for row in lapsed:
        page = sections(connection, row["facility_id"], lang)
        miles = "3 miles (4.8 km)" if lang == "en" else "3 millas (4,8 km)"
        assert say(lang, "burden.none", miles=miles, year=2020) in page.said


@each_language
def test_the_report_on_a_place_has_the_air_around_it(lang, connection):
    html = place_page(connection, "46402", (3.0, 10.0), lang)
    page = Sections(html, ("burden",))
    miles = "3 miles (4.8 km)" if lang == "en" else "3 millas (4,8 km)"
    assert say(lang, "burden.title", miles=miles) in page.said
    assert "USS GARY WORKS" in html
    order = [float(text) for text in re.findall(r'style="--tick:([\d.]+)%"', html)][:2]
    assert order == sorted(order, reverse=True)
    assert say(lang, "burden.own", percent="50")[:12] not in page.said
    nowhere = place_page(connection, "0, 0", (3.0, 10.0), lang)
    assert 'id="burden"' not in nowhere


def test_the_data_of_a_plant_is_all_of_it_and_an_unknown_one_is_missing(client, connection):
    data = client.get(f"/data/toxics/{GARY}.json").raise_for_status().json()
    count = query.rows(
        connection, "select count(*) as n from toxic_release where facility_id = ?", GARY
    )
    assert len(data["releases"]) == count[0]["n"]
    used = {name for row in data["releases"] for name in row["sources"]}
    assert used <= set(data["lineage"])
    assert {row["chemical"] for row in data["releases"]} <= set(data["chemicals"])
    assert len(data["burden"]) == 22
    assert client.get("/data/toxics/no-such-plant.json").status_code == 404
    around = client.get("/data/burden.json?at=46402&miles=3").raise_for_status().json()
    assert around["radii"] == [3.0]
    assert client.get("/data/burden.json?at=nowhere-at-all").status_code == 422


POSITIVE = st.floats(1e-6, 1e12)


@given(st.lists(st.tuples(POSITIVE, st.floats(1, 30), st.floats(1, 30)), min_size=1, max_size=12))
def test_shares_add_up_and_their_ends_hold_them(parts):
    every = [Amount(v, v / down, v * up) for v, down, up in parts]
    whole = amounts.added(every)
    shares = [amounts.share(part, whole) for part in every]
    assert sum(share.value for share in shares) == pytest.approx(1)
    for share in shares:
        assert 0 <= share.low <= share.value <= share.high <= 1 + 1e-9
    assert amounts.share(amounts.NONE, amounts.NONE) is None


def test_the_ends_of_a_share_are_the_part_at_one_end_and_the_rest_at_the_other():
    whole = amounts.added([Amount(30, 15, 90), Amount(60, 30, 180)])
    share = amounts.share(Amount(30, 15, 90), whole)
    assert share == pytest.approx((1 / 3, 15 / (15 + 180), 90 / (90 + 30)))


@given(POSITIVE, st.floats(1, 50), st.sampled_from(LANGUAGES))
def test_an_end_that_is_not_nought_is_never_written_as_nought(value, factor, lang):
    told = amounts.text(Amount(value, value / factor, value * factor), lang)
    assert "0" not in (told["low_text"], told["text"], told["high_text"])


def test_large_sums_are_written_in_words_with_the_unit_once():
    told = amounts.large(Amount(2.9e9, 1.4e9, 4.1e9), "en")
    assert told == {"text": "3 billion", "low_text": "1", "high_text": "4 billion"}
    assert amounts.large(Amount(5e6, 4e6, 6e6), "es")["text"] == "5 millones"
    assert amounts.large(Amount(500.0, 400.0, 600.0), "en")["text"] == "500"


def test_a_share_too_small_to_matter_has_no_digits():
    small = amounts.percent(Amount(0.0001, 0.00001, 0.001), "es")
    assert (small["text"], small["low_text"]) == ("<\u202f0,1", None)
    assert amounts.percent(Amount(0.0, 0.0, 0.0), "en")["text"] == "0"
    assert amounts.percent(None, "en") is None


# --- Figures as they were filed


@pytest.mark.parametrize(
    ("value", "lang", "text"),
    [
        (153_808.37, "en", "153,808"),
        (153_808.37, "es", "153\u202f808"),
        (391.6, "en", "392"),
        (99.96, "en", "100"),
        (12.345, "en", "12.3"),
        (0.001234, "es", "0,00123"),
        (0.0, "en", "0"),
    ],
)
def test_a_filed_figure_can_be_found_again_and_its_ends_are_rounded(value, lang, text):
    told = amounts.filed(Amount(value, value / 5, value * 5), lang)
    assert told["text"] == text
    digits = re.sub(r"\D", "", told["high_text"]).strip("0")
    assert len(digits) <= 1


def test_dioxins_are_shown_in_grams_as_the_form_has_them(connection):
    found = toxics.of_plant(connection, "suncoke-gateway-granite-city-il", "en")["years"]
    cells = [
        cell
        for year in found
        for row in year["chemicals"]
        if row["key"] == "N150"
        for cell in row["cells"].values()
    ]
    assert cells
    for cell in cells:
        assert cell["unit"] == "g"
        shown = float(cell["text"].replace(",", ""))
        assert shown == pytest.approx(1000 * cell["value"], rel=0.006)
    lead = [row for year in found for row in year["chemicals"] if row["key"] == "N420"]
    assert {cell["unit"] for row in lead for cell in row["cells"].values()} == {None}


@each_language
def test_the_sum_of_a_column_is_that_of_its_cells_as_filed(lang, connection):
    year = toxics.of_plant(connection, GARY, lang)["years"][0]
    filed = sum(row["cells"]["air"]["value"] for row in year["chemicals"] if "air" in row["cells"])
    assert re.sub(r"\D", "", year["sums"]["air"]["text"]) == f"{filed:.0f}"


# --- Which way it went


def directed(low, high):
    row = {"trend": (low + high) / 2, "trend_low": low, "trend_high": high}
    return burden._trend(row, "en")


@pytest.mark.parametrize(
    ("low", "high", "way"), [(-9, -2, "down"), (1, 4, "up"), (-3, 2, "none"), (0, 5, "none")]
)
def test_a_trend_that_may_go_either_way_claims_no_direction(low, high, way):
    told = directed(low, high)
    assert told["way"] == way
    sentences = [
        say(
            lang,
            f"burden.trend.{way}",
            percent=told["text"],
            low=told["low_text"],
            high=told["high_text"],
        )
        for lang in LANGUAGES
    ]
    assert all("{" not in text for text in sentences)
    if way == "none":
        assert "no clear direction" in sentences[0]
        assert told["low_text"].startswith("−") == (low < 0)
    else:
        assert not told["low_text"].startswith("−")


def test_the_ends_of_a_fall_are_named_the_smaller_first():
    told = directed(-9, -2)
    assert (told["low_text"], told["high_text"]) == ("2", "9")


@each_language
def test_both_ways_are_told_somewhere_in_the_country(lang, connection):
    sql = """select facility_id from burden where radius_miles = 3 and trend_low <= 0
        and trend_high >= 0 and trend is not null limit 2"""
    for row in query.rows(connection, sql):
        page = sections(connection, row["facility_id"], lang)
        start = say(lang, "burden.trend.none", low="", high="")[:25]
        assert start in page.said


# --- The page of what was checked


@each_language
def test_the_page_of_checks_counts_every_row_set_aside_by_reason(lang, connection):
    html = checked.checks_page(connection, lang)
    said = re.sub(r"<[^>]+>", " ", html)
    counts = query.rows(connection, "select reason, kept, count(*) as n from reject group by reason")
    assert len(counts) >= 4
    for row in counts:
        assert say(lang, f"reject.{row['reason']}") in said
        counted = say(lang, "checks.counts" if row["kept"] else "checks.counts_not", n=row["n"])
        assert counted in said, row
    for row in query.rows(connection, "select * from reject"):
        assert str(row["row"]) in html and row["record_id"] in html


@each_language
def test_the_page_of_checks_has_every_total_and_every_difference(lang, connection):
    html = checked.checks_page(connection, lang)
    totals = query.rows(connection, "select * from toxic_control")
    missed = [row for row in totals if not row["within"]]
    assert say(lang, "checks.missed", n=len(missed)) in html
    assert say(lang, "checks.met", n=len(totals) - len(missed)) in html
    for medium in ("air", "water", "land"):
        rows = [row for row in totals if row["medium"] == medium]
        held = sum(row["within"] for row in rows)
        assert re.search(rf"{held} (of|de) (las )?{len(rows)} ", html)
    apart = query.rows(connection, "select * from toxic_agreement where within = 0")
    assert say(lang, "checks.differences", n=len(apart)) in html
    assert all(row["tri_id"] in html for row in apart)
    if lang == "es":
        assert "Ciclohexano" in html and "Cyclohexane" not in html


def test_the_checks_are_served_linked_and_given_as_data(client, connection):
    data = client.get("/data/checks.json").raise_for_status().json()
    for name, table in (
        ("rejects", "reject"),
        ("totals", "toxic_control"),
        ("agreement", "toxic_agreement"),
    ):
        count = query.rows(connection, f"select count(*) as n from {table}")[0]["n"]
        assert len(data[name]) == count
    for page in (precision.precision_page(connection, "es"), pages.methods_page(connection, "es")):
        assert 'href="/es/checks"' in page


def test_every_reason_has_a_name_in_both_languages():
    reasons = tomllib.loads((ROOT / "data/rejects.toml").read_text("utf-8"))
    for lang in LANGUAGES:
        assert {f"reject.{one}" for one in reasons} <= set(words(lang))
