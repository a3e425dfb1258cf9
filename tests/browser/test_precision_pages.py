"""Precision and where to monitor in a real browser: filters without a script, a phone, paper."""

import re

import pytest

from .conftest import seen

pytestmark = pytest.mark.browser


@pytest.fixture
def still(chromium):
    """A page whose browser runs no script."""
    context = chromium.new_context(java_script_enabled=False, viewport={"width": 1440, "height": 900})
    yield context.new_page()
    context.close()


def test_the_grid_is_filtered_without_a_script(still, address):
    still.goto(f"{address}precision")
    rows = still.locator("table.grid tbody tr")
    everyone = rows.count()
    still.select_option("#at-industry", "aluminum")
    assert seen(rows) == 13
    still.select_option("#at-state", "KY")
    assert seen(rows) == 2
    still.select_option("#at-industry", "")
    still.select_option("#at-state", "")
    assert seen(rows) == everyone


def test_the_bars_of_one_industry_show_at_a_time(still, address):
    still.goto(f"{address}es/precision")
    shown = still.locator(".bars-of:visible")
    kinds = shown.count()
    still.check("#share-cement")
    assert shown.count() == kinds
    assert {one.get_attribute("data-of") for one in shown.all()} == {"cement"}


@pytest.mark.parametrize("path", ["precision", "es/monitor/TX"])
def test_nothing_is_wider_than_a_phone(chromium, address, path):
    context = chromium.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(address + path)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    context.close()


def test_the_heads_of_the_grid_stay_in_sight(chromium, address):
    context = chromium.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(f"{address}precision")
    grid = page.locator(".scroll.grid")
    grid.evaluate("box => { box.scrollTop = 600; box.scrollLeft = 150 }")
    box = grid.bounding_box()
    head = page.locator("table.grid thead tr").nth(1).locator("th").first.bounding_box()
    assert box["y"] <= head["y"] < box["y"] + 60
    assert abs(head["x"] - box["x"]) < 3
    context.close()


def test_every_state_prints_on_one_sheet(chromium, address):
    context = chromium.new_context()
    page = context.new_page()
    page.goto(f"{address}es/monitor/")  # Spanish takes more room
    states = [link.get_attribute("href")[-2:] for link in page.locator("ul.states a").all()]
    assert len(states) > 35
    for state in states:
        page.goto(f"{address}es/monitor/{state}")
        paper = page.pdf(prefer_css_page_size=True, format="Letter")
        assert len(re.findall(rb"/Type\s*/Page\b", paper)) <= 2, state
    context.close()
