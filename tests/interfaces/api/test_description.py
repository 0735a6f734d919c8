"""The API does what its OpenAPI description says, whatever is sent (Schemathesis)."""

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from tests.world import kahvila_kaisa

MOST_EXAMPLES = 40


@pytest.fixture
def described(db):
    """The description, with the application behind it."""
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())


@pytest.mark.parametrize("name", ["pairTerminal", "recordScans", "redeemReward", "undoRedemption", "readMember"])
def test_every_answer_is_one_that_is_described(described, name):
    place = kahvila_kaisa()
    operation = described.find_operation_by_id(name)

    @given(case=operation.as_strategy())
    @settings(
        max_examples=MOST_EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def send(case):
        # A pairing code can have the right shape and still be nobody's; a UUID need not be a UUIDv7.
        case.call_and_validate(
            headers={"Authorization": f"Bearer {place.secret}"}, excluded_checks=[positive_data_acceptance]
        )

    send()


def test_operations_have_names_of_their_own(described):
    assert {result.ok().definition.raw["operationId"] for result in described.get_all_operations()} == {
        "pairTerminal",
        "recordScans",
        "readBlockList",
        "redeemReward",
        "undoRedemption",
        "giveClaimCode",
        "readMember",
    }
