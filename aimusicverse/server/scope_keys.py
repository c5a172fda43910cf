"""What layers of the server leave for each other in the ASGI scope of a request, and under which key."""

from __future__ import annotations

from typing import Final

#: The door: its `User-Agent`, in bytes.
AGENT: Final = "amv.agent"
#: The admission: who calls; nothing, without a key.
PRINCIPAL: Final = "amv.principal"
#: The admission: which limit refused it, `hour` or `day`.
LIMITED: Final = "amv.limited"
#: A route: the call for its operation.
CALL: Final = "amv.call"
#: A call: for how many seconds it was held because its caller wanted to wait.
HELD: Final = "amv.held"
#: Anybody: headers that the answer carries too.
EXTRA_HEADERS: Final = "amv.headers"
