"""Every way the API says no: one table of codes, and the exceptions that carry them.

A code is stable: clients branch on it. The docs have a page for each, written from this table.
"""

from __future__ import annotations

from dataclasses import dataclass

from aimusicverse.types import FieldError, Problem


@dataclass(frozen=True, slots=True)
class Code:
    """A kind of problem: its HTTP status, title, and what to do about it."""

    status: int
    title: str
    advice: str


CODES: dict[str, Code] = {
    "malformed_json": Code(
        400, "The body is not JSON", "Send UTF-8 JSON (RFC 8259) that is not nested thousands deep."
    ),
    "malformed_http": Code(
        400,
        "The request breaks the rules of HTTP",
        "Send HTTP/1.1 with one Host, and one way to tell where the body ends (RFC 9112).",
    ),
    "key_in_url": Code(
        400,
        "A key does not belong in a URL",
        "Send it as `Authorization: Bearer <API key>`. URLs are kept in logs and histories on the way: "
        "replace the key if it was a real one.",
    ),
    "cursor_invalid": Code(
        400,
        "The cursor does not belong to this list",
        "Pass `next_cursor` back unchanged, with the same filters. It cannot be moved to another list.",
    ),
    "idempotency_key_invalid": Code(
        400, "The Idempotency-Key cannot be used", "Send 1 to 255 visible ASCII characters, such as a UUID."
    ),
    "sign_in_invalid": Code(
        400,
        "This sign-in is not known, was used, or is too old",
        "Connect the account anew: a sign-in is good once, for ten minutes.",
    ),
    "api_key_missing": Code(
        401, "No API key", "Send `Authorization: Bearer <API key>` or `X-API-Key: <API key>`."
    ),
    "api_key_invalid": Code(
        401, "The API key is wrong", "Check that the whole key was copied; it ends in a checksum."
    ),
    "callback_not_signed": Code(
        401,
        "The message is not signed as it should be",
        "Sign it by Standard Webhooks with the connection's `whsec_…` secret, over the raw body, with the "
        "present time; name the connection as in its `callback_url`.",
    ),
    "api_key_revoked": Code(401, "The API key was revoked", "Use another key, or create one."),
    "api_key_expired": Code(401, "The API key has expired", "Use another key, or create one."),
    "origin_not_allowed": Code(
        403,
        "Pages of this origin may not call this server",
        "Add the origin to `AMV_CORS_ORIGINS`, or call from a server of your own.",
    ),
    "api_key_suspended": Code(
        403,
        "The API key is suspended",
        "It tried far more calls than its limit, or an admin suspended it. Rotate it with another key "
        "(`POST /api-keys/{id}/rotate`), or ask an admin.",
    ),
    "user_suspended": Code(403, "The user is suspended", "Ask an admin of this server."),
    "grant_exceeded": Code(
        403,
        "A key cannot give what it does not have",
        "Use a key that is live, or that expires later; or ask for less.",
    ),
    "test_key_needed": Code(
        403,
        "Only a test key may do this",
        "Use a key `amv_test_…`: what it makes up must not be taken for what happened.",
    ),
    "scope_missing": Code(
        403, "The key may not do this", "Use a key that has the scope which the detail names."
    ),
    "metrics_refused": Code(
        403,
        "The metrics are not shown to you",
        "Send the server's AMV_METRICS_TOKEN as `Authorization: Bearer <token>`. Where none is set, ask from "
        "the server's own machine.",
    ),
    "live_key_needed": Code(
        403,
        "Only a live key may do this",
        "A key `amv_test_…` works with the sandbox. Use a key `amv_live_…` for real stores.",
    ),
    "play_url_invalid": Code(
        403, "The link was changed", "Ask for a new link with `POST /tracks/{id}/play-url`."
    ),
    "play_url_expired": Code(
        403, "The link has expired", "Ask for a new link with `POST /tracks/{id}/play-url`."
    ),
    "route_not_found": Code(404, "No such address", "Compare the path with `/docs`."),
    "generation_not_found": Code(
        404, "No such generation", "Check the id. What belongs to somebody else is not found either."
    ),
    "track_not_found": Code(
        404, "No such track", "Check the id. What was deleted, or belongs to somebody else, is not found."
    ),
    "section_not_found": Code(
        404, "No such section", "Sections are counted from 0, in the order of the track's `provenance.plan`."
    ),
    "playlist_not_found": Code(
        404, "No such playlist", "Check the id. What belongs to somebody else is not found either."
    ),
    "artwork_not_found": Code(
        404, "No such artwork", "Check the id (`art_…`). What belongs to somebody else is not found either."
    ),
    "distribution_not_found": Code(
        404, "No such distribution", "Check the id (`dst_…`). What belongs to somebody else is not found."
    ),
    "cover_not_found": Code(404, "The playlist has no cover", "Send one with `PUT /playlists/{id}/cover`."),
    "playlist_entry_not_found": Code(
        404,
        "It is not in this playlist",
        "Read the playlist's tracks again: it was removed, or its track was deleted.",
    ),
    "api_key_not_found": Code(
        404, "No such API key", "Check the id (`key_…`). What belongs to somebody else is not found either."
    ),
    "user_not_found": Code(404, "No such user", "Check the id (`usr_…`)."),
    "webhook_not_found": Code(
        404, "No such webhook", "Check the id (`whk_…`). What belongs to somebody else is not found either."
    ),
    "delivery_not_found": Code(
        404, "No such delivery", "Check the id (`dlv_…`). They go with their webhook, and after a while."
    ),
    "event_not_found": Code(404, "No such event", "Check the id."),
    "platform_not_found": Code(404, "No such platform", "`GET /platforms` lists those that are known."),
    "connection_not_found": Code(
        404, "No account is connected there", "`GET /platforms` shows your accounts (`connections`)."
    ),
    "package_not_found": Code(
        404, "The distribution does not go to that store", "Name one of its `platforms`."
    ),
    "snapshot_not_found": Code(404, "No such snapshot", "Snapshots end with the server that kept them."),
    "stems_not_found": Code(
        404,
        "No such stems",
        "Ask for the track's stems first (`POST /tracks/{id}/stems`); their list has the name of each.",
    ),
    "rule_unknown": Code(404, "No such rule", "The list of rules is in the docs."),
    "problem_code_unknown": Code(404, "No such problem code", "The list of codes is in the docs."),
    "method_not_allowed": Code(405, "Not this method here", "The header `Allow` names those that work."),
    "request_timeout": Code(
        408,
        "The request took too long to arrive",
        "Send it again. Headers have 10 seconds, and a body must come at 500 bytes a second at least, unless "
        "the server is set otherwise.",
    ),
    "generation_final": Code(
        409, "The generation has already ended", "Nothing to do: it changes no more. Start a new one."
    ),
    "no_telegram_bot": Code(
        409,
        "This server has no bot on Telegram",
        "Whoever runs this server makes a bot with @BotFather, and sets `AMV_TELEGRAM_TOKEN`.",
    ),
    "idempotency_in_progress": Code(
        409,
        "The first request with this Idempotency-Key still runs",
        "Wait a moment, then send it again: you will get the first one's answer.",
    ),
    "midi_unavailable": Code(
        409,
        "There are no notes of this track",
        "The detail says why. Notes are written from the plan that a track was generated by; what was "
        "uploaded has none. The same prompt and seed, generated anew, give a track with notes.",
    ),
    "structure_unavailable": Code(
        409,
        "There is no structure in this track",
        "It has no plan on record, and no music is heard in its sound.",
    ),
    "artwork_not_ready": Code(
        409,
        "The artwork has no picture",
        "Wait until it is completed (`GET /artwork/{id}?wait=30`). One that failed says why, and gets none: "
        "take a template, or bring a picture.",
    ),
    "stems_unavailable": Code(
        409,
        "There are no stems of this track",
        "The detail says why. Stems are played anew from the track's plan, by the engine that made it.",
    ),
    "stems_not_ready": Code(
        409,
        "The stems are not ready",
        "Wait until they are (`GET /tracks/{id}/stems?wait=30`); ask for those that failed again.",
    ),
    "distribution_state": Code(
        409,
        "The distribution cannot do this as it stands",
        "The detail says how each of its stores stands, and what may be asked for there.",
    ),
    "nothing_changed": Code(
        409,
        "The same would go wrong again",
        "Change what the detail names (`PATCH /distributions/{id}`), then retry.",
    ),
    "date_with_store": Code(
        409,
        "A store has the date already",
        "It releases by itself. Take the release down there (`POST …/takedown`), and distribute it anew.",
    ),
    "too_many_artworks": Code(
        409, "No more artworks", "Delete those that nobody uses, or let `AMV_ARTWORK_LIMIT` allow more."
    ),
    "playlist_full": Code(
        409,
        "No room in the playlist",
        "A playlist has up to 10,000 entries, those of deleted tracks included. Begin another one.",
    ),
    "playlist_entry_ambiguous": Code(
        409,
        "The track stands in the playlist more than once",
        "Name the entry (`ent_…`) that you mean; the playlist's tracks have them.",
    ),
    "api_key_final": Code(
        409, "The API key was revoked", "It changes no more. Make another one with `POST /api-keys`."
    ),
    "api_key_rotated": Code(
        409, "The API key was rotated already", "Rotate the key that took its place; the detail names it."
    ),
    "too_many_api_keys": Code(
        409, "No more API keys", "A user has up to 1,000 keys. Revoke those that nobody uses."
    ),
    "webhook_disabled": Code(
        409,
        "The webhook is disabled",
        "Enable it (`PATCH /webhooks/{id}` with `enabled: true`), then send again what it missed (`replay`).",
    ),
    "too_many_webhooks": Code(
        409, "No more webhooks", "A user has up to 100. Delete those that nobody uses."
    ),
    "user_is_you": Code(
        409,
        "That is yourself",
        "You cannot suspend yourself, nor change your own role: another admin can.",
    ),
    "idempotency_answer_lost": Code(
        409,
        "The first answer can no longer be read",
        "The server's master key was changed since. The request had its effect: look it up instead.",
    ),
    "nothing_to_connect": Code(
        409,
        "There is nothing to connect there",
        "No account is needed, or none is possible: `GET /platforms` says how a release gets there (`live`, "
        "`delivered_by`).",
    ),
    "store_app_missing": Code(
        409,
        "The server has no app with this store",
        "Whoever runs the server registers one with the store and sets the variables that the detail names; "
        "the docs say how, step by step (Connecting stores). The sandbox needs none.",
    ),
    "package_impossible": Code(
        409,
        "The package cannot be made of this release as it is",
        "`errors` or the detail say what is missing. Edit the distribution (`PATCH /distributions/{id}`), or "
        "connect the account that it needs; then ask again.",
    ),
    "sandbox_off": Code(
        409, "This server has no sandbox", "Whoever runs the server turns it on with `AMV_SANDBOX=1`."
    ),
    "track_not_replayable": Code(
        409,
        "The track cannot be worked on from",
        "Only a track whose plan is on record (`provenance.plan`) goes on or has sections played anew, and "
        "only by an engine that can, with the sounds (a soundfont, or its own) that it was played by. "
        "Uploaded tracks have no plan, nor have those that an older server made.",
    ),
    "version_conflict": Code(
        412,
        "Somebody else changed it meanwhile",
        "Read it again, look at what changed, and send the edit with the new `ETag` as `If-Match`.",
    ),
    "body_too_large": Code(
        413,
        "The body is too large",
        "A body may have up to 1 MiB, unless `AMV_MAX_BODY_KB` says otherwise.",
    ),
    "upload_too_large": Code(
        413,
        "The file is too large",
        "A recording may have up to 2 GiB, a cover up to 10 MiB, an artwork 20 MiB, an export 64 MiB.",
    ),
    "url_too_long": Code(
        414, "The URL is too long", "Shorten it. Filters and cursors take a few hundred bytes."
    ),
    "unsupported_media_type": Code(
        415, "The body's type is not supported here", "Send `Content-Type: application/json`."
    ),
    "range_not_satisfiable": Code(
        416, "The range lies outside the file", "Ask for bytes below the size in `Content-Range`."
    ),
    "host_not_allowed": Code(
        421,
        "This server does not go by that name",
        "Add the name to `AMV_ALLOWED_HOSTS`, or set `AMV_PUBLIC_URL`.",
    ),
    "invalid_request": Code(
        422, "The request is not valid", "`errors` names each field, and what would pass."
    ),
    "audio_unreadable": Code(
        422, "The file is no sound, or is damaged", "Send a WAV, FLAC, MP3, AIFF or Ogg file that plays."
    ),
    "audio_truncated": Code(
        422,
        "The file ends before its header says",
        "Send the whole file, or export it again.",
    ),
    "audio_unsupported": Code(
        422,
        "This kind of sound is not taken",
        "Send mono or stereo of 8,000 to 192,000 Hz, as WAV or FLAC.",
    ),
    "audio_too_long": Code(422, "The recording is too long", "A recording may last up to three hours."),
    "file_truncated": Code(422, "The file ends before its end", "Send the whole file again."),
    "image_unreadable": Code(
        422, "The file is no picture, or is damaged", "Send a JPEG, PNG or WebP file that shows."
    ),
    "image_truncated": Code(
        422, "The picture ends before its end", "Send the whole file, or export it again."
    ),
    "image_unsupported": Code(
        422,
        "This kind of picture is not taken",
        "Send a JPEG, PNG or WebP file with one picture that does not move.",
    ),
    "image_dimensions": Code(
        422,
        "The picture has too few or too many pixels",
        "A cover has 64 to 4,096 pixels on each side, an artwork up to 10,000; stores want 3000 × 3000.",
    ),
    "lettering_impossible": Code(
        422,
        "Title or artist cannot be written on the picture",
        "Ask for it without `lettering`, or bring a picture that has the words.",
    ),
    "release_refused": Code(
        422,
        "A store would not take the release",
        "`errors` names what has to be changed; `/rules/{id}` explains each rule. Nothing was sent.",
    ),
    "platform_unreachable": Code(
        422,
        "Nothing brings a release to that store from here",
        "`GET /platforms` says what does; by a distributor (`via`) there is a kit for a person.",
    ),
    "generator_unknown": Code(
        422,
        "No such generator",
        "Leave `generator` out: the server draws by itself. Whoever runs it gives it an account with "
        "`AMV_STABILITY_API_KEY` or `AMV_REPLICATE_API_TOKEN`.",
    ),
    "engine_unknown": Code(422, "No such engine", "`GET /engines` lists those that this server has."),
    "plan_refused": Code(
        422, "The engine cannot follow this plan", "Change what `errors` names, or leave `plan` out."
    ),
    "idempotency_key_reused": Code(
        422,
        "This Idempotency-Key was used for another request",
        "Use a new key for a new request, or send the first request's body again.",
    ),
    "rate_limited": Code(
        429,
        "Too many calls within an hour",
        "Wait as long as `Retry-After` says; `X-RateLimit-Remaining` tells beforehand. A user's calls count "
        "together, whichever key they come by; calls without a key, and wrong keys, by the address they come "
        "from. A key that tries more than 100 calls over its limit within a minute is suspended. "
        "`upgrade_url` tells how to get more.",
    ),
    "quota_exceeded": Code(
        429,
        "Too many calls within a day",
        "Wait as long as `Retry-After` says: calls come back one by one, not all at once. `GET "
        "/user/profile` shows what is left of the day. `upgrade_url` tells how to get more.",
    ),
    "headers_too_large": Code(
        431,
        "The headers are too large",
        "Headers may have up to 32 KiB together, unless `AMV_MAX_HEADER_KB` says otherwise.",
    ),
    "audio_lost": Code(
        500, "The server no longer has the audio", "Restore the blobs, a folder or a bucket, from a backup."
    ),
    "image_lost": Code(
        500,
        "The server no longer has the picture",
        "Send it again, or restore the blobs, a folder or a bucket, from a backup.",
    ),
    "artwork_failed": Code(
        500,
        "The picture could not be drawn",
        "Take a template (`GET /artwork/templates`), or bring a picture (`POST /artwork/upload`).",
    ),
    "generator_failed": Code(
        502,
        "The generator gave no picture",
        "Read the detail. Take a template (`GET /artwork/templates`), or bring a picture "
        "(`POST /artwork/upload`).",
    ),
    "sign_in_failed": Code(
        502,
        "The store did not let us in",
        "Read the detail. Try again; if it happens again, connect anew.",
    ),
    "engine_crashed": Code(
        500, "The engine stopped without a result", "Try again; if it happens again, read the server's log."
    ),
    "soundfont_unreadable": Code(
        500,
        "The server's soundfont cannot be played",
        "Tell who runs the server: `AMV_SOUNDFONT` names a file that is damaged, gone or changed.",
    ),
    "engine_failed": Code(500, "The engine could not make the music", "Read the detail; try again."),
    "internal_error": Code(
        500, "Something went wrong on the server", "Try again. The log has more under the request id."
    ),
    "store_unavailable": Code(
        503,
        "The database or the audio store does not answer",
        "Try again; the server's log says what is wrong.",
    ),
    "prices_unreadable": Code(
        503,
        "The server's own prices cannot be read",
        "Whoever runs the server has to mend its prices.toml; the log says which line.",
    ),
    "package_busy": Code(
        503, "Too many packages at once", "Wait for those that you have asked for, then try again."
    ),
    "authentication_busy": Code(
        503,
        "Too many unknown API keys at once",
        "Try again in a few seconds. A key that was used here before is not held up.",
    ),
    "not_ready": Code(503, "The server cannot do its work yet", "Try again in a moment."),
    "storage_full": Code(507, "No room left on the server's disk", "Free some room, then try again."),
}


class Refusal(Exception):
    """An answer other than the one asked for. Raised by services and security, rendered by the app."""

    def __init__(
        self,
        code: str,
        detail: str | None = None,
        *,
        errors: list[FieldError] | None = None,
        headers: dict[str, str] | None = None,
        upgrade_url: str | None = None,
    ) -> None:
        super().__init__(code, detail)
        self.code = code
        self.status: int = CODES[code].status
        self.detail = detail
        self.errors: list[FieldError] = errors or []
        self.headers: dict[str, str] = headers or {}
        self.upgrade_url = upgrade_url

    def problem(self, request_id: str | None = None) -> Problem:
        """The answer's body."""
        return problem(
            self.code, self.detail, request_id=request_id, errors=self.errors, upgrade_url=self.upgrade_url
        )


class NotFound(Refusal):
    """An id that names nothing of this owner's."""

    def __init__(self, what: str, identifier: str) -> None:
        super().__init__(f"{what}_not_found", f"There is no {what} with the id {shortened(identifier)}.")


def problem(
    code: str,
    detail: str | None = None,
    *,
    request_id: str | None = None,
    errors: list[FieldError] | None = None,
    upgrade_url: str | None = None,
) -> Problem:
    """A problem of a known code (RFC 9457). `type` is the page on this server that explains it."""
    known = CODES[code]
    return Problem(
        type=f"/problems/{code}",
        title=known.title,
        status=known.status,
        detail=detail or known.advice,
        code=code,
        request_id=request_id,
        errors=errors or [],
        upgrade_url=upgrade_url,
    )


def problem_of_engine(code: str, message: str) -> Problem:
    """A problem for what an engine says of itself; unknown codes are `engine_failed`."""
    return problem(code if code in CODES else "engine_failed", message)


def problem_of_status(status: int, *, request_id: str | None = None) -> Problem:
    """A problem of any status, for faults that a test asked for."""
    return Problem(
        type="about:blank",
        title=f"A fault with status {status}",
        status=status,
        detail="The test asked for it.",
        code="fault",
        request_id=request_id,
    )


def shortened(value: str, limit: int = 60) -> str:
    """A value of the caller's, fit to stand in a sentence."""
    printable = "".join(char if char.isprintable() else "�" for char in value[: limit + 1])
    return repr(printable if len(value) <= limit else printable[:limit] + "…")
