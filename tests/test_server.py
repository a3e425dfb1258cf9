"""The server as users start it: pages, data files, compression, headers, and addresses that are not."""

import gzip
import json
import re
import shutil
import signal
import socket
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from email.message import Message

import pytest

from comingclean.connection import connect
from comingclean.views import pages, query
from comingclean.views.answers import Shelf, Site
from sliced import GARY, ROOT, Home, error_line, say

SCRIPT = b"console.log('written by hand');" * 99
TWIN = b"what a build left as its brotli twin"
ADDRESS = re.compile(r"http://[\d.]+:\d+/")


@dataclass(frozen=True)
class Answer:
    """What came back from an address."""

    status: int
    headers: Message
    body: bytes

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def text(self):
        return self.body.decode()


class Stay(urllib.request.HTTPRedirectHandler):
    """Do not follow a redirect."""

    def redirect_request(self, *arguments):
        return None


OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}), Stay)


def ask(address, method="GET", **headers):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(address, headers=named, method=method)
    try:
        with OPENER.open(request, timeout=30) as answer:
            return Answer(answer.status, answer.headers, answer.read())
    except urllib.error.HTTPError as error:
        with error:
            return Answer(error.code, error.headers, error.read())


def address_of(process):
    return ADDRESS.search(process.stdout.readline())[0]


@pytest.fixture(scope="module")
def site(tmp_path_factory, home, shipped):
    """The address of a server over the shipped database, with a small front end."""
    folder = tmp_path_factory.mktemp("served")
    shutil.copytree(home.folder / "site", folder / "site")
    assets = folder / "site/comingclean/web/assets"
    assets.mkdir(parents=True)
    shutil.copytree(ROOT / "geography", assets.parent / "atlas")
    (assets / "map-1.js").write_bytes(SCRIPT)
    (assets / "map-1.js.br").write_bytes(TWIN)
    (assets / "site-1.css").write_text("body { color: black }")
    with Home(folder).start("run", "--no-open", "--port", 0, "--database", shipped) as process:
        yield address_of(process).rstrip("/")
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
    assert (process.returncode, out) == (0, "")
    assert {
        line.partition(": the database was made with other people")[0] for line in err.splitlines()
    } <= {"comingclean"}


PAGES = ["/", "/plants/", f"/plants/{GARY}", "/methods", "/sources"]


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("base", ["", "/es"])
def test_every_page_is_served_in_its_language(site, base, path):
    answer = ask(f"{site}{base}{path}")
    assert answer.status == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert f'<html lang="{base[1:] or "en"}">' in answer.text


def test_the_page_that_is_served_is_the_page_that_is_made(site, shipped):
    with connect(shipped) as connection:
        made = pages.plant_page(connection, GARY, "es")
    served = ask(f"{site}/es/plants/{GARY}").text
    assert served.partition("<body>")[2] == made.partition("<body>")[2]


def test_the_spanish_start_page_is_found_without_its_slash(site):
    answer = ask(f"{site}/es")
    assert (answer.status, answer.headers["location"]) == (307, "/es/")


@pytest.mark.parametrize(
    "path", ["/plants/nobody", "/nothing", "/plants/a/b", "/plants/%3Cscript%3E", "/docs"]
)
@pytest.mark.parametrize("base", ["", "/es"])
def test_an_address_that_is_not_there_says_so_in_its_language(site, base, path):
    answer = ask(f"{site}{base}{path}")
    assert answer.status == 404
    assert f'<html lang="{base[1:] or "en"}">' in answer.text
    assert "<script>" not in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "quantity/happiness.json",
        "quantity/GHG.json",
        "quantity/a%20b.json",
        "facility/nobody.json",
        "facility/No!body.json",
        "plants",
        "facility/..%2f..%2fcli.json",
    ],
)
def test_data_that_is_not_there_is_a_plain_404(site, path):
    answer = ask(f"{site}/data/{path}")
    assert (answer.status, answer.json) == (404, {"error": "nothing is called that"})


@pytest.mark.parametrize(
    "path", ["../cli.py", "%2e%2e/cli.py", "..%2fcli.py", "assets/../../cli.py", "x.js"]
)
def test_nothing_outside_the_front_end_is_served(site, path):
    answer = ask(f"{site}/static/{path}")
    assert (answer.status, answer.json) == (404, {"error": "nothing is called that"})


def test_the_data_of_the_map_is_that_of_the_database(site, shipped):
    plants = ask(f"{site}/data/plants.json").json
    assert plants["years"] == list(range(2010, 2024))
    assert (plants["default_year"], plants["default_quantity"]) == (2023, "ghg_scope1")
    ids = [name for (name,) in say(shipped, "select facility_id from facility order by name, state")]
    assert [row["facility_id"] for row in plants["facilities"]] == ids
    quantities = ask(f"{site}/data/quantities.json").json
    offered = {name for (name,) in say(shipped, "select distinct quantity from value")}
    assert {row["quantity"] for row in quantities} == offered
    assert all(set(row["label"]) == set(row["definition"]) == {"en", "es"} for row in quantities)


def test_a_quantity_and_a_plant_are_served_as_the_queries_give_them(site, shipped):
    with connect(shipped) as connection:
        expected = query.columns(connection, "ghg_scope1"), query.plant(connection, GARY)
        sources = query.sources(connection)
    assert ask(f"{site}/data/quantity/ghg_scope1.json").json == expected[0]
    assert ask(f"{site}/data/facility/{GARY}.json").json == expected[1]
    assert ask(f"{site}/data/sources.json").json == sources


def test_the_data_addresses_describe_themselves(site):
    described = ask(f"{site}/data/openapi.json").json
    assert set(described["paths"]) == {
        "/data/plants.json",
        "/data/quantities.json",
        "/data/quantity/{quantity}.json",
        "/data/facility/{facility_id}.json",
        "/data/sources.json",
        "/data/companies.json",
        "/data/company/{company_id}.json",
        "/data/find.json",
        "/data/near.json",
        "/data/blocks.json",
        "/data/emitters.json",
        "/data/indicators.json",
        "/data/toxics/{facility_id}.json",
        "/data/burden.json",
        "/data/precision.json",
        "/data/monitor.json",
        "/data/checks.json",
    }


@pytest.mark.parametrize(
    "path", ["/", "/nothing", "/data/plants.json", "/data/nothing", "/static/assets/map-1.js"]
)
def test_every_answer_keeps_the_page_to_its_own_host(site, path):
    headers = ask(site + path).headers
    policy = dict(part.split(" ", 1) for part in headers["content-security-policy"].split("; "))
    assert policy["default-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"
    assert policy["base-uri"] == "'none'"
    assert not re.search(r"https?:|\*", headers["content-security-policy"])
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "set-cookie" not in headers


@pytest.mark.parametrize(
    "accepted", ["br", "gzip, deflate, br", "gzip;q=0.5, br;q=1.0", "BR", "br;q=0.5,gzip"]
)
def test_a_browser_that_takes_brotli_gets_the_twin(site, accepted):
    answer = ask(f"{site}/static/assets/map-1.js", accept_encoding=accepted)
    assert (answer.body, answer.headers["content-encoding"]) == (TWIN, "br")
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["vary"].lower() == "accept-encoding"


@pytest.mark.parametrize(
    "accepted", ["", "identity", "deflate", "br;q=0", "identity, br; q=0.0", "brx"]
)
def test_a_browser_that_does_not_gets_the_file_itself(site, accepted):
    answer = ask(f"{site}/static/assets/map-1.js", accept_encoding=accepted)
    assert answer.body == SCRIPT
    assert answer.headers["content-encoding"] != "br"
    assert answer.headers["content-type"].startswith("text/javascript")


def test_files_without_a_twin_and_pages_are_gzipped_on_the_way(site):
    small = ask(f"{site}/static/assets/site-1.css", accept_encoding="gzip, br")
    assert (small.body, small.headers["content-encoding"]) == (b"body { color: black }", None)
    page = ask(f"{site}/plants/", accept_encoding="gzip, br")
    assert page.headers["content-encoding"] == "gzip"
    assert gzip.decompress(page.body) == ask(f"{site}/plants/").body


def test_files_with_a_name_of_their_content_are_kept_for_ever_and_others_are_not(site):
    assert "immutable" in ask(f"{site}/static/assets/map-1.js").headers["cache-control"]
    assert ask(f"{site}/static/atlas/counties-10m.json").headers["cache-control"] is None
    fresh = ask(f"{site}/static/assets/map-1.js")
    again = ask(f"{site}/static/assets/map-1.js", if_none_match=fresh.headers["etag"])
    assert (again.status, again.body) == (304, b"")


def test_nothing_can_be_changed_through_the_server(site):
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        answer = ask(f"{site}/data/plants.json", method)
        assert (answer.status, answer.headers["allow"]) == (405, "GET")


ADDRESSES = ["/", "/es/methods", f"/plants/{GARY}", "/near?at=Springfield", "/data/plants.json"]


@pytest.mark.parametrize("path", [*ADDRESSES, "/static/assets/map-1.js", "/nothing", "/data/nothing"])
def test_the_head_of_an_address_is_that_of_its_page_without_a_body(site, path):
    page, head = ask(site + path), ask(site + path, "HEAD")
    assert (head.status, head.body) == (page.status, b"")
    same = ("content-type", "content-length", "etag", "content-security-policy")
    assert [head.headers[name] for name in same] == [page.headers[name] for name in same]


@pytest.mark.parametrize("path", ADDRESSES)
def test_what_a_browser_has_already_is_not_sent_again(site, path):
    first = ask(site + path)
    assert first.headers["cache-control"] == "no-cache"
    for known in (first.headers["etag"], f'W/"other", {first.headers["etag"]}'):
        again = ask(site + path, if_none_match=known)
        assert (again.status, again.body, again.headers["etag"]) == (304, b"", first.headers["etag"])
    for other in ('W/"other"', "nonsense", ""):
        assert ask(site + path, if_none_match=other).body == first.body


def test_every_address_and_language_has_a_name_of_its_own_and_a_missing_one_has_none(site):
    paths = [
        *ADDRESSES,
        "/methods",
        "/near?at=Springfield&miles=3",
        "/near?at=Jackson",
        "/es/near?at=Jackson",
    ]
    names = [ask(site + path).headers["etag"] for path in paths]
    assert len(set(names)) == len(paths)
    for path in ("/plants/nobody", "/data/facility/nobody.json", "/near?miles=0"):
        assert ask(site + path).headers["etag"] is None


@pytest.mark.parametrize("path", ADDRESSES)
def test_a_page_is_the_same_from_the_shelf_packed_or_not(site, path):
    packed = ask(site + path, accept_encoding="gzip")
    assert packed.headers["content-encoding"] == "gzip"
    assert "accept-encoding" in packed.headers["vary"].lower()
    for accepted in ("", "identity", "gzip;q=0"):
        plain = ask(site + path, accept_encoding=accepted)
        assert (plain.headers["content-encoding"], plain.body) == (None, gzip.decompress(packed.body))


def test_a_report_of_other_people_than_the_databases_is_refused_in_words(site):
    # The installation that serves here has the people of the slices, the database those of the country.
    answer = ask(f"{site}/data/near.json?at=46402")
    assert (answer.status, answer.json) == (503, {"error": "the data cannot be read at the moment"})
    assert ask(f"{site}/es/near?at=46402").status == 503


def test_another_database_gives_its_pages_other_names(shipped, atlas, tmp_path):
    copy = shutil.copy(shipped, tmp_path / "copy.sqlite")
    editions = {Site(file).edition for file in (shipped, shipped, atlas, copy)}
    assert len(editions) == 3


def test_the_shelf_keeps_what_was_asked_for_last_within_its_bytes():
    shelf = Shelf(most=10)
    for name in "abc":
        shelf.put(name, name.encode() * 4)
    assert [shelf.get(name) for name in "abc"] == [None, b"bbbb", b"cccc"]
    shelf.get("b")
    shelf.put("d", b"dddd")
    assert [shelf.get(name) for name in "bcd"] == [b"bbbb", None, b"dddd"]
    shelf.put("b", b"x" * 11)
    assert (shelf.get("b"), shelf.get("d"), shelf.size) == (None, None, 0)
    shelf.put("a", b"1")
    shelf.put("a", b"22")
    assert (shelf.get("a"), shelf.size) == (b"22", 2)


def test_many_readers_at_once_get_the_same(site):
    with ThreadPoolExecutor(16) as crowd:
        answers = list(crowd.map(lambda _: ask(f"{site}/plants/{GARY}").body, range(64)))
    assert len(set(answers)) == 1


def test_a_port_that_is_taken_is_told_in_one_line(home, shipped):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = home.run("run", "--no-open", "--port", port, "--database", shipped)
    assert (done.returncode, done.stdout) == (2, "")
    assert f"port {port} of 127.0.0.1 cannot be used (Address already in use)" in error_line(done)
    assert error_line(done).endswith("Mend: choose another with --port.")


@pytest.mark.parametrize(
    ("port", "host"), [("70000", "127.0.0.1"), ("-1", "127.0.0.1"), ("0", "192.0.2.1")]
)
def test_an_address_that_cannot_be_listened_on_is_told_in_one_line(port, host, home, shipped):
    done = home.run("run", "--no-open", f"--port={port}", "--host", host, "--database", shipped)
    assert done.returncode == 2
    assert f"port {port} of {host} cannot be used" in error_line(done)


@pytest.mark.parametrize("host", ["::1", "127.0.0.1"])
def test_the_address_that_is_printed_is_one_that_a_browser_takes(host, home, shipped):
    run = ("run", "--no-open", "--port", 0, "--host", host, "--database", shipped)
    with home.start(*run) as process:
        address = process.stdout.readline().split()[4]
        assert address.startswith("http://[::1]:" if host == "::1" else "http://127.0.0.1:")
        assert ask(address).status == 200


def test_a_missing_database_is_told_before_anything_is_served(home, tmp_path):
    done = home.run("run", "--no-open", "--port", 0, "--database", tmp_path / "none.sqlite")
    assert (done.returncode, done.stdout) == (2, "")
    assert "none.sqlite: no such database" in error_line(done)


def test_without_a_database_run_makes_the_users_own_and_answers_as_soon_as_it_says_so(own_home):
    with own_home.start("run", "--no-open", "--port", 0) as process:
        address = address_of(process)
        assert ask(address).status == 200
        plants = ask(f"{address}data/plants.json").json
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=30) == 0
    assert len(plants["facilities"]) == 10
    assert len(list((own_home.folder / "user").rglob("comingclean.sqlite"))) == 1
