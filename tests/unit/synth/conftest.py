from datetime import date

import pytest

from openregie.synth import deliveries, personas, truth
from openregie.synth.municipality import make

ON = date(2026, 11, 1)


@pytest.fixture(scope="session")
def synthetic_town():
    return make(5_000, seed=7, on=ON)


@pytest.fixture(scope="session")
def composed(synthetic_town):
    return deliveries.compose(synthetic_town, seed=7)


@pytest.fixture(scope="session")
def synthetic_folder(synthetic_town, composed, tmp_path_factory):
    directory = tmp_path_factory.mktemp("synthetic")
    deliveries.write(composed, directory)
    truth.write(synthetic_town, composed, directory)
    personas.write(synthetic_town, directory)
    return directory
