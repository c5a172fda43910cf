"""The search for garbage is put off, and comes back as it was."""

import gc

import pytest

from aimusicverse.collector import collector_put_off


def test_nothing_is_looked_for_meanwhile_and_afterwards_as_before() -> None:
    assert gc.isenabled()
    with collector_put_off():
        assert not gc.isenabled()
        with collector_put_off():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()


def test_it_comes_back_after_a_module_that_cannot_be_loaded() -> None:
    with pytest.raises(ModuleNotFoundError), collector_put_off():
        import aimusicverse.not_there  # type: ignore[import-not-found]  # noqa: F401
    assert gc.isenabled()


def test_who_has_none_keeps_none() -> None:
    gc.disable()
    try:
        with collector_put_off():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
