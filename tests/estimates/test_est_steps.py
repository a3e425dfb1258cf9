from est_world import changed, made
from hypothesis import given
from hypothesis import strategies as st

from comingclean.estimates.steps import Steps

NAMES = ("a", "b", "c", "d")
# Each step reads some parameters and some steps before it.
STEPS = st.lists(
    st.tuples(st.sets(st.sampled_from(NAMES)), st.sets(st.integers(0, 5))), min_size=1, max_size=6
)


def parameters(values):
    return made(
        *((name, value, value - 1, value + 1, "t") for name, value in zip(NAMES, values, strict=True))
    )


def run_all(run, steps, log):
    """Every step: its number, the parameters and steps that it read."""

    def take(at):
        def make(inner):
            log.append(at)
            own = sum(inner.parameters[name].value for name in steps[at][0])
            return own + sum(take(before) for before in steps[at][1] if before < at) + at

        return run.step(f"s{at}", make)

    return [take(at) for at in range(len(steps))]


def depends(steps, at, name):
    reads, befores = steps[at]
    return name in reads or any(depends(steps, b, name) for b in befores if b < at)


@given(STEPS, st.lists(st.sampled_from(NAMES), max_size=4))
def test_whatever_changes_the_results_are_those_of_a_fresh_run(steps, changes):
    memory, values = Steps(), dict.fromkeys(NAMES, 1.0)
    run_all(memory.run(parameters(values.values())), steps, [])
    for name in changes:
        values[name] += 1
        log = []
        found = run_all(memory.run(parameters(values.values())), steps, log)
        assert found == run_all(Steps().run(parameters(values.values())), steps, [])
        assert sorted(log) == [at for at in range(len(steps)) if depends(steps, at, name)]
        assert sorted(memory.taken) == sorted(f"s{at}" for at in log)


def test_a_parameter_that_was_missing_and_appears_counts_as_changed():
    memory, given_ = Steps(), made(("a", 1.0, 0.0, 2.0, "t"))

    def ask(run):
        return run.step("s", lambda inner: inner.parameters.find("b"))

    assert ask(memory.run(given_)) is None
    ask(memory.run(given_))
    assert memory.taken == []
    more = made(("a", 1.0, 0.0, 2.0, "t"), ("b", 5.0, 4.0, 6.0, "t"))
    assert ask(memory.run(more)).value == 5.0
    assert memory.taken == ["s"]


def test_a_step_that_fails_is_taken_again():
    memory, given_, tries = Steps(), made(("a", 1.0, 0.0, 2.0, "t")), []

    def make(run):
        tries.append(run.parameters["a"].value)
        if len(tries) == 1:
            raise ValueError("once")
        return len(tries)

    for expected in ("once", 2, 2):
        try:
            found = memory.run(given_).step("s", make)
        except ValueError as error:
            found = str(error)
        assert found == expected
    assert len(tries) == 2


def test_the_range_of_a_parameter_counts_as_much_as_its_middle():
    memory, given_ = Steps(), made(("a", 1.0, 0.0, 2.0, "t"))

    def ask(factors):
        return memory.run(factors).step("s", lambda inner: inner.parameters["a"].high)

    assert ask(given_) == 2.0
    assert ask(changed(given_, "a", high=3.0)) == 3.0
