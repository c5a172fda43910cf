# Generated from aimusicverse/resources/_async/webhooks.py by scripts/unasync.py: edit there.
"""`client.webhooks`: what happened."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import TypeAdapter

from aimusicverse.resources._sync.resource import Resource
from aimusicverse.resources.moment import moment
from aimusicverse.resources.naming import id_of
from aimusicverse.transport.options import RequestOptions
from aimusicverse.types.event import Event, EventPage

_EVENT = TypeAdapter(Event)
_EVENTS = TypeAdapter(EventPage)


class Webhooks(Resource):
    """The log of events."""

    def events(
        self,
        *,
        after: int | Literal["latest"] = 0,
        since: datetime | str | None = None,
        limit: int = 100,
        wait: int | None = None,
        type: str | None = None,
        options: RequestOptions | None = None,
    ) -> EventPage:
        """Events in the order in which they were committed. Go on with `after=page.last_seq`.

        Args:
            after: only those with a higher `seq`; 0 for all that are kept; `latest` for what happens from now
                on.
            since: only those from then on; with a time zone.
            limit: at most that many.
            wait: seconds (0–60) to wait for one if there is none yet.
            type: only those of it, such as `generation.completed`.
            options: for this call only.
        """
        query = {"after": after, "since": moment(since), "limit": limit, "wait": wait, "type": type}
        return self._send("GET", "/events", _EVENTS, query=query, options=options, held=wait)

    def event(self, event: Event | str, *, options: RequestOptions | None = None) -> Event:
        """One event.

        Raises:
            NotFoundError: no such event, or not yours.
        """
        return self._send("GET", f"/events/{id_of(event)}", _EVENT, options=options)
