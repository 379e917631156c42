import pytest


@pytest.fixture(autouse=True)
def _application(qapp):
    """Fonts and images need an application."""
