"""Pages do their job without a script, in both languages, on paper, and for a screen reader."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from .conftest import seen

pytestmark = pytest.mark.browser
PAGES = [
    "",
    "plants/",
    "plants/us-steel-gary-works-in",
    "companies/",
    "companies/nucor",
    "near",
    "near?at=15104",
    "neighbours",
    "precision",
    "monitor/",
    "monitor/PA",
    "methods",
    "sources",
]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}
# Of a long table a few dozen rows say what all say, and the others take most of the time.
FEW = {"exclude": [["tbody tr:nth-child(n+40)"]]}


def shown(page: Page, path: str) -> None:
    """Open a page; the map is there once it has drawn its plants."""
    page.goto(path)
    if path in ("", "es/"):
        page.locator("[data-drawn]:not([data-drawn='0'])").wait_for(state="attached", timeout=60_000)


@pytest.mark.parametrize("path", PAGES)
def test_no_page_offends_the_accessibility_rules(page: Page, path: str) -> None:
    shown(page, path)
    found = Axe().run(page, context=FEW, options=RULES)
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("path", PAGES)
def test_no_page_offends_them_in_spanish_on_a_phone_nor_scrolls_sideways(
    phone: Page, path: str
) -> None:
    shown(phone, f"es/{path}")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    found = Axe().run(phone, context=FEW, options=RULES)
    assert found.violations_count == 0, found.generate_report()
    # As wide as 1280 pixels at four times their size (WCAG 1.4.10).
    phone.set_viewport_size({"width": 320, "height": 640})
    assert phone.evaluate("document.documentElement.scrollWidth") <= 320


def test_a_plant_page_reads_without_a_script(chromium: Browser, address: str) -> None:
    context = chromium.new_context(java_script_enabled=False, base_url=address)
    page = context.new_page()
    page.goto("plants/us-steel-edgar-thomson-pa")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Edgar Thomson")
    panel = page.locator("#ghg_scope1")
    expect(panel.locator(".between")).to_contain_text("between 3.33 and 3.82 Mt CO₂e")
    panel.get_by_text("How do we know?").click()
    row = panel.get_by_role("row").filter(has_text="2020")
    expect(row).to_contain_text("ghgp_data_2020.xlsx")
    expect(row).to_contain_text("row 6037")
    page.goto("")
    expect(page.locator("noscript")).to_have_count(1)
    context.close()


def test_a_plant_page_has_its_own_words_in_spanish(page: Page) -> None:
    page.goto("plants/us-steel-edgar-thomson-pa")
    page.get_by_role("link", name="Español").click()
    expect(page).to_have_url(f"{page.url.split('/es/')[0]}/es/plants/us-steel-edgar-thomson-pa")
    assert page.locator("html").get_attribute("lang") == "es"
    expect(page.locator("#ghg_scope1 .between")).to_contain_text("entre 3,33 y 3,82 Mt CO₂e")


def test_a_plant_that_never_reported_shows_no_number_and_says_why(page: Page) -> None:
    page.goto("plants/")
    row = page.get_by_role("row").filter(has_text="no figure in any public file").first
    row.get_by_role("link").click()
    expect(page.locator("article")).to_contain_text("does not mean that they are zero")
    expect(page.locator("#ghg_scope1, #ghg_reported")).to_have_count(0)


def test_a_phone_shows_the_answers_about_the_neighbours_without_scrolling_sideways(phone: Page) -> None:
    phone.goto("es/neighbours")
    row = phone.get_by_role("row").filter(has_text="Todas las plantas de 2020").first
    for cell in row.get_by_role("cell").all():
        box = cell.bounding_box()
        assert box and box["x"] >= 0 and box["x"] + box["width"] <= 390
    label = "getComputedStyle(document.querySelector('td.whole'), '::before').content"
    assert "condado" in phone.evaluate(label)


def test_the_search_of_every_page_works_without_a_script(chromium: Browser, address: str) -> None:
    context = chromium.new_context(java_script_enabled=False, base_url=address)
    page = context.new_page()
    page.goto("methods")
    box = page.get_by_role("search").get_by_role("textbox")
    box.fill("15104")
    box.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Report for 15104 Braddock, PA")
    expect(page.get_by_role("link", name="Near you")).to_have_attribute("aria-current", "page")
    expect(page.get_by_role("link", name="Show on the map")).to_have_attribute(
        "href", "/?near=40.4038,-79.8625"
    )
    box.fill("edgar thomson")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("main").get_by_role("link", name="U.S. Steel Edgar Thomson").click()
    expect(page.get_by_role("link", name="Show on the map")).to_have_attribute(
        "href", "/?plant=us-steel-edgar-thomson-pa"
    )
    context.close()


def test_the_list_of_plants_is_chosen_and_counted_without_a_script(
    chromium: Browser, address: str
) -> None:
    context = chromium.new_context(java_script_enabled=False, base_url=address)
    page = context.new_page()
    page.goto("plants/")
    rows = page.locator("table tbody tr")
    everyone = rows.count()
    page.get_by_label("Primary aluminum").check()
    assert 0 < seen(rows) < 20
    page.get_by_label("State").select_option("KY")
    assert seen(rows) == 2
    page.get_by_label("All", exact=False).first.check()
    page.get_by_label("State").select_option("")
    assert seen(rows) == everyone
    context.close()


def test_the_list_of_plants_is_sorted_and_what_is_not_known_stays_last(page: Page) -> None:
    page.goto("plants/")
    first, last = page.locator("tbody tr").first, page.locator("tbody tr").last
    expect(first).to_contain_text("U.S. Steel Gary Works")
    expect(last).to_contain_text("no figure in any public file")
    page.get_by_role("button", name="kt CO₂e").click()
    expect(first).not_to_contain_text("Gary Works")
    expect(last).to_contain_text("no figure in any public file")
    page.get_by_role("button", name="Plant", exact=True).click()
    expect(page.locator('th[aria-sort="ascending"]')).to_have_text("Plant")


def test_a_plant_page_prints(page: Page, tmp_path: Path) -> None:
    page.goto("plants/us-steel-gary-works-in")
    assert page.pdf(path=tmp_path / "gary.pdf", format="Letter").count(b"/Type /Page\n") >= 2


def test_an_address_that_is_not_there_says_so_in_the_reader_s_language(page: Page) -> None:
    for path, words in (("plants/nothing", "There is nothing"), ("es/plants/nada", "No hay nada")):
        answer = page.request.get(path)
        assert answer.status == 404
        assert words in answer.text()
