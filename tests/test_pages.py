"""Pages: every plant in both languages, each number with its interval, grade, method and row."""

import json
import re
import shutil
import sqlite3
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import escape

from comingclean.connection import connect
from comingclean.model import GRADES
from comingclean.views import figures, pages, query
from comingclean.views.words import LANGUAGES
from comingclean.views.words import say as word
from sliced import GARY, say

VOID = {"meta", "link", "line", "circle", "polygon", "polyline", "br", "input"}
each_language = pytest.mark.parametrize("lang", LANGUAGES)


class Page(HTMLParser):
    """A page's tags in order, its links, ids and text; opened and closed tags must match."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.ids, self.links, self.text, self._open = [], [], [], [], []
        self.feed(text)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag, attributes):
        named = dict(attributes)
        self.tags.append((tag, named))
        self.ids += [named["id"]] if "id" in named else []
        self.links += [named["href"]] if "href" in named and tag == "a" else []
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        assert self._open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)

    @property
    def said(self):
        return " ".join(" ".join(self.text).split())


@each_language
def test_every_plant_has_a_page_its_tags_match_and_nothing_in_it_is_empty(lang, connection):
    # Each plant in one of the languages: the words of both are held against each other elsewhere.
    for at, plant in enumerate(query.plants(connection)[LANGUAGES.index(lang) :: 2]):
        html = pages.plant_page(connection, plant["facility_id"], lang)
        assert html.startswith(f'<!doctype html>\n<html lang="{lang}">')
        assert f'<h1 tabindex="-1">{escape(plant["name"])}</h1>' in html
        assert html.endswith("</html>")
        if at % 3:
            continue  # to read a page again takes as long as to make it
        page = Page(html)
        assert len(page.ids) == len(set(page.ids)), plant
        assert ("html", {"lang": lang}) in page.tags
        assert not re.search(r"None(?! of (what|it)| could be)", page.said), plant
        assert "undefined" not in page.said.lower()


def table_rows(html, section):
    """The cells of the last table in the section of one quantity: its years, after its peers."""
    part = re.search(rf'<section class="quantity" id="{section}">.*?</section>', html, re.S)[0]
    body = re.findall(r"<tbody>(.*?)</tbody>", part, re.S)[-1]
    return [
        re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S)
        for row in re.findall("<tr>(.*?)</tr>", body, re.S)
    ]


@each_language
@pytest.mark.parametrize("plant_id", [GARY, "alcoa-warrick-in", "national-cement-ragland-al"])
def test_each_number_stands_with_interval_grade_method_and_row(plant_id, lang, connection):
    plant, html = query.plant(connection, plant_id), pages.plant_page(connection, plant_id, lang)
    names = list(dict.fromkeys(value["quantity"] for value in plant["values"]))
    assert names
    for name in names:
        rows = [value for value in plant["values"] if value["quantity"] == name]
        scale = figures.scale_for(max(row["value"] for row in rows), rows[0]["unit"], lang)
        shown = table_rows(html, name)
        assert len(shown) == len(rows)
        for row, (year, value, interval, grade, method, source) in zip(
            reversed(rows), shown, strict=True
        ):
            span = (row["value"], row["low"], row["high"], scale.factor, lang)
            assert (year, value) == (str(row["year"]), figures.figure(*span))
            assert interval == "–".join(figures.ends(*span))
            assert f'data-grade="{row["grade"]}"' in grade
            assert method == escape(plant["methods"][row["method"]][f"title_{lang}"])
            assert row["sources"], row
            for origin in (plant["lineage"][name] for name in row["sources"]):
                assert escape(origin["file"]) in source
                assert origin["sheet"] is None or f"“{escape(origin['sheet'])}”" in source
                assert stands(origin["row"], source), (origin, source)


def stands(row, source):
    """Whether a row's number is written in a text of numbers and runs: 3, 5–8."""
    runs = re.findall(r"(\d+)(?:–(\d+))?", source)
    return any(int(first) <= row <= int(last or first) for first, last in runs)


@each_language
def test_the_newest_figure_is_shown_with_its_year_interval_and_grade(lang, connection):
    html = pages.plant_page(connection, GARY, lang)
    row = [v for v in query.plant(connection, GARY)["values"] if v["quantity"] == "ghg_scope1"][-1]
    span = (row["value"], row["low"], row["high"], 1e6, lang)
    low, high = figures.ends(*span)
    said = Page(html).said
    assert f"{figures.figure(*span)} Mt CO₂e {row['grade']}" in said
    assert word(lang, "figure.between", low=low, high=high, unit="Mt CO₂e") in said
    assert f", {row['year']}" in said


NEVER = """select facility_id from facility where facility_id not in
    (select facility_id from identifier where program = 'ghgrp')"""


@each_language
def test_a_plant_without_a_report_shows_no_emission_and_says_that_unknown_is_not_zero(
    lang, connection, shipped
):
    never = [plant for (plant,) in say(shipped, NEVER)]
    assert never
    for plant in never:
        html = pages.plant_page(connection, plant, lang)
        for quantity in ("ghg_scope1", "ghg_reported", "ghg_subpart_c", "ghg_intensity_scope1"):
            assert f'id="{quantity}"' not in html
        assert word(lang, "plant.no_figures") in html
        sentence = say(shipped, f"select sentence_{lang} from finding where facility_id = ?", plant)
        assert all(text in html for (text,) in sentence)


@each_language
def test_every_finding_stands_on_the_page_with_its_rows(lang, connection):
    plant = query.plant(connection, "national-cement-ragland-al")
    html = pages.plant_page(connection, "national-cement-ragland-al", lang)
    assert len(plant["findings"]) >= 2
    for finding in plant["findings"]:
        assert finding[f"sentence_{lang}"] in html
        assert f'<li data-severity="{finding["severity"]}">' in html


EVIL = "<script>alert('x')</script> & \"Sons\" {{ 7*7 }}"


@each_language
def test_names_are_escaped_wherever_they_stand(lang, atlas, tmp_path):
    file = tmp_path / shutil.copy(atlas, tmp_path)
    with sqlite3.connect(file) as opened:
        for column in ("name", "parent", "city", "address", "owner", "reason"):
            opened.execute(f"update facility set {column} = ?", (EVIL,))
        opened.execute("update finding set sentence_en = ?, sentence_es = ?", (EVIL, EVIL))
        opened.execute("update lineage set sheet = ?", (EVIL,))
        opened.execute("update source set title = ?, publisher = ?, known_problems = ?", (EVIL,) * 3)
    opened.close()
    with connect(file) as connection:
        plant = pages.plant_page(connection, GARY, lang)
        for html in (plant, pages.plants_page(connection, lang), pages.sources_page(connection, lang)):
            assert "<script>alert" not in html
            assert EVIL in Page(html).said
            assert "49" not in re.findall(r"Sons.*?<", html)[0]


@each_language
def test_a_missing_address_is_shown_escaped(lang):
    page = Page(pages.missing_page(lang, f"/plants/{EVIL}"))
    assert EVIL in page.said
    assert word(lang, "missing.title") in page.said


@each_language
def test_the_list_of_plants_has_every_plant_once_with_its_newest_figure_or_none(
    lang, connection, shipped
):
    html = pages.plants_page(connection, lang)
    page, base = Page(html), "/" if lang == "en" else "/es/"
    links = [
        link for link in page.links if link.startswith(f"{base}plants/") and link != f"{base}plants/"
    ]
    assert sorted(links) == sorted(
        f"{base}plants/{row['facility_id']}" for row in query.plants(connection)
    )
    without = say(
        shipped,
        """select count(*) from facility where facility_id not in
        (select facility_id from value where quantity = 'ghg_scope1')""",
    )
    assert html.count(word(lang, "plants.none")) == without[0][0]
    (newest,) = re.findall(rf'plants/{GARY}">.*?</tr>', html, re.S)
    assert "2023" in newest


@each_language
def test_pages_link_to_each_other_in_both_languages_and_to_no_other_host_for_content(lang, connection):
    made = {
        "": pages.map_page(connection, lang),
        "plants/": pages.plants_page(connection, lang),
        f"plants/{GARY}": pages.plant_page(connection, GARY, lang),
        "methods": pages.methods_page(connection, lang),
        "sources": pages.sources_page(connection, lang),
    }
    base, other = ("/", "/es/") if lang == "en" else ("/es/", "/")
    for path, html in made.items():
        page = Page(html)
        assert other + path in page.links
        assert {base, f"{base}plants/", f"{base}methods", f"{base}sources"} <= set(page.links)
        for tag, named in page.tags:
            for name in ("src", "srcset", "data", "action"):
                assert not str(named.get(name, "")).startswith(("http", "//")), (tag, named)
            if tag == "link":
                assert str(named["href"]).startswith(("/", "data:"))


@each_language
def test_headings_follow_each_other_without_a_gap(lang, connection):
    made = pages.plants_page(connection, lang), pages.plant_page(connection, GARY, lang)
    for html in (*made, pages.methods_page(connection, lang)):
        levels = [int(tag[1]) for tag, _ in Page(html).tags if re.fullmatch("h[1-6]", tag)]
        assert levels[0] == 1
        assert all(b <= a + 1 for a, b in pairwise(levels))


@each_language
def test_methods_and_sources_show_every_row_of_their_tables(lang, connection, shipped):
    methods, sources = pages.methods_page(connection, lang), pages.sources_page(connection, lang)
    for name, title in say(shipped, f"select method, title_{lang} from method"):
        assert f'<section id="{name}">' in methods
        assert title in Page(methods).said
    for (parameter,) in say(shipped, "select parameter from parameter"):
        assert f">{parameter}</th>" in methods
    for letter in GRADES:
        assert word(lang, f"grade.{letter}") in Page(methods).said
    for name, title, licence in say(shipped, "select source_id, title, licence from source"):
        assert f'<section id="{name}">' in sources
        assert title in Page(sources).said
        assert licence in Page(sources).said
    for year, published in say(shipped, "select year, published from control_total"):
        assert f'<th scope="row">{year}</th>' in sources
        shown = f"{published / 1e6:.3f} Mt"
        assert (shown if lang == "en" else shown.replace(".", ",")) in sources


@given(st.sets(st.integers(1, 99999), min_size=1))
def test_rows_of_a_source_are_written_so_that_they_can_be_read_back(rows):
    text = pages._spans(sorted(rows))
    spans = [tuple(map(int, part.split("–"))) for part in text.split(", ")]
    assert sorted(rows) == [row for span in spans for row in range(span[0], span[-1] + 1)]


def test_a_plant_that_is_not_in_the_atlas_has_no_page(connection):
    assert pages.plant_page(connection, "nobody", "en") is None


def test_pages_stand_without_the_built_front_end(connection, tmp_path):
    assert pages._assets(str(tmp_path)) == {name: {"js": None, "css": []} for name in ("map", "site")}


def test_the_built_files_of_an_entry_are_found_through_what_it_imports(tmp_path):
    manifest = {
        "src/map.ts": {
            "file": "assets/map-1.js",
            "css": ["assets/map-1.css"],
            "imports": ["_chart.js"],
        },
        "_chart.js": {
            "file": "assets/chart-2.js",
            "css": ["assets/chart-2.css"],
            "imports": ["src/map.ts"],
        },
    }
    (tmp_path / ".vite").mkdir()
    (tmp_path / ".vite/manifest.json").write_text(json.dumps(manifest))
    found = pages._assets(str(tmp_path))
    assert found["map"] == {"js": "assets/map-1.js", "css": ["assets/map-1.css", "assets/chart-2.css"]}
    assert found["site"] == {"js": None, "css": []}
