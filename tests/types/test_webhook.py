from __future__ import annotations

import pytest
from pydantic import ValidationError

from aimusicverse.types import WebhookCreate, WebhookUpdate


def test_what_is_shown_in_the_place_of_a_header_is_not_taken_for_its_value() -> None:
    for refuse in (lambda h: WebhookUpdate(headers=h), lambda h: WebhookCreate(url="https://x.y", headers=h)):
        with pytest.raises(ValidationError, match="Authorization is only shown as"):
            refuse({"Authorization": "***"})
        assert refuse({"Authorization": "****"}).headers
