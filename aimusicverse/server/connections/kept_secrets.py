"""What must not be told of a connection, as it stands in the database: sealed JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final

from aimusicverse.secret import Secret
from aimusicverse.server.store.sealed import Sealer

#: What it is sealed for (`store/sealed.py`).
CONNECTION_SECRETS: Final = "store connection"

ACCESS: Final = "access_token"
REFRESH: Final = "refresh_token"
#: Of a sign-in that is under way (RFC 7636).
VERIFIER: Final = "code_verifier"
#: Where the store sends people back to; some want to be told again with each refresh.
REDIRECT: Final = "redirect_uri"
#: With which the store signs what it tells.
CALLBACK: Final = "callback_secret"


class KeptSecrets:
    """Secrets by name. Prints none of them."""

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, str] | None = None) -> None:
        self._values = dict(values or {})

    def __repr__(self) -> str:
        return f"KeptSecrets({sorted(self._values)})"

    def get(self, name: str) -> Secret | None:
        """One of them."""
        value = self._values.get(name)
        return None if value is None else Secret(value)

    def changed(self, **values: Secret | None) -> KeptSecrets:
        """With these in their places; `None` removes one."""
        kept = dict(self._values)
        for name, value in values.items():
            if value is None:
                kept.pop(name, None)
            else:
                kept[name] = value.get_secret_value()
        return KeptSecrets(kept)

    def sealed(self, sealer: Sealer) -> str:
        """As it is stored."""
        return sealer.seal(json.dumps(self._values))


def opened(sealed: str, sealer: Sealer) -> KeptSecrets | None:
    """What was stored; `None`: it was sealed under another master key."""
    if not sealed:
        return KeptSecrets()
    text = sealer.open(sealed)
    return None if text is None else KeptSecrets(json.loads(text))
