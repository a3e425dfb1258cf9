"""What the tests of the estimates share: the shipped record, estimated once."""

import pytest
from est_world import World

from comingclean import paths
from comingclean.database import estimated, filings
from comingclean.database.part import Ground
from comingclean.estimates.factors import factors
from comingclean.estimates.steps import Steps
from comingclean.estimates.whole import estimate


@pytest.fixture(scope="session")
def world():
    """Evidence, parameters and estimates of the shipped record, with the memory of its steps."""
    ground = Ground(paths.snapshot(), paths.data())
    evidence = estimated.evidence(ground, filings.make(ground).values)
    memory = Steps()
    given = factors(ground.parameters, ground.kinds)
    result = estimate(evidence, given, memory=memory)
    return World(evidence, given, memory, result, result.values())
