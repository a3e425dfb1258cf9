"""What can go wrong, said in one line: what, where, and the mend."""

from __future__ import annotations

from pathlib import Path


class ComingCleanError(Exception):
    """A failure with one clear line. `exit_status` is 1: the fault is ours."""

    exit_status = 1


class InputError(ComingCleanError):
    """Something that a person handed in is wrong; `exit_status` is 2.

    `what` says what was found, `mend` what to do about it, `file` and `row` where it stands
    (row as a spreadsheet counts, the first line being 1).
    """

    exit_status = 2

    def __init__(
        self, what: str, mend: str, *, file: str | Path | None = None, row: int | None = None
    ) -> None:
        self.what, self.mend, self.file, self.row = what, mend, file, row
        place = [str(file)] if file is not None else []
        place += [f"row {row}"] if row is not None else []
        where = ", ".join(place)
        super().__init__(f"{where + ': ' if where else ''}{what}. Mend: {mend}.")


class PlaceError(InputError):
    """A text that names no one place, or one where nobody is counted.

    `choices`: the places that it may mean; `status`: the engine's word for the place.
    """

    def __init__(
        self, what: str, mend: str, *, choices: list[str] | None = None, status: str | None = None
    ) -> None:
        self.choices, self.status = choices or [], status
        super().__init__(what, mend)


class CheckError(ComingCleanError):
    """A question that must return no row returned some."""


class WriteError(ComingCleanError):
    """Nothing could be written; what stood there before stands there still."""
