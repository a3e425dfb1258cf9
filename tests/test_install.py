"""A wheel, installed into an empty environment away from the checkout, does the main job."""

import json
import os
import subprocess
import sys
import urllib.request
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
pytestmark = pytest.mark.install


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    uv = Path(sys.executable).parent / "uv"
    subprocess.run([uv, "build", "--quiet", "--wheel", "--out-dir", out, ROOT], check=True)
    return next(out.glob("*.whl"))


@pytest.fixture(scope="module")
def command(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=False)
    uv = Path(sys.executable).parent / "uv"
    python = folder / "bin" / "python"
    subprocess.run([uv, "pip", "install", "--quiet", "--python", python, wheel], check=True)
    return folder / "bin" / "comingclean"


def test_the_wheel_carries_snapshot_decisions_words_and_map_and_no_raw_file(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    for part in (
        "comingclean/shipped/snapshot/ghgrp_amount.parquet",
        "comingclean/shipped/data/facilities.csv",
        "comingclean/words/es/pages.json",
        "comingclean/views/templates/plant.html",
        "comingclean/web/.vite/manifest.json",
        "comingclean/web/atlas/counties-10m.json",
        "comingclean/py.typed",
    ):
        assert part in names
    assert not [name for name in names if name.endswith((".xlsx", ".csv.gz"))]
    assert wheel.stat().st_size < 30e6


def test_the_installed_command_serves_the_map_and_a_plant_and_checks_itself(
    command: Path, tmp_path: Path
) -> None:
    home = {"HOME": str(tmp_path), "PATH": os.environ["PATH"], "XDG_DATA_HOME": str(tmp_path / "data")}
    run = [command, "run", "--no-open", "--port", "0"]
    with subprocess.Popen(run, cwd=tmp_path, env=home, stdout=subprocess.PIPE, text=True) as process:
        try:
            line = process.stdout.readline() if process.stdout else ""
            address = next(word for word in line.split() if word.startswith("http"))
            page = urllib.request.urlopen(address).read().decode()
            plants = json.load(urllib.request.urlopen(address + "data/plants.json"))
            gary = urllib.request.urlopen(address + "plants/us-steel-gary-works-in").read().decode()
        finally:
            process.terminate()
    script = page.split('type="module" src="')[1].split('"')[0]
    assert script.startswith("/static/assets/map-")
    assert sum(plant["reference_2020"] for plant in plants["facilities"]) == 215
    assert "U.S. Steel Gary Works" in gary
    assert (tmp_path / "data" / "comingclean").is_dir()
    done = subprocess.run([command, "check"], cwd=tmp_path, env=home, check=False)
    assert done.returncode == 0
