"""What can go wrong with a store, apart from what a service decides."""

from __future__ import annotations


class StoreError(Exception):
    """The store cannot do its work. The message says what was wrong, where, and what to do."""


class StoreDamaged(StoreError):
    """The database file is not a database, or its pages contradict each other."""


class StoreBusy(StoreError):
    """Somebody else holds the database; try again."""


class StoreFull(StoreError):
    """No room left on the disk."""


class SchemaUnknown(StoreError):
    """The schema is newer than this version, or not ours."""


class RowsInvalid(StoreError):
    """Rows that were to be loaded are not whole, or do not fit the schema."""


class NotEmpty(StoreError):
    """The database that was to be filled has rows already."""


class InUse(StoreError):
    """Somebody is at work in the database; stop him first."""
