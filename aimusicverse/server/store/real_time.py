"""Real time as the database tells it: one clock for leases, however far apart those of the machines are."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class RealTime(FunctionElement[float]):
    """Unix seconds, for use in a statement. It stands still within one."""

    inherit_cache: bool | None = True
    type: sa.types.TypeEngine[float] = sa.Float()


@compiles(RealTime, "sqlite")
def _sqlite(_element: RealTime, _compiler: Any, **_options: Any) -> str:
    return "((julianday('now') - 2440587.5) * 86400.0)"


@compiles(RealTime, "postgresql")
def _postgresql(_element: RealTime, _compiler: Any, **_options: Any) -> str:
    # Not now(): that is when the transaction began, and it may have waited for others since.
    return "CAST(extract(epoch FROM statement_timestamp()) AS double precision)"
