"""Lists and their order: plants by figure, methods and sources by subject, English marked as such."""

from html.parser import HTMLParser

import pytest

from comingclean.views import groups, monitor, pages, plant_list, query
from comingclean.views.words import LANGUAGES

each_language = pytest.mark.parametrize("lang", LANGUAGES)
VOID = {"meta", "link", "br", "input"}


class Spoken(HTMLParser):
    """The text of a page by the language that it is marked as."""

    def __init__(self, html):
        super().__init__()
        self.open, self.text = [], {"en": "", "es": ""}
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        if tag not in VOID:
            self.open.append(dict(attributes).get("lang", self.open[-1] if self.open else None))

    def handle_endtag(self, tag):
        if tag not in VOID:
            self.open.pop()

    def handle_data(self, data):
        if self.open:
            self.text[self.open[-1]] += data


@each_language
def test_plants_stand_by_figure_and_those_without_one_last(lang, connection):
    plants = plant_list.plants(connection, "ghg_scope1", lang)
    assert len(plants) == len(query.plants(connection))
    known = [row["newest"] for row in plants if row["newest"]]
    assert [bool(row["newest"]) for row in plants] == [True] * len(known) + [False] * (
        len(plants) - len(known)
    )
    assert known == sorted(known, key=lambda row: -row["value"])
    marks = str.maketrans(",.", ".,") if lang == "es" else str.maketrans("", "")
    shown = [
        float(row["shown"]["text"].replace("\u202f", "").translate(marks).replace(",", ""))
        for row in known
    ]
    assert shown == sorted(shown, reverse=True)
    for row in known:
        assert 0 <= row["bar"]["left"] <= row["bar"]["tick"] <= 100
        assert row["bar"]["left"] + row["bar"]["width"] <= 100.01


def test_every_method_and_every_source_is_in_one_group(connection):
    methods = [row["method"] for _, rows in groups.methods(connection) for row in rows]
    assert sorted(methods) == [row["method"] for row in query.methods(connection)]
    sources = [row["source_id"] for _, rows in groups.sources(connection) for row in rows]
    assert sorted(sources) == [row["source_id"] for row in query.sources(connection)]
    assert sources[0] == "epa_ghgrp"
    assert groups.methods(connection)[0][0] == "greenhouse_gases"


def test_methods_of_one_title_are_told_apart_by_product_or_group(connection):
    titles = [
        (group, row["product"], row["title_en"])
        for group, rows in groups.methods(connection)
        for row in rows
    ]
    assert len(titles) == len(set(titles))


def test_what_is_left_in_english_is_marked_so_that_a_voice_reads_it_as_english(connection):
    methods = Spoken(pages.methods_page(connection, "es"))
    sources = Spoken(pages.sources_page(connection, "es"))
    state = Spoken(monitor.state_page(connection, "PA", "es"))
    for row in query.methods(connection):
        for text in (row["citation"], row["limits"]):
            assert text.rstrip(". ") in methods.text["en"]
    for row in query.sources(connection):
        assert row["title"] in sources.text["en"]
        assert row["citation"] in sources.text["en"]
    assert "Our judgement" not in state.text["es"] + state.text["en"]
    for page in (methods, sources, state):
        assert " the " not in page.text["es"]
        assert " from " not in page.text["es"]


@each_language
def test_no_page_of_the_menu_is_current_at_an_address_that_is_not_there(lang):
    assert 'aria-current="page"' not in pages.missing_page(lang, "/nothing")
    assert "?plant=" not in pages.missing_page(lang, "/plants/nothing")
