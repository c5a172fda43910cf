# Generated from aimusicverse/resources/_async/webhooks.py by scripts/unasync.py: edit there.
"""`client.webhooks`: endpoints that the server calls, what it sent them, and what happened."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Literal

from pydantic import TypeAdapter

from aimusicverse.errors import AMVError
from aimusicverse.resources._sync.pager import Pager
from aimusicverse.resources._sync.resource import Resource
from aimusicverse.resources.moment import moment
from aimusicverse.resources.naming import id_of, ids_of, version_of
from aimusicverse.resources.overlap import overlap_body
from aimusicverse.resources.own_headers import plain_headers
from aimusicverse.resources.replaying import Replaying
from aimusicverse.secret import Secret
from aimusicverse.transport.options import RequestOptions
from aimusicverse.types.event import Event, EventPage
from aimusicverse.types.webhook import Delivery, Webhook, WebhookReplay

_DELIVERY = TypeAdapter(Delivery)
_EVENT = TypeAdapter(Event)
_EVENTS = TypeAdapter(EventPage)
_REPLAY = TypeAdapter(WebhookReplay)
_WEBHOOK = TypeAdapter(Webhook)


class Webhooks(Resource):
    """Endpoints of yours, to which the server sends events; their deliveries; and the log of events.

    The secret by which an endpoint knows a message is `webhook.secret`, a Secret, in the answer that makes or
    rotates it; it is not shown again. Edits take `if_match`: the endpoint as you saw it, or its `etag`. If
    somebody else changed it since, they raise PreconditionFailedError and change nothing.
    """

    def list(self, *, limit: int = 50, options: RequestOptions | None = None) -> Pager[Webhook]:
        """Your endpoints, newest first. `.page()` gives the first page, `for` all items.

        Args:
            limit: items on a page, 1–100.
            options: for each page.
        """
        return self._page("/webhooks", Webhook, query={"limit": limit}, options=options)

    def create(
        self,
        url: str,
        *,
        events: str | Iterable[str] = "*",
        description: str | None = None,
        headers: Mapping[str, str | Secret] | None = None,
        retry_schedule: str = "fast",
        options: RequestOptions | None = None,
    ) -> Webhook:
        """Make an endpoint. The server sends it an event `endpoint.test` at once.

        Args:
            url: where it is: `https://…`. A server on your own machine also calls `http` and that machine.
            events: what is sent there: types such as `generation.completed`, `generation.*`, or `*` for all.
            description: up to 2,000 characters.
            headers: of your own, to be sent along, such as `Authorization`; up to 20. They are kept sealed.
            retry_schedule: `fast`: five more tries within half a minute. `extended`: five further ones, over
                a day and a half.
            options: for this call only.

        Returns:
            It with `secret`.

        Raises:
            UnprocessableEntityError: an address that the server may not call, an event that there is not, a
                header that it sets by itself.
            ConflictError: you have 100 endpoints.
            ConfigurationError: a header whose value is only shown as `***`.
        """
        body: dict[str, Any] = {"url": url, "events": _patterns(events), "retry_schedule": retry_schedule}
        if description is not None:
            body["description"] = description
        if headers:
            body["headers"] = plain_headers(headers)
        return self._send("POST", "/webhooks", _WEBHOOK, body=body, options=options)

    def get(self, webhook: Webhook | str, *, options: RequestOptions | None = None) -> Webhook:
        """One endpoint, without its secret, and with the names of its own headers alone.

        Raises:
            NotFoundError: no such endpoint, or not yours.
        """
        return self._send("GET", _path(webhook), _WEBHOOK, options=options)

    def update(
        self,
        webhook: Webhook | str,
        *,
        url: str | None = None,
        events: str | Iterable[str] | None = None,
        description: str | None = None,
        headers: Mapping[str, str | Secret] | None = None,
        retry_schedule: str | None = None,
        enabled: bool | None = None,
        if_match: Webhook | str | None = None,
        options: RequestOptions | None = None,
    ) -> Webhook:
        """Change what is given; None leaves it as it is. What waits for it goes where it is then.

        Args:
            webhook: or its id.
            url: where it is.
            events: all that is sent there from now on.
            description: up to 2,000 characters; an empty text removes it.
            headers: all of its own headers from now on, with their values; an empty mapping removes them.
            retry_schedule: `fast` or `extended`.
            enabled: False sends nothing more there. True sends what had to wait, and forgets the failures
                for which it was disabled; what happened meanwhile can be replayed.
            if_match: only if it is still as it was then.
            options: for this call only.

        Raises:
            NotFoundError: no such endpoint, or not yours.
            UnprocessableEntityError: as of `create`.
            PreconditionFailedError: it was changed since.
            ConfigurationError: a header whose value is only shown as `***`.
        """
        given = {
            "url": url,
            "events": None if events is None else _patterns(events),
            "description": description,
            "headers": None if headers is None else plain_headers(headers),
            "retry_schedule": retry_schedule,
            "enabled": enabled,
        }
        body = {name: value for name, value in given.items() if value is not None}
        version = version_of(if_match)
        return self._send("PATCH", _path(webhook), _WEBHOOK, body=body, if_match=version, options=options)

    def delete(
        self,
        webhook: Webhook | str,
        *,
        if_match: Webhook | str | None = None,
        options: RequestOptions | None = None,
    ) -> None:
        """Remove an endpoint with its deliveries. Nothing more is sent there.

        Raises:
            NotFoundError: no such endpoint, or not yours.
            PreconditionFailedError: it was changed since.
        """
        self._discard(_path(webhook), if_match=version_of(if_match), options=options)

    def test(self, webhook: Webhook | str, *, options: RequestOptions | None = None) -> Delivery:
        """Send an event `endpoint.test` to this endpoint alone, marked by `test: true`.

        Returns:
            The delivery, still `pending`: `delivery` tells what came of it.

        Raises:
            NotFoundError: no such endpoint, or not yours.
            ConflictError: it is disabled.
        """
        return self._send("POST", f"{_path(webhook)}/test", _DELIVERY, options=options)

    def rotate_secret(
        self,
        webhook: Webhook | str,
        *,
        overlap: timedelta | float | None = None,
        options: RequestOptions | None = None,
    ) -> Webhook:
        """Make a new secret. For a while messages are signed with the old one too, so that none is refused.

        Args:
            webhook: or its id.
            overlap: how long that is, up to 30 days; seconds, if it is a number. None is a day, 0 not at
                all: the old one is void at once.
            options: for this call only.

        Returns:
            It with `secret`, the new one.

        Raises:
            NotFoundError: no such endpoint, or not yours.
        """
        path = f"{_path(webhook)}/rotate-secret"
        return self._send("POST", path, _WEBHOOK, body=overlap_body(overlap), options=options)

    def deliveries(
        self,
        webhook: Webhook | str,
        *,
        status: str | None = None,
        limit: int = 50,
        options: RequestOptions | None = None,
    ) -> Pager[Delivery]:
        """What was sent to an endpoint, newest first. `.page()` gives the first page, `for` all items.

        Args:
            webhook: or its id.
            status: only those in it: `pending`, `succeeded`, `failed` or `dead`.
            limit: items on a page, 1–100.
            options: for each page.
        """
        query = {"status": status, "limit": limit}
        return self._page(f"{_path(webhook)}/deliveries", Delivery, query=query, options=options)

    def delivery(self, delivery: Delivery | str, *, options: RequestOptions | None = None) -> Delivery:
        """One delivery, with each of its tries and the first 20 kB of what was answered.

        Raises:
            NotFoundError: no such delivery, or not yours.
        """
        return self._send("GET", f"/deliveries/{id_of(delivery)}", _DELIVERY, options=options)

    def redeliver(self, delivery: Delivery | str, *, options: RequestOptions | None = None) -> Delivery:
        """Send it once more, at once, under the same id. One that waits for its next try is brought forward.

        Raises:
            NotFoundError: no such delivery, or not yours.
            ConflictError: its endpoint is disabled.
        """
        path = f"/deliveries/{id_of(delivery)}/redeliver"
        return self._send("POST", path, _DELIVERY, options=options)

    def replay(
        self,
        webhook: Webhook | str,
        events: Event | str | Iterable[Event | str] | None = None,
        *,
        since: datetime | str | None = None,
        after: int | None = None,
        delivered_too: bool = False,
        progress: Callable[[WebhookReplay], None] | None = None,
        options: RequestOptions | None = None,
    ) -> WebhookReplay:
        """Send events to an endpoint again: those named, or what the log has of what it asked for.

        What was delivered already, or waits to be, is skipped, so that it does no harm to do it again. The
        log is gone through in stretches, each within a deadline of its own, until its end. If that is
        interrupted, go on with `after=` the `last_seq` that `progress` was last given; the error says it in
        a note, too.

        Args:
            webhook: or its id.
            events: or their ids, however many. None for a part of the log.
            since: what happened from then on, with a time zone.
            after: what came after this `seq`; 0 for all that is kept. With `since`, what is both.
            delivered_too: also what was delivered: the endpoint gets it once more, under the same id.
            progress: called after each stretch with what was done so far. What it raises ends the replay.
            options: for each of the calls. An idempotency key is that of the first; those of the others
                follow from it.

        Returns:
            What was done in all.

        Raises:
            NotFoundError: no such endpoint or event, or not yours.
            ConflictError: the endpoint is disabled.
            UnprocessableEntityError: neither events nor a part of the log, or both.
        """
        path = f"{_path(webhook)}/replay"
        replaying = Replaying(
            None if events is None else ids_of(events),
            since=moment(since),
            after=after,
            delivered_too=delivered_too,
            options=options,
        )
        while not replaying.so_far.done:
            try:
                part = self._send("POST", path, _REPLAY, body=replaying.body(), options=replaying.options())
                so_far = replaying.add(part)
            except AMVError as error:
                replaying.interrupted_by(error)
                raise
            if progress is not None:
                progress(so_far)
        return replaying.so_far

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

    def trigger(
        self, type: str, *, data: Mapping[str, Any] | None = None, options: RequestOptions | None = None
    ) -> Event:
        """Make up an event, to try a receiver out. It is marked by `test: true`, and sent as others are.

        Args:
            type: such as `generation.completed`.
            data: what to put over the fields of the sample that the server has of each type.
            options: for this call only.

        Raises:
            PermissionDeniedError: the key is no test key.
            UnprocessableEntityError: there are no events of that type.
        """
        body: dict[str, Any] = {"type": type}
        if data:
            body["data"] = dict(data)
        return self._send("POST", "/events/trigger", _EVENT, body=body, options=options)


def _path(webhook: Webhook | str) -> str:
    return f"/webhooks/{id_of(webhook)}"


def _patterns(events: str | Iterable[str]) -> list[str]:
    return [events] if isinstance(events, str) else [*events]
