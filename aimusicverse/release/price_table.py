"""The table of prices: read, judged, and with a file of one's own laid over it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any, Final, get_args

from aimusicverse import paths
from aimusicverse.release.rules.rule import Evidence
from aimusicverse.types.quote import Per

#: Types of release that a price may be for.
RELEASE_TYPES: Final = ("single", "ep", "album")
UNKNOWN: Final = "unknown"
_PER: Final[tuple[str, ...]] = get_args(Per)
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9_]{0,63}", re.ASCII)
_AMOUNT: Final = re.compile(r"\d{1,9}(?:\.\d{1,4})?", re.ASCII)
_CURRENCY: Final = re.compile(r"[A-Z]{3}", re.ASCII)
_KEYS: Final = (
    "via", "plan", "extra", "label", "per", "amount", "percent", "currency", "at_least", "only", "ai", "note",
    "source", "as_of", "evidence", "verified",
)  # fmt: skip
#: A file of prices is small; what is larger is something else.
MOST_BYTES: Final = 2**20


class PriceFileError(ValueError):
    """A file of prices that cannot be used: which, where in it, and what would pass.

    Args:
        path: of the file.
        message: what is wrong, and what would pass.
        line: 1 is the first; `None`: it is about the whole file.
        key: the name of the value.
    """

    def __init__(self, path: str, message: str, *, line: int | None = None, key: str | None = None) -> None:
        place = f", line {line}" if line is not None else ""
        super().__init__(f"{path}{place}: {f'{key}: ' if key else ''}{message}")
        self.path = path
        self.line = line
        self.key = key


@dataclass(frozen=True, slots=True)
class Price:
    """One row: a price as one source has it. See `prices.toml` for what each value means.

    Args:
        via: distributor or store that is paid.
        label: what it is called.
        per: how often it is due.
        amount: of `currency`, or percent of the revenue; `None`: not known.
        currency: ISO 4217.
        source: who says so.
        as_of: read when.
        evidence: how sure.
        verified: whether a page of theirs, or the user, says so.
        plan: that it belongs to.
        extra: that it is.
        at_least: whether it is only where it begins.
        only: types of release that it is for; empty: all.
        ai: whether it is for what a machine made; `None`: either way.
        note: what is to be known besides.
    """

    via: str
    label: str
    per: str
    amount: Decimal | None
    currency: str
    source: str
    as_of: date
    evidence: str
    verified: bool
    plan: str | None = None
    extra: str | None = None
    at_least: bool = False
    only: tuple[str, ...] = ()
    ai: bool | None = None
    note: str | None = None

    @property
    def subject(self) -> tuple[str, str | None, str | None]:
        """Whose plan or extra it is: what a file of one's own replaces together."""
        return self.via, self.plan, self.extra


@dataclass(frozen=True, slots=True)
class Prices:
    """All rows, in order."""

    rows: tuple[Price, ...]

    def of(self, via: str) -> tuple[Price, ...]:
        """Those of one distributor or store."""
        return tuple(row for row in self.rows if row.via == via)

    def overlaid(self, own: Prices) -> Prices:
        """With the rows of `own` in the place of all that are said here of the same plan or extra."""
        replaced = {row.subject for row in own.rows}
        return Prices((*(row for row in self.rows if row.subject not in replaced), *own.rows))


@lru_cache(maxsize=1)
def bundled() -> Prices:
    """The table that comes with this package."""
    text = resources.files("aimusicverse.release").joinpath("prices.toml").read_text("utf-8")
    return parsed(text, "prices.toml")


def own_file() -> Path:
    """Where a user's prices are looked for, unless another file is named."""
    return paths.config_dir() / "prices.toml"


def known(path: Path | None = None) -> Prices:
    """The table with the user's own file laid over it.

    Args:
        path: that file; without one `prices.toml` in the config folder, if it is there.

    Raises:
        PriceFileError: it cannot be used.
    """
    if path is None:
        path = own_file()
        if not path.exists():
            return bundled()
    return bundled().overlaid(read(path))


def read(path: Path) -> Prices:
    """The rows of a user's own file.

    Raises:
        PriceFileError: it cannot be read, is no TOML, or has a row that cannot be one.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise PriceFileError(str(path), f"it cannot be read: {error.strerror}") from None
    if len(data) > MOST_BYTES:
        raise PriceFileError(str(path), "it is larger than 1 MiB")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise PriceFileError(str(path), "it is not UTF-8", line=line) from None
    return parsed(text, str(path), own=True)


def parsed(text: str, name: str, *, own: bool = False) -> Prices:
    """The rows of a text.

    Args:
        text: TOML.
        name: of its file, for errors.
        own: whether it is the user's: then he is its source, and its prices are as sure as he is.

    Raises:
        PriceFileError: it is no TOML, or has a row that cannot be one.
    """
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"at line (\d+)", str(error))
        message = re.sub(r" \(at .*\)$", "", str(error))
        raise PriceFileError(name, message, line=int(found.group(1)) if found else None) from None
    except RecursionError:
        raise PriceFileError(name, "it is nested too deep") from None
    for key in table:
        if key != "price":
            raise PriceFileError(
                name, "there is no such key; rows begin with [[price]]", line=_line(text, key), key=key
            )
    rows = table.get("price", [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise PriceFileError(name, "rows begin with [[price]]", line=_line(text, "price"), key="price")
    return Prices(tuple(_Row(text, name, index, row, own).price() for index, row in enumerate(rows)))


class _Row:
    """One table of the file, and how to say what is wrong with it."""

    def __init__(self, text: str, name: str, index: int, values: Mapping[str, Any], own: bool) -> None:
        self._text, self._name, self._index, self._values, self._own = text, name, index, values, own

    def price(self) -> Price:
        for key in self._values:
            if key not in _KEYS:
                raise self._wrong(key, f"there is no such key; there are: {', '.join(_KEYS)}")
        per = self._choice("per", _PER)
        plan, extra = self._name_or_nothing("plan"), self._name_or_nothing("extra")
        if plan and extra:
            raise self._wrong("extra", "a row has a plan or an extra, not both")
        only = self._only()
        return Price(
            via=self._named("via"),
            label=self._words("label"),
            per=per,
            amount=self._amount(per),
            currency=self._currency(),
            source=self._words("source", f"your own file, {self._name}" if self._own else None),
            as_of=self._day(),
            evidence=self._choice("evidence", tuple(Evidence), Evidence.OWN.value if self._own else None),
            verified=self._truth("verified", self._own or None),
            plan=plan,
            extra=extra,
            at_least=self._truth("at_least", False),
            only=only,
            ai=self._truth("ai", None) if "ai" in self._values else None,
            note=self._words("note") if "note" in self._values else None,
        )

    def _wrong(self, key: str, message: str) -> PriceFileError:
        return PriceFileError(self._name, message, line=_line(self._text, key, self._index), key=key)

    def _given(self, key: str) -> Any:
        if key not in self._values:
            raise self._wrong(key, "it is missing")
        return self._values[key]

    def _words(self, key: str, otherwise: str | None = None) -> str:
        value = self._values.get(key, otherwise)
        if value is None:
            value = self._given(key)
        if not isinstance(value, str) or not value.strip() or len(value) > 500 or not value.isprintable():
            raise self._wrong(key, "text of 1 to 500 characters, on one line")
        return value

    def _named(self, key: str) -> str:
        value = self._given(key)
        if not isinstance(value, str) or not _NAME.fullmatch(value):
            raise self._wrong(key, 'a name in lower case, like "distrokid": letters, digits, underscores')
        return value

    def _name_or_nothing(self, key: str) -> str | None:
        return self._named(key) if key in self._values else None

    def _choice(self, key: str, choices: Iterable[str], otherwise: str | None = None) -> str:
        value = self._values.get(key, otherwise)
        if value is None:
            value = self._given(key)
        if not isinstance(value, str) or value not in list(choices):
            raise self._wrong(key, f"one of: {', '.join(choices)}")
        return value

    def _truth(self, key: str, otherwise: bool | None) -> bool:
        value = self._values.get(key, otherwise)
        if value is None:
            value = self._given(key)
        if not isinstance(value, bool):
            raise self._wrong(key, "true or false")
        return value

    def _amount(self, per: str) -> Decimal | None:
        right, other = ("percent", "amount") if per == "revenue" else ("amount", "percent")
        if other in self._values:
            raise self._wrong(other, f"a price per {per} has {right} instead")
        value = self._given(right)
        if value == UNKNOWN:
            return None
        # Floats are refused: 24.99 has no binary fraction, and a price is what is written.
        if not isinstance(value, str) or not _AMOUNT.fullmatch(value):
            raise self._wrong(right, 'decimal text in quotes, like "24.99", or "unknown"')
        amount = Decimal(value)
        if right == "percent" and amount > 100:
            raise self._wrong(right, "at most 100")
        return amount

    def _currency(self) -> str:
        value = self._given("currency")
        if not isinstance(value, str) or not _CURRENCY.fullmatch(value):
            raise self._wrong("currency", 'three capital letters of ISO 4217, like "USD"')
        return value

    def _day(self) -> date:
        value = self._given("as_of")
        if not isinstance(value, date) or isinstance(value, datetime):
            raise self._wrong("as_of", "a date without quotes, like 2026-11-22")
        return value

    def _only(self) -> tuple[str, ...]:
        value = self._values.get("only", [])
        if not isinstance(value, list) or not all(one in RELEASE_TYPES for one in value):
            raise self._wrong("only", f"a list of: {', '.join(RELEASE_TYPES)}")
        return tuple(value)


def _line(text: str, key: str, index: int | None = None) -> int | None:
    """Where a key stands: at the top, or in the row with this index; its header where the row lacks it."""
    from aimusicverse.release.toml_places import places

    place = places(text).nearest((key,) if index is None else ("price", index, key))
    return place.line if place else None
