"""What a reader sees of who is who: dates, places, kinds in words, companies, plants not yet built."""

import io
import re

import pytest
from rich.console import Console

from comingclean.views import companies, data, kinds, pages, query, terminal
from sliced import GARY

HYUNDAI, SPEED, DIXON = "hyundai-steel-louisiana-la", "heidelberg-speed-in", "st-marys-dixon-il"
GREAT_LAKES = "us-steel-great-lakes-works-mi"


def plain(html):
    """The text of a page without tags, in one line."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def identity(connection, plant, lang="en"):
    text = pages.plant_page(connection, plant, lang)
    return plain(
        text[text.index('id="identity"') : text.index("</section>", text.index('id="identity"'))]
    )


def on_record(connection, plant, lang="en"):
    text = pages.plant_page(connection, plant, lang)
    start = text.index('id="attributes"')
    rows = re.findall(r"<tr>(.*?)</tr>", text[start : text.index("</section>", start)], re.DOTALL)
    return [
        [plain(cell).strip() for cell in re.findall(r"<t[hd].*?>(.*?)</t[hd]>", row, re.DOTALL)]
        for row in rows
    ]


def test_route_and_status_stand_with_their_year_in_both_languages(connection):
    assert "Route Electric arc furnace (EAF) ( as of 2025 )" in re.sub(
        r"\((as of \d+)\)", r"( \1 )", identity(connection, "us-steel-fairfield-works-al")
    )
    spanish = identity(connection, "suncoke-haverhill-oh", "es")
    assert "Coque con recuperación de calor (supuesto)" in spanish
    assert "assumed" not in spanish
    assert "En funcionamiento (según 2023)" in spanish
    assert "Las fuentes no coinciden (según 2025)" in identity(connection, DIXON, "es")


def test_the_point_says_what_it_is_and_where_it_was_filed(connection):
    text = identity(connection, GREAT_LAKES)
    assert "42.2632, -83.1216 (center of the plant, confirmed on satellite images; as of 2025;" in text
    assert (
        "its farthest record stands 2.3 km away; filed with EPA: 42.2581, -83.1386, 1.5 km away)"
        in text
    )
    assert "declarado a la EPA: 42.2581, -83.1386, a 1,5 km" in identity(connection, GREAT_LAKES, "es")
    kept = identity(connection, "cleveland-cliffs-butler-works-pa")
    assert "as filed with EPA; as of 2023; its farthest record stands 2.6 km away" in kept


def test_shares_words_and_open_years_are_written_out(connection):
    rows = on_record(connection, "st-marys-charlevoix-mi")
    assert ["Parent", "Province of Quebec", "17 %", "2025", "stated"] in [row[:5] for row in rows]
    assert not [row for row in rows if "% owned" in " ".join(row)]
    words = {tuple(row[:2]) for row in on_record(connection, DIXON)}
    assert ("Clinker capacity, in the source’s words", "unknown") in words
    spanish = [" | ".join(row[:5]) for row in on_record(connection, DIXON, "es")]
    capacity = r"Capacidad de cemento \| 1.530.000 t al año \| 1.025.100–2.203.200 \| 2025 \| consta"
    assert [row for row in spanish if re.fullmatch(capacity, row)]
    row = {"first_year": 2020, "last_year": None}
    assert [kinds._years(row, lang) for lang in ("en", "es")] == ["since 2020", "desde 2020"]


def test_every_kind_and_attribute_has_words_in_both_languages(connection):
    for lang in ("en", "es"):
        for kind in ("route", "status"):
            found = query.rows(connection, f"select distinct {kind} as code from facility_year")
            found += query.rows(connection, f"select distinct {kind} as code from facility")
            for code in {row["code"] for row in found if row["code"]}:
                text = kinds.said(kind, code, lang)
                assert text[0].isupper(), (kind, code)
        every = kinds.attributes(query.rows(connection, "select * from attribute"), lang)
        assert all("_" not in row["what"] for row in every)
        assert {row["certainty_text"] for row in every} & {"disputed", "en disputa"}


# --- plants that are not yet built


@pytest.mark.parametrize(
    ("lang", "words"), [("en", "place not known yet"), ("es", "lugar aún no conocido")]
)
def test_an_announced_plant_has_a_page_and_a_line_without_a_place(connection, lang, words):
    text = pages.plant_page(connection, HYUNDAI, lang)
    assert f"LA, {words}" in plain(text)
    assert "None" not in plain(text[text.index("<main") :])
    listed = pages.plants_page(connection, lang)
    line = listed[listed.index(f"plants/{HYUNDAI}") :].split("</tr>")[0]
    assert words in line
    assert {"en": "Announced", "es": "Anunciada"}[lang] in line
    assert words in plain(pages.plant_page(connection, "nucor-pacific-northwest", lang))


def test_the_map_gets_every_plant_with_its_companies_and_its_past(connection):
    found = data.map_plants(connection)
    ours = {row["facility_id"]: row for row in found["facilities"]}
    assert (ours[HYUNDAI]["latitude"], ours[HYUNDAI]["status"]) == (None, "announced")
    fairfield = ours["us-steel-fairfield-works-al"]["history"]
    assert fairfield["route"] == [[2010, "BF-BOF"], [2018, "EAF"]]
    assert fairfield["status"] == [[2010, "operating"], [2016, None], [2020, "operating"]]
    assert ours[SPEED]["route"] == "grinding"
    assert ours[SPEED]["history"]["route"] == [[2010, "dry kiln"]]


def test_the_maps_company_filter_has_as_many_plants_as_the_companys_page(connection):
    found = data.map_plants(connection)
    names = {row["company_id"]: row["name"] for row in found["companies"]}
    assert names["united-states-steel"] == "United States Steel Corp."
    assert not [name for name in names.values() if ";" in name or "%" in name]
    for company in names:
        listed = [row["facility_id"] for row in found["facilities"] if company in row["companies"]]
        page = companies.company(connection, company)
        assert sorted(listed) == sorted(row["facility_id"] for row in page["plants"]), company
    assert sum("united-states-steel" in row["companies"] for row in found["facilities"]) == 8


# --- companies


def test_a_parent_above_another_says_which_plants_its_source_does_not_list(connection):
    left = companies.company(connection, "nippon-steel")["left_out"]
    assert [row["facility_id"] for row in left] == ["us-steel-clairton-coke-pa", "us-steel-irvin-pa"]
    text = plain(companies.company_page(connection, "nippon-steel", "en"))
    assert "does not list every plant of United States Steel Corp." in text
    assert companies.company(connection, "united-states-steel")["left_out"] == []


def test_shares_of_st_marys_count_for_both_parents(connection):
    for company, share in (("votorantim", 83.0), ("province-of-quebec", 17.0)):
        rows = companies.company(connection, company)["plants"]
        mine = {
            row["facility_id"]: row["share"]
            for row in rows
            if row["facility_id"].startswith("st-marys")
        }
        assert mine == dict.fromkeys(mine, share)
        assert len(mine) == 4


def test_one_plant_has_and_several_have(connection):
    for row in companies.companies(connection):
        if row["value"] is None or row["plants"] < 2:
            continue
        text = plain(companies.company_page(connection, row["company_id"], "en"))
        assert bool(re.search(r"\b1 of its", text)) == ("plants has a figure" in text), row[
            "company_id"
        ]


# --- the terminal


def test_the_terminal_tells_everything_about_one_plant(connection):
    console = Console(width=300, record=True, file=io.StringIO())
    terminal.show_plant(console, query.plant(connection, GARY))
    text = console.export_text()
    assert "route: Blast furnace (BF-BOF) (as of 2025)" in text
    assert "status: Operating (as of 2025)" in text
    assert "owner: United States Steel Corp. (as of 2025)" in text
    assert "center of the plant, confirmed on satellite images" in text
    assert re.search(
        r"Steel capacity: [\d,]+ t a year \([\d,]+–[\d,]+\), 2025, stated · gem_steel row", text
    )
    terminal.show_plant(console, query.plant(connection, HYUNDAI))
    assert "LA, place not known yet" in console.export_text()
    terminal.show_plant(console, query.plant(connection, "suncoke-gateway-granite-city-il"))
    assert "site granite-city-il, with us-steel-granite-city-works-il" in console.export_text()


def test_the_terminal_tells_what_was_restated(connection):
    sql = "select facility_id from restatement where quantity = 'ghg_scope1' limit 1"
    plant = query.rows(connection, sql)[0]["facility_id"]
    console = Console(width=300, record=True, file=io.StringIO())
    terminal.show_plant(console, query.plant(connection, plant))
    assert re.search(
        r"restated: 20\d\d Greenhouse gases on site: [\d,]+ t → [\d,]+ t", console.export_text()
    )


# --- what hangs on routes and links


def test_equity_groups_the_plants_of_2020_by_their_route_of_that_year(connection):
    sql = """select facility_year.route, count(*) as plants from facility_year
        join facility using (facility_id) where year = 2020 and reference_2020 = 1 group by 1"""
    then = {row["route"]: row["plants"] for row in query.rows(connection, sql)}
    asked = query.rows(
        connection, "select distinct plants, n_plants from equity where radius_miles = 3"
    )
    groups = {row["plants"]: row["n_plants"] for row in asked}
    for route, plants in then.items():
        assert groups.get(route, plants) == plants, route  # a group of one is left out
    sql = "select route from facility_year where year = 2020 and facility_id = ?"
    assert query.rows(connection, sql, "us-steel-fairfield-works-al")[0]["route"] == "EAF"
    assert query.rows(connection, sql, SPEED)[0]["route"] == "dry kiln"


def test_a_shared_record_counts_until_the_link_ends_and_not_after(connection):
    sql = """select year, program_id, sum(kilograms) as kilograms from toxic_release
        where facility_id = 'timkensteel-canton-oh' and medium = 'air' group by 1, 2 order by 1"""
    found = [(r["year"], r["program_id"], round(r["kilograms"])) for r in query.rows(connection, sql)]
    assert found[:6] == [
        (2009, "44706THTMK1835D", 2505),
        (2010, "44706THTMK1835D", 5271),
        (2011, "44706THTMK1835D", 5539),
        (2012, "44706THTMK1835D", 6348),
        (2013, "44706THTMK1835D", 8331),
        (2014, "4470WTHTMK2514W", 13079),
    ]
    assert {program_id for year, program_id, _ in found if year > 2013} == {"4470WTHTMK2514W"}
