import pytest

from tests.hosting.story import Story, tell


@pytest.fixture
def story(cast) -> Story:
    """A draft case of seven owners and the people who act in it."""
    return tell(finance=cast.finance, approver=cast.approver, officer=cast.compliance_officer)
