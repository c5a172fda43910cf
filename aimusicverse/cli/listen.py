"""`amv listen`: the short name of `amv webhooks listen`."""

from __future__ import annotations

from typing import Final

from aimusicverse.cli.command import CommandSet
from aimusicverse.cli.webhooks.listen import ABOUT, listen

app: Final = CommandSet()
app.command(help=ABOUT.format(path="amv listen"))(listen)
