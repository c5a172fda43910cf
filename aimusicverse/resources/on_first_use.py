"""Attributes that are only declared, and made when they are first asked for."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any


class OnFirstUse:
    """A client whose resources are loaded one by one, by those who use them.

    `tracks: Tracks`, declared in a subclass, is all that a resource costs: its module has the attribute's
    name and lies beside the one that declares it. Type checkers see what is declared, and nothing else.
    """

    if not TYPE_CHECKING:  # or any name would be one

        def __getattr__(self, name: str) -> Any:
            declared = _declared(type(self)).get(name)
            if declared is None:
                raise AttributeError(
                    f"{type(self).__name__!r} object has no attribute {name!r}", name=name, obj=self
                )
            module, kind = declared
            made = getattr(import_module(module), kind)(self._engine)
            return self.__dict__.setdefault(name, made)  # of two threads one has made it

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *_declared(type(self))})


def _declared(client: type) -> dict[str, tuple[str, str]]:
    """Resource → where its class is, and what it is called."""
    found: dict[str, tuple[str, str]] = {}
    for kind in client.__mro__:
        if OnFirstUse in kind.__bases__:
            package = kind.__module__.rpartition(".")[0]
            for name, declared in vars(kind).get("__annotations__", {}).items():
                if not name.startswith("_"):
                    found[name] = (f"{package}.{name}", declared)
    return found
