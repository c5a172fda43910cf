"""What a person sees when a store has sent him back. Nothing on it loads or runs."""

from __future__ import annotations

import html
from typing import Final

POLICY: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
_PAGE: Final = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; }}
body {{ font: 1.125rem/1.5 system-ui, sans-serif; max-width: 36rem; margin: 4rem auto; padding: 0 1rem; }}
</style>
</head>
<body>
<main>
<h1>{title}</h1>
{paragraphs}
</main>
</body>
</html>
"""
_LONGEST: Final = 300


def connected(store: str, account: str | None, mode: str) -> str:
    """It went well.

    Args:
        store: its name.
        account: who the person is there, if the store tells.
        mode: `sandbox` or `live`.
    """
    who = f" as {account}" if account else ""
    where = "the stand-in store of this server" if mode == "sandbox" else "live"
    return _page(
        f"{store} is connected",
        f"This server may now deliver to {store}{who} (mode: {mode}, {where}).",
        "If you did not ask for this yourself, take the app's access away in the settings of your account.",
        "You can close this page.",
    )


def failed(store: str, why: str) -> str:
    """It did not; `why` may come from anybody."""
    return _page(
        f"{store} is not connected",
        why if len(why) <= _LONGEST else f"{why[:_LONGEST]}…",
        "Connect the account anew: amv platforms connect. You can close this page.",
    )


def _page(title: str, *paragraphs: str) -> str:
    return _PAGE.format(
        title=html.escape(title),
        paragraphs="\n".join(f"<p>{html.escape(paragraph)}</p>" for paragraph in paragraphs),
    )
