from __future__ import annotations

import copy
import json
import pickle

import pytest
from pydantic import BaseModel

from aimusicverse import Secret


class Holder(BaseModel):
    key: Secret


def test_a_secret_never_prints():
    secret = Secret("hunter2")
    holder = Holder(key=secret)
    shown = [
        str(secret),
        repr(secret),
        f"{secret}",
        f"{secret!r:>9}",
        "%s" % secret,  # noqa: UP031
        repr([secret]),
        repr({secret: 1}),
        repr(holder),
        str(holder),
        holder.model_dump_json(),
        str(holder.model_dump()),
        json.dumps(holder.model_dump(mode="json")),
    ]
    assert "hunter2" not in "".join(shown)
    assert not hasattr(secret, "__dict__")
    assert secret.get_secret_value() == "hunter2"


def test_a_secret_compares_by_its_text_and_only_with_secrets():
    assert Secret("a") == Secret(Secret("a"))
    assert Secret("a") != Secret("b")
    assert Secret("a") != "a"
    assert Secret("é") == Secret("é")
    assert len({Secret("a"), Secret("a")}) == 1
    assert bool(Secret("a"))
    assert not Secret("")


def test_a_secret_is_read_from_json_and_written_as_a_mask():
    holder = Holder.model_validate_json('{"key": "hunter2"}')
    assert holder.key == Secret("hunter2")
    assert Holder(key=holder.key).key == holder.key
    assert holder.model_dump_json() == '{"key":"***"}'


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_secret_is_not_pickled(protocol):
    with pytest.raises(TypeError, match="pickled"):
        pickle.dumps(Secret("hunter2"), protocol)


def test_a_secret_can_be_copied_with_what_holds_it():
    holder = Holder(key=Secret("hunter2"))
    assert copy.deepcopy(holder).key == holder.key
    assert copy.copy(holder.key) == holder.key


def test_a_wrong_value_is_not_repeated_in_the_error():
    with pytest.raises(ValueError) as caught:
        Holder.model_validate({"key": 12345})
    assert "string" in str(caught.value)
