"""The numbers of events on PostgreSQL: given in the order of commits, so that no reader can overtake one.

A sequence alone gives 5 to one transaction and 6 to another that may commit first; whoever has read up to 6
would never see 5. So a number is only given to who holds a lock up to his commit. SQLite has one writer.
"""

from __future__ import annotations

from typing import Final

#: The lock's number; any that nothing else here uses.
_LOCK = 7_236_002

IN_TURN: Final[tuple[str, ...]] = (
    f"""CREATE FUNCTION next_event() RETURNS bigint LANGUAGE plpgsql VOLATILE AS $$
    BEGIN
        PERFORM pg_advisory_xact_lock({_LOCK});
        RETURN nextval('event_seq_seq');
    END $$""",
    "ALTER TABLE event ALTER COLUMN seq SET DEFAULT next_event()",
)
AS_THEY_COME: Final[tuple[str, ...]] = (
    "ALTER TABLE event ALTER COLUMN seq SET DEFAULT nextval('event_seq_seq')",
    "DROP FUNCTION next_event()",
)
