"""Pages on precision and where to monitor: what they show, in both languages, without a script."""

import re
from html.parser import HTMLParser

import pytest

from comingclean.tables.precision import HOWS, SHARES_SQL, SUBJECTS
from comingclean.views import monitor, pages, precision, record
from comingclean.views.words import LANGUAGES, say
from sliced import GARY

EAST = "cleveland-cliffs-indiana-harbor-east-in"


class Shape(HTMLParser):
    """Open elements, links with their rel, ids, and the texts of letters in cells."""

    void = ("meta", "link", "br", "input", "img")

    def __init__(self, text):
        super().__init__()
        self.open, self.links, self.ids, self.letters = [], [], [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        known = dict(attrs)
        if tag not in self.void:
            self.open.append((tag, known))
        if tag == "a":
            self.links.append(known)
        if "id" in known:
            self.ids.append(known["id"])

    def handle_endtag(self, tag):
        assert self.open.pop()[0] == tag

    def handle_data(self, data):
        if self.open and self.open[-1][0] == "b" and "data-how" in self.open[-1][1]:
            self.letters.append((self.open[-1][1]["data-how"], data))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_grid_has_a_letter_for_every_plant_and_kind_of_number(connection, lang):
    text = precision.precision_page(connection, lang)
    shape = Shape(text)
    assert shape.open == []
    plants = connection.execute("select count(*) from facility").fetchone()[0]
    assert len(shape.letters) == plants * len(SUBJECTS)
    assert all(letter == HOWS[how] for how, letter in shape.letters)
    assert len(shape.ids) == len(set(shape.ids))
    assert "<script" not in text.split("<main")[1]
    for how in HOWS:
        assert say(lang, f"how_text.{how}")[:30] in text


def test_no_letter_stands_for_two_ways_and_none_is_a_zero():
    assert len(set(HOWS.values())) == len(HOWS)
    assert "0" not in HOWS.values()


def test_the_page_prints_the_statement_and_its_numbers(connection):
    text = precision.precision_page(connection, "en")
    first_line = SHARES_SQL.splitlines()[0]
    assert first_line in text
    count, amount = connection.execute(
        """select share_plants, share_amount from precision_share where universe = '2020'
        and industry = 'all' and subject = 'ghg_subpart_c' and how = 'published_factor'"""
    ).fetchone()
    assert f"{100 * count:.0f} % calculate" in text
    assert f"By tonnes it is {100 * amount:.0f} %" in text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_list_explains_its_score_and_leads_to_every_state(connection, lang):
    text = monitor.nation_page(connection, lang)
    shape = Shape(text)
    assert shape.open == []
    for part in ("amount", "near", "weakness", "distance"):
        assert say(lang, f"monitor.part_text.{part}") in text
    assert say(lang, "monitor.people_only") in text
    states = {row[0] for row in connection.execute("select distinct state from facility")}
    base = "/" if lang == "en" else "/es/"
    linked = {
        link["href"].removeprefix(f"{base}monitor/")
        for link in shape.links
        if "/monitor/" in link["href"]
    }
    assert {name for name in linked if len(name) == 2} <= states
    anchors = {link["href"][1:] for link in shape.links if link["href"].startswith("#rule-")}
    assert anchors
    assert anchors <= set(shape.ids)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_state_has_a_page_with_its_own_plants_and_agency(connection, lang):
    for (state,) in connection.execute("select state from agency").fetchall():
        text = monitor.state_page(connection, state, lang)
        shape = Shape(text)
        assert shape.open == [], state
        name, url = connection.execute(
            "select name, url from agency where state = ?", (state,)
        ).fetchone()
        assert name in text.replace("&#39;", "'")
        assert any(link["href"] == url for link in shape.links)
        anchors = {link["href"][1:] for link in shape.links if link["href"].startswith("#rule-")}
        assert anchors <= set(shape.ids), state
    assert monitor.state_page(connection, "ZZ", lang) is None


@pytest.mark.parametrize("lang", LANGUAGES)
def test_plants_that_are_not_ranked_stand_on_the_pages_with_the_reason(connection, lang):
    nation = monitor.nation_page(connection, lang)
    rows = connection.execute(
        """select monitor_left_out.*, name, state from monitor_left_out
        join facility using (facility_id)"""
    ).fetchall()
    assert len(rows) > 20
    for reason in {row["reason"] for row in rows}:
        assert say(lang, f"left_out.{reason}") in nation
    for row in rows:
        assert f"plants/{row['facility_id']}" in nation, row["facility_id"]
        if row["state"]:
            page = monitor.state_page(connection, row["state"], lang)
            assert f"plants/{row['facility_id']}" in page
    page = pages.plant_page(connection, rows[0]["facility_id"], lang)
    assert say(lang, f"left_out.{rows[0]['reason']}") in page


def test_a_state_lists_its_counties_and_only_rules_that_it_uses(connection):
    text = monitor.state_page(connection, "IN", "en")
    first = connection.execute(
        """select name from monitor_next where kind = 'county' and states = 'IN'
        order by rank limit 3"""
    ).fetchall()
    assert first and all(row[0] in text for row in first)
    nation = monitor.nation_page(connection, "en")
    used = connection.execute("select gap from monitor_next union select close from monitor_next")
    named = {f"rule-{row[0]}" for row in used} | {"rule-nei_not_in_hand", "rule-nei_thresholds"}
    shown = {one for one in Shape(nation).ids if one.startswith("rule-")}
    assert shown and shown <= named
    assert "rule-ghg_tiers" not in shown


def test_a_state_lists_its_plants_in_the_national_order(connection):
    text = monitor.state_page(connection, "IN", "en")
    listed = re.findall(r'plants/([a-z0-9-]+)#known"><span class="industry"', text)
    ranked = connection.execute(
        """select place from monitor_next join facility on place = facility_id
        where kind = 'plant' and state = 'IN' order by rank limit ?""",
        (len(listed),),
    ).fetchall()
    assert listed == [row[0] for row in ranked]
    assert len(listed) > 5


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_of_a_plant_says_how_well_it_is_known_and_whom_to_ask(connection, lang):
    text = pages.plant_page(connection, GARY, lang)
    shape = Shape(re.sub(r"<svg.*?</svg>", "", text, flags=re.S))
    assert {"known", "ask"} <= set(shape.ids)
    for subject in SUBJECTS:
        assert f">{say(lang, f'subject.{subject}')}</th>" in text
    ask = text.split('id="ask"')[1].split("</section>")[0]
    outside = re.findall(r'<a href="(https[^"]+)"([^>]*)>', ask)
    assert len(outside) >= 6
    assert all('rel="external noreferrer"' in rest for _, rest in outside)
    addresses = [address for address, _ in outside]
    assert any(re.search(r"detailed-facility-report\?fid=11\d{10}$", one) for one in addresses)
    assert any("facilityDetail" in one for one in addresses)
    assert say(lang, "ask.error") in ask
    assert GARY in ask
    assert "@" not in ask


def test_ways_of_a_number_stand_largest_first_and_crumbs_are_left_out(connection):
    for (name,) in connection.execute("select facility_id from facility").fetchall():
        for _, kinds in record.of_plant(connection, name)["groups"]:
            for _, kind in kinds:
                shares = [one["share"] for one in kind["others"]]
                assert shares == sorted(shares, reverse=True)
                assert all(0.05 <= share <= (kind["share"] or 0) + 1e-9 for share in shares)


def test_a_plant_of_a_shared_record_says_so(connection):
    text = pages.plant_page(connection, EAST, "en")
    assert say("en", "precision.at_site") in text


def test_the_data_files_hold_every_row(client, connection):
    known = client.get("/data/precision.json").json()
    assert known["letters"] == HOWS
    assert known["sql"] == SHARES_SQL
    held = connection.execute("select count(*) from precision").fetchone()[0]
    assert len(known["precision"]) == held
    assert all(isinstance(row["sources"], list) and row["sources"] for row in known["precision"])
    places = client.get("/data/monitor.json").json()
    assert (
        len(places["places"]) == connection.execute("select count(*) from monitor_next").fetchone()[0]
    )
    assert {row["rule"] for row in places["rules"]} >= {row["gap"] for row in places["places"]}
    assert client.get("/monitor/QQ").status_code == 404
    assert client.get("/es/monitor/TX").status_code == 200
    held = connection.execute("select count(*) from monitor_left_out").fetchone()[0]
    assert len(places["left_out"]) == held


@pytest.mark.parametrize("base", ["", "/es"])
def test_the_letters_of_a_state_in_small_lead_to_its_page(client, base):
    answer = client.get(f"{base}/monitor/pa")
    assert (answer.status_code, answer.headers["location"]) == (308, f"{base}/monitor/PA")
    assert client.get(f"{base}/monitor/PA").status_code == 200
    assert client.get(f"{base}/monitor/qq").status_code in (308, 404)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_way_subject_and_rule_has_words(connection, lang):
    for how in HOWS:
        assert say(lang, f"how.{how}")
    for subject in SUBJECTS:
        assert say(lang, f"subject.{subject}")
    for (rule,) in connection.execute("select rule from reporting_rule"):
        assert say(lang, f"rule.{rule}")


def test_agencies_and_rules_are_whole_and_lead_nowhere_odd(connection):
    agencies = connection.execute("select * from agency").fetchall()
    assert len(agencies) == 51
    for row in agencies:
        assert re.match(r"https://[a-z0-9.-]+\.(gov|us)(/|$)", row["url"]), row["state"]
        assert re.match(
            rf"https://www\.epa\.gov/aboutepa/epa-region-{row['region']}\b", row["region_url"]
        )
        assert row["seen"] in ("read", "quoted", "judgement")
    regions = dict(connection.execute("select state, region from agency").fetchall())
    assert (regions["PA"], regions["TX"], regions["IN"], regions["CA"], regions["WA"]) == (
        3,
        6,
        5,
        9,
        10,
    )
    assert (regions["PR"], regions["NY"], regions["MO"], regions["UT"], regions["AL"]) == (
        2,
        2,
        7,
        8,
        4,
    )
    for row in connection.execute("select * from reporting_rule"):
        assert row["text_en"] != row["text_es"]
        assert row["seen"] != "read" or row["url"] or row["rule"] == "network"
