"""All estimates in their order, each a step that is taken again only when its inputs changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import polars as pl

from comingclean.estimates import (
    backtest,
    capacities,
    employment,
    gaps,
    grades,
    intensity,
    notes,
    ranks,
    scope2,
)
from comingclean.estimates.amounts import Amounts, joined
from comingclean.estimates.draws import Draws
from comingclean.estimates.evidence import Evidence, PlantYear
from comingclean.estimates.factors import Factors
from comingclean.estimates.production import aluminum, cement, coke, iron, steel
from comingclean.estimates.production.common import Adjustment, Made, Tools
from comingclean.estimates.steps import Run, Steps

INDUSTRIES: Final = ("iron_steel", "met_coke", "cement", "aluminum")
SEPARATE: Final = {
    "production_pig_iron": "pig_iron",
    "production_dri": "dri",
    "production_clinker": "clinker",
}


@dataclass(frozen=True)
class Result:
    """What the estimates are: amounts by quantity, and what is said of them."""

    amounts: Mapping[str, Amounts]
    unreconciled: Mapping[str, Amounts]
    capacity: pl.DataFrame
    adjustments: tuple[Adjustment, ...]
    ranking: ranks.Ranking
    absent: list[gaps.Absent]
    findings: list[gaps.Row]
    cases: list[backtest.Case]

    def values(self) -> pl.DataFrame:
        """Rows of the table `value` without unit, `sources` as lists of lineage ids."""
        made = [amounts.values(name) for name, amounts in self.amounts.items()]
        beside = [amounts.values(name) for name, amounts in self.unreconciled.items()]
        frame = pl.concat([*made, *beside, self.capacity])
        return frame.sort("facility_id", "year", "quantity")


def estimate(
    evidence: Evidence, factors: Factors, draws: Draws | None = None, memory: Steps | None = None
) -> Result:
    """Every estimate of every plant and year.

    With a `memory` kept between calls on the same evidence, only steps that read a changed parameter
    are taken again. Raises InputError for a parameter or total that cannot hold.
    """
    chance = draws or Draws()
    run = (memory or Steps()).run(factors, evidence, chance)
    return _Whole(evidence, chance, run).result()


@dataclass(frozen=True)
class _Whole:
    evidence: Evidence
    draws: Draws
    run: Run

    def tools(self, run: Run) -> Tools:
        """What a step is given."""
        return Tools(self.evidence, run.parameters, self.draws)

    def steel(self, run: Run) -> Made:
        """Crude steel."""
        return run.step("steel", lambda r: steel.production(self.tools(r)))

    def clinker(self, run: Run) -> Made:
        """Clinker."""
        return run.step("clinker", lambda r: cement.clinker(self.tools(r)))

    def cement(self, run: Run) -> Made:
        """Cement."""
        return run.step("cement", lambda r: cement.cement(self.tools(r), self.clinker(r).final))

    def coke(self, run: Run) -> Made:
        """Merchant coke."""
        return run.step("coke", lambda r: coke.production(self.tools(r)))

    def aluminum(self, run: Run) -> Made:
        """Primary aluminum."""
        return run.step("aluminum", lambda r: aluminum.production(self.tools(r)))

    def pig_iron(self, run: Run) -> Made:
        """Pig iron."""
        return run.step("pig_iron", lambda r: iron.pig_iron(self.tools(r), self.steel(r).final))

    def dri(self, run: Run) -> Made:
        """Directly reduced iron."""
        return run.step("dri", lambda r: iron.reduced(self.tools(r)))

    def product(self, run: Run, industry: str) -> Made:
        """What an industry makes."""
        makers = {
            "iron_steel": self.steel,
            "met_coke": self.coke,
            "cement": self.cement,
            "aluminum": self.aluminum,
        }
        return makers[industry](run)

    def scope2(self, run: Run, industry: str) -> Amounts:
        """Bought electricity of an industry."""

        def make(r: Run) -> Amounts:
            made = self.product(r, industry).final
            reduced = self.dri(r).final if industry == "iron_steel" else joined((), self.draws.count)
            return scope2.scope2(self.tools(r), made, reduced)

        return run.step(f"scope2/{industry}", make)

    def per_tonne(self, run: Run, industry: str) -> Amounts:
        """Scope 1 per tonne of an industry."""
        return run.step(
            f"intensity/{industry}",
            lambda r: intensity.scope1(self.tools(r), self.product(r, industry).final),
        )

    def doubtful(self, run: Run, industry: str) -> set[PlantYear]:
        """Plants and years of an industry whose tonnage is in doubt."""

        def make(r: Run) -> set[PlantYear]:
            made = self.product(r, industry).final
            return ranks.in_doubt(self.tools(r), self.per_tonne(r, industry), made)

        return run.step(f"doubt/{industry}", make)

    def both(self, run: Run, industry: str) -> Amounts:
        """Scope 1 and 2 per tonne of an industry."""

        def make(r: Run) -> Amounts:
            return intensity.scope1_and_2(
                self.tools(r),
                self.per_tonne(r, industry),
                self.product(r, industry).final,
                self.scope2(r, industry),
            )

        return run.step(f"intensity_both/{industry}", make)

    def pfc(self, run: Run) -> Amounts:
        """Perfluorocarbons per tonne of aluminum."""
        return run.step("pfc", lambda r: intensity.pfc(self.tools(r), self.aluminum(r).final))

    def jobs(self, run: Run, industry: str) -> Made:
        """People of an industry."""
        return run.step(
            f"employment/{industry}",
            lambda r: employment.employment(self.tools(r), industry, self.product(r, industry).final),
        )

    def ranking(self, run: Run) -> ranks.Ranking:
        """Ranks of all industries."""

        def make(r: Run) -> ranks.Ranking:
            found = ranks.ranking(self.tools(r), self.pfc(r), intensity.PFC_PER_TONNE)
            for industry in INDUSTRIES:
                tools, own = self.tools(r), self.per_tonne(r, industry)
                doubtful = frozenset(self.doubtful(r, industry))
                found += ranks.ranking(tools, own, intensity.SCOPE1, doubtful)
                found += ranks.ranking(tools, self.both(r, industry), intensity.BOTH, doubtful)
            return found

        return run.step("ranks", make)

    def cases(self, run: Run) -> list[backtest.Case]:
        """What the estimates are tested with."""

        def make(r: Run) -> list[backtest.Case]:
            made = self.clinker(r).final, self.aluminum(r).final, self.coke(r).final
            return backtest.cases(self.tools(r), *made)

        return run.step("backtest", make)

    def capacity(self, run: Run) -> pl.DataFrame:
        """Capacities as values."""
        return run.step("capacity", lambda r: capacities.capacities(self.tools(r)))

    def amounts(self, run: Run) -> dict[str, Amounts]:
        """Final amounts by quantity."""
        count = self.draws.count
        gather = {
            "production": [self.product(run, name).final for name in INDUSTRIES],
            "ghg_scope2": [self.scope2(run, name) for name in INDUSTRIES],
            intensity.SCOPE1: [self.per_tonne(run, name) for name in INDUSTRIES],
            intensity.BOTH: [self.both(run, name) for name in INDUSTRIES],
            "employment": [self.jobs(run, name).final for name in INDUSTRIES],
        }
        made = {name: joined(parts, count) for name, parts in gather.items()}
        apart = {name: self._apart(run, step).final for name, step in SEPARATE.items()}
        return made | apart | {intensity.PFC_PER_TONNE: self.pfc(run)}

    def _apart(self, run: Run, step: str) -> Made:
        return {"pig_iron": self.pig_iron, "dri": self.dri, "clinker": self.clinker}[step](run)

    def unreconciled(self, run: Run) -> dict[str, Amounts]:
        """What stood before a total was met, for the plants and years that met one."""
        groups = {"production": [self.product(run, name) for name in INDUSTRIES]}
        groups |= {name: [self._apart(run, step)] for name, step in SEPARATE.items()}
        groups |= {"employment": [self.jobs(run, name) for name in INDUSTRIES]}
        return {
            f"{name}_unreconciled": joined((_moved(made) for made in parts), self.draws.count)
            for name, parts in groups.items()
            if name != "production_dri"
        }

    def adjustments(self, run: Run) -> tuple[Adjustment, ...]:
        """What every total did."""
        made = [self.product(run, name) for name in INDUSTRIES]
        made += [self._apart(run, step) for step in SEPARATE.values()]
        made += [self.jobs(run, name) for name in INDUSTRIES]
        return tuple(row for part in made for row in part.adjustments)

    def moved(self) -> list[grades.Moved]:
        """Tonnages that a total moved out of the interval of their own evidence."""
        made = [("production", self.product(self.run, name)) for name in INDUSTRIES]
        made += [(name, self._apart(self.run, step)) for name, step in SEPARATE.items()]
        return [one for name, part in made for one in grades.moved_out(part, name)]

    def result(self) -> Result:
        """Everything at once."""
        tools, made, moved = self.tools(self.run), self.amounts(self.run), self.moved()
        given = self.run.factors
        absent = gaps.absent(tools, made)
        doubtful = self.doubtful(self.run, "iron_steel")
        found = gaps.findings(self.evidence, absent)
        found += notes.notes(
            self.evidence, given.tracked(), made["production"], made["ghg_scope2"], doubtful
        )
        found += notes.moved(self.evidence, moved)
        out = {name: _of(moved, name) for name in made}
        return Result(
            {name: grades.capped(part, given, out[name]) for name, part in made.items()},
            {name: grades.capped(part, given) for name, part in self.unreconciled(self.run).items()},
            self.capacity(self.run),
            self.adjustments(self.run),
            self.ranking(self.run),
            absent,
            found,
            self.cases(self.run),
        )


def _of(moved: list[grades.Moved], quantity: str) -> set[PlantYear]:
    """Plants and years whose `quantity` rests on a tonnage that was moved out of its own interval."""
    own = quantity if quantity in SEPARATE else "production"
    return (
        grades.keys(one for one in moved if one.quantity == own) if quantity != "employment" else set()
    )


def _moved(made: Made) -> Amounts:
    """The amounts before, of those that a total moved."""
    return made.before.where(lambda item: bool((f := made.final.item(item.key)) and f.reconciled))
