"""Engines by name."""

import pytest

from aimusicverse.engines import registry
from aimusicverse.engines.studio.genres import GENRES


def test_the_studio_is_the_default_and_says_what_it_is():
    about = registry.get().capabilities()
    assert about == registry.get("studio").capabilities()
    assert (about.name, about.kind, about.seedable, about.sings) == ("studio", "embedded", True, False)
    assert about.genres == list(GENRES)
    assert [engine.capabilities().name for engine in registry.all()] == ["studio"]


def test_an_unknown_name_is_a_key_error_that_lists_the_names():
    with pytest.raises(KeyError) as caught:
        registry.get("sunno")
    assert str(caught.value) == "no engine 'sunno'; there are studio"
