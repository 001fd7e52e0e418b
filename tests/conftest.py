import pytest

from town import settle


@pytest.fixture(scope="session")
def town(tmp_path_factory):
    """A municipality that tests may read; whoever changes one settles their own."""
    return settle(tmp_path_factory.mktemp("town") / "lindestad")
