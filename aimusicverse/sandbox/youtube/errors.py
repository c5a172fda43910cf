"""Errors as Google's APIs answer them."""

from __future__ import annotations

from typing import Any, Final

from starlette.responses import JSONResponse

_STATUS_NAMES: Final = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    503: "UNAVAILABLE",
}


class GoogleError(Exception):
    """A call that is not answered as asked.

    Args:
        status: of HTTP.
        reason: `quotaExceeded`, `invalidTitle`, …
        message: for people.
        domain: whose error it is.
        location: of the field or parameter.
    """

    def __init__(
        self, status: int, reason: str, message: str, *, domain: str = "youtube.video", location: str = ""
    ) -> None:
        super().__init__(message)
        self.status = status
        self.reason = reason
        self.message = message
        self.domain = domain
        self.location = location

    def response(self) -> JSONResponse:
        """Its body has the code twice and the message twice, as Google's has."""
        one: dict[str, Any] = {"message": self.message, "domain": self.domain, "reason": self.reason}
        if self.location:
            one |= {"location": self.location, "locationType": "other"}
        error: dict[str, Any] = {"code": self.status, "message": self.message, "errors": [one]}
        if name := _STATUS_NAMES.get(self.status):
            error["status"] = name
        return JSONResponse({"error": error}, self.status)


def unauthorised() -> GoogleError:
    """The token is unknown, or has run out."""
    return GoogleError(401, "authError", "Invalid Credentials", domain="global", location="Authorization")


def not_found(what: str) -> GoogleError:
    """There is none of this id, or it is somebody else's."""
    return GoogleError(404, f"{what}NotFound", f"The {what} cannot be found.", domain=f"youtube.{what}")
