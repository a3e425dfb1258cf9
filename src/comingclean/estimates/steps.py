"""A memory for steps: a step is taken again only when something that it read has changed.

A step reads parameters and the results of other steps, and both are noted while it runs. Asked again
with other parameters, it is taken anew only where a note no longer holds. What is remembered belongs
to one evidence and one set of draws, and lives as long as the program that asks: a scenario asks many
times, a build once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from comingclean.estimates.factors import Factor, Factors

T = TypeVar("T")


@dataclass(frozen=True)
class _Trace:
    result: Any
    parameters: dict[str, Factor | None]
    steps: dict[str, int]
    version: int


@dataclass
class Steps:
    """Results of named steps with what each of them read. `taken` names those of the last run."""

    taken: list[str] = field(default_factory=list)
    _traces: dict[str, _Trace] = field(default_factory=dict)
    _clock: int = 0
    _ground: object = None
    _chance: object = None

    def run(self, factors: Factors, ground: object = None, chance: object = None) -> Run:
        """A new run with these parameters; what still holds is taken from the memory.

        On another `ground` (the evidence) or with another `chance` (the draws) nothing is remembered.
        """
        if ground is not self._ground or chance != self._chance:
            self._traces.clear()
        self._ground, self._chance = ground, chance
        self.taken = []
        return Run(self, factors)

    def _holds(self, trace: _Trace, factors: Factors) -> bool:
        same = all(factors.by_name.get(name) == was for name, was in trace.parameters.items())
        return same and all(self._traces[name].version == at for name, at in trace.steps.items())


@dataclass
class Run:
    """One pass over the steps. A step gets this object and asks it for parameters and other steps."""

    memory: Steps
    factors: Factors
    _notes: list[dict[str, int]] = field(default_factory=list)
    _current: list[Factors] = field(default_factory=list)
    _seen: set[str] = field(default_factory=set)

    @property
    def parameters(self) -> Factors:
        """The parameters, as the step under way reads them: what it reads is noted."""
        return self._current[-1] if self._current else self.factors

    def step(self, name: str, make: Callable[[Run], T]) -> T:
        """The result of the step `name`, made anew only where something that it read has changed.

        All steps that a step needs must be asked for inside `make`.
        """
        trace = self._fresh(name)
        if trace is None:
            trace = self._take(name, make)
        self._seen.add(name)
        if self._notes:
            self._notes[-1][name] = trace.version
        result: T = trace.result
        return result

    def _fresh(self, name: str) -> _Trace | None:
        trace = self.memory._traces.get(name)
        if trace is None or name in self._seen:
            return trace
        for needed in trace.steps:
            if needed not in self._seen and self._fresh(needed) is None:
                return None
        return trace if self.memory._holds(trace, self.factors) else None

    def _take(self, name: str, make: Callable[[Run], T]) -> _Trace:
        self._notes.append({})
        self._current.append(self.factors.tracked())
        try:
            result = make(self)
        finally:
            noted, read = self._notes.pop(), self._current.pop()
        self.memory._clock += 1
        trace = _Trace(result, dict(read.used), noted, self.memory._clock)
        self.memory._traces[name] = trace
        self.memory.taken.append(name)
        return trace
