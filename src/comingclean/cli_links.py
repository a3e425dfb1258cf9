"""The commands `comingclean links …`: propose who is who, and write down what a person decides."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from comingclean.errors import CheckError, InputError

if TYPE_CHECKING:
    from comingclean.linking import Case

app = typer.Typer(
    help="For whoever maintains the links between plants and the records of each program.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Mirror = Annotated[
    Path, typer.Option(envvar="COMINGCLEAN_MIRROR", help="Folder of the official files.")
]
Data = Annotated[Path | None, typer.Option(help="Folder of the decisions; the project's own if not.")]


@app.command("propose")
def propose(
    mirror: Mirror,
    facility: Annotated[str | None, typer.Option(help="One plant, by its id.")] = None,
    program: Annotated[str | None, typer.Option(help="eis, gem, oris, sfi or tri.")] = None,
    again: Annotated[
        bool, typer.Option("--again", help="Also where a reason is recorded why there is no link.")
    ] = False,
    data: Data = None,
    as_json: Annotated[bool, typer.Option("--json", help="Machine-readable output.")] = False,
) -> None:
    """Print the records that may be a plant, best first. Nothing is written."""
    from comingclean import linking
    from comingclean.facilities.propose import describe

    desk = linking.Desk.at(mirror, data)
    cases = linking.proposals(desk, program, facility, again=again)
    if as_json:
        typer.echo(json.dumps([_facts(case) for case in cases], ensure_ascii=False))
        return
    for case in cases:
        if case.proposals or facility:
            place = f"{case.plant.names[0]}, {case.plant.city}"
            typer.echo(f"{case.plant.place_id} in {case.program}: {place}")
        for proposal in case.proposals:
            typer.echo(f"  {describe(proposal)}")
    if not facility:
        none = sum(not case.proposals for case in cases)
        typer.echo(f"{len(cases)} without a link, {none} of them with nothing near")
        if not again:
            typer.echo(
                "Those with a recorded reason are left out; --again has them, as for a new file."
            )


def _facts(case: Case) -> dict[str, object]:
    found = [
        {
            "id": proposal.place.place_id,
            "name": next(iter(proposal.place.names), None),
            "city": proposal.place.city,
            "origin": proposal.place.origin,
            "score": proposal.score,
            "distance_km": proposal.distance_km,
            "parts": dict(proposal.parts),
        }
        for proposal in case.proposals
    ]
    return {"facility": case.plant.place_id, "program": case.program, "proposals": found}


@app.command("check")
def check(
    mirror: Mirror,
    data: Data = None,
    as_json: Annotated[bool, typer.Option("--json", help="Machine-readable output.")] = False,
) -> None:
    """Print every link and attribute that the files put in doubt; exit 1 when there is one."""
    from comingclean import linking

    found = linking.check(linking.Desk.at(mirror, data))
    if as_json:
        typer.echo(json.dumps([vars(doubt) for doubt in found], ensure_ascii=False))
    else:
        typer.echo("\n".join([*map(str, found), f"{len(found)} in doubt"]))
    if found:
        raise CheckError(f"{len(found)} links or attributes are in doubt")


@app.command("decide")
def decide(
    facility: Annotated[str, typer.Argument(help="The plant, by its id.")],
    program: Annotated[str, typer.Argument(help="The program.")],
    program_id: Annotated[
        str | None, typer.Argument(help="Its id there; without one you are asked, at a terminal.")
    ] = None,
    reason: Annotated[str, typer.Option(help="Why they are the same, in plain words.")] = "",
    confidence: Annotated[str, typer.Option(help="certain, probable or possible.")] = "",
    evidence: Annotated[
        str, typer.Option(help="Rows that were compared; looked up in the mirror if not given.")
    ] = "",
    why: Annotated[str, typer.Option(help="Why two plants have the same id, where they do.")] = "",
    far: Annotated[
        bool, typer.Option("--far", help="Yes, though it is over 10 km away or in another state.")
    ] = False,
    mirror: Annotated[
        Path | None, typer.Option(envvar="COMINGCLEAN_MIRROR", help="Folder of the official files.")
    ] = None,
    data: Data = None,
) -> None:
    """Write a link that you decided to data/identifiers.csv, or nothing at all."""
    from comingclean import linking
    from comingclean.facilities.decide import Link

    if program_id is None:
        row = _ask(facility, program, mirror, data)
    else:
        link = Link(facility, program, program_id, confidence, evidence, reason, why)
        row = linking.link(link, data, mirror, far=far)
    typer.echo(
        f"written: {', '.join(value for value in row.values() if value)}" if row else "left open"
    )


def _ask(facility: str, program: str, mirror: Path | None, data: Path | None) -> dict[str, str] | None:
    from comingclean import linking

    if not _at_terminal():
        raise InputError("no id, and no terminal to ask at", "give the id, --reason and --confidence")
    if mirror is None:
        raise InputError("no official files to propose from", "name their folder with --mirror")
    desk = linking.Desk.at(mirror, data)
    return linking.choose(desk, program, facility, input, typer.echo)


def _at_terminal() -> bool:
    return sys.stdin.isatty()
