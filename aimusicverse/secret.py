"""A secret that never prints. The only type in which keys and tokens travel through this package."""

from __future__ import annotations

import hmac

TYPE_CHECKING = False  # without `typing`, for whoever imports little else
if TYPE_CHECKING:
    from typing import Any, NoReturn

    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
    from pydantic_core import CoreSchema

MASK = "***"


class Secret:
    """Text that `str`, `repr`, formatting, logs and JSON show as `***`.

    `get_secret_value()` is the only way to the text. Pickling is refused: a pickle is a file
    or a wire that nobody checks for secrets.
    """

    __slots__ = ("__value",)

    def __init__(self, value: str | Secret) -> None:
        self.__value: str = value.get_secret_value() if isinstance(value, Secret) else value

    def get_secret_value(self) -> str:
        """The text itself."""
        return self.__value

    def __repr__(self) -> str:
        return MASK

    def __str__(self) -> str:
        return MASK

    def __format__(self, spec: str) -> str:
        return format(MASK, spec)

    def __bool__(self) -> bool:
        return bool(self.__value)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return hmac.compare_digest(self.__value.encode(), other.__value.encode())

    def __hash__(self) -> int:
        return hash((Secret, self.__value))

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Secret cannot be pickled; pass the text on by a channel meant for secrets")

    def __copy__(self) -> Secret:
        return self  # it cannot change, and copying what holds one is no pickling

    def __deepcopy__(self, memo: dict[int, Any]) -> Secret:
        return self

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        from pydantic_core import core_schema

        return core_schema.no_info_after_validator_function(
            cls,
            core_schema.union_schema([core_schema.is_instance_schema(cls), core_schema.str_schema()]),
            serialization=core_schema.plain_serializer_function_ser_schema(lambda _: MASK),
        )

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {"type": "string", "format": "password"}
