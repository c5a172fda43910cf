"""Search for words: FTS5 on SQLite, a GIN index over `tsvector` on PostgreSQL, the same words found on both.

What makes a word is decided here, in Python, and not by either database: text is folded (no case, no
diacritics, compatibility forms as the plain ones) and cut into runs of letters and digits; each character
of Han, Kana and Hangul is a word by itself. A text is then kept as its words with spaces between, and both
indexes cut at spaces only. So nothing of what a person types can be syntax, of SQL or of either query
language.

A text also has one word that nobody can type: whose it is. So a search reads of the index only what
belongs to its owner.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator

_INDEX: Final = "track_search"
_ALONE: Final = r"\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af"
_WORD: Final = re.compile(rf"[{_ALONE}]|[^\W_{_ALONE}]+")
_LONGEST_WORD: Final = 64
#: Of a private use area (Unicode, section 23.5): a letter to both indexes, and to `_WORD` none.
_OWNER: Final = "\ue000"
#: What beginnings of words begin with on PostgreSQL, which has no index of them: they are words there too.
_BEGINNING: Final = "\ue001"
#: Beginnings of words up to so many letters are found as quickly as words are.
_BEGINNINGS: Final = 6
#: Letters that Unicode does not see as another one with a mark.
_PLAIN: Final = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe"})

#: What SQLite needs besides the tables. The index has no text of its own and follows `track_text`.
SQLITE: Final[tuple[str, ...]] = (
    f"""CREATE VIRTUAL TABLE {_INDEX} USING fts5(words, content='track_text', content_rowid='number',
    tokenize='ascii', detail=none, columnsize=0, prefix='{" ".join(map(str, range(1, _BEGINNINGS + 1)))}')""",
    f"""CREATE TRIGGER {_INDEX}_insert AFTER INSERT ON track_text BEGIN
    INSERT INTO {_INDEX} (rowid, words) VALUES (new.number, new.words); END""",  # noqa: S608
    f"""CREATE TRIGGER {_INDEX}_delete AFTER DELETE ON track_text BEGIN
    INSERT INTO {_INDEX} ({_INDEX}, rowid, words) VALUES ('delete', old.number, old.words); END""",  # noqa: S608
    f"""CREATE TRIGGER {_INDEX}_update AFTER UPDATE ON track_text BEGIN
    INSERT INTO {_INDEX} ({_INDEX}, rowid, words) VALUES ('delete', old.number, old.words);
    INSERT INTO {_INDEX} (rowid, words) VALUES (new.number, new.words); END""",  # noqa: S608
)
_BEGUN: Final = tuple(
    rf"regexp_replace(words, '(^| )([^ {_OWNER}][^ ]{{0,{more}}})[^ ]*', '\1{_BEGINNING}\2', 'g')"
    for more in range(_BEGINNINGS)
)
_WORDS_AND_BEGINNINGS: Final = " || ' ' || ".join(["words", *_BEGUN])
_VECTOR: Final = f"array_to_tsvector(array_remove(string_to_array({_WORDS_AND_BEGINNINGS}, ' '), ''))"
#: What PostgreSQL needs. It guesses that one text in fifty has a word that begins so, whatever it is, and
#: would read all of them in order for a beginning that none has. Of words it knows how many have them, the
#: better the more of them it counts.
POSTGRESQL: Final[tuple[str, ...]] = (
    f"ALTER TABLE track_text ADD COLUMN vector tsvector GENERATED ALWAYS AS ({_VECTOR}) STORED",
    "ALTER TABLE track_text ALTER COLUMN vector SET STATISTICS 500",
    f"CREATE INDEX {_INDEX} ON track_text USING gin (vector)",
)
#: What is to be dropped on SQLite before the tables; triggers and indexes go with their table.
DROP_SQLITE: Final[tuple[str, ...]] = (f"DROP TABLE {_INDEX}",)


def is_internal(table: str) -> bool:
    """Whether a table is SQLite's index, or part of it: that follows from others, and nobody fills it."""
    return table == _INDEX or table.startswith(f"{_INDEX}_")


def install(dialect: str) -> tuple[str, ...]:
    """The statements that a new schema needs besides its tables."""
    return SQLITE if dialect == "sqlite" else POSTGRESQL


def fold(text: str) -> str:
    """`text` without case and diacritics, to be compared with others."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return unicodedata.normalize(
        "NFC", "".join(char for char in plain if unicodedata.category(char) != "Mn").translate(_PLAIN)
    )


def words_of(text: str) -> list[str]:
    """The words of a text, in order."""
    return [word[:_LONGEST_WORD] for word in _WORD.findall(fold(text))]


def searchable(owner_id: str, texts: Iterable[str | None]) -> str:
    """What `track_text.words` holds: each word of the texts once, and whose they are."""
    found = dict.fromkeys(word for text in texts if text for word in words_of(text))
    return " ".join([_owner_word(owner_id), *found])


class _Query(TypeDecorator[tuple[str, ...]]):
    """Words that must all be there, the last one perhaps only begun; in the words of the database.

    They are letters and digits, so the quotes hold.
    """

    impl = sa.Text
    cache_ok: bool | None = True

    def process_bind_param(self, value: tuple[str, ...] | None, dialect: sa.Dialect) -> str | None:
        """Python → database."""
        if value is None:
            return None
        if dialect.name == "sqlite":
            return " AND ".join(f'"{word}"' for word in value) + "*"
        *whole, last = value
        found = [*whole, _BEGINNING + last[:_BEGINNINGS]]
        begun = [f"'{last}':*"] if len(last) > _BEGINNINGS else []
        return " & ".join([*(f"'{word}'" for word in found), *begun])


def query(owner_id: str, asked: str) -> tuple[str, ...] | None:
    """The value for the parameter of `Matching`; `None` if there is no word in what was asked."""
    words = dict.fromkeys(words_of(asked))
    if not words:
        return None
    *whole, last = words_of(asked)
    return (_owner_word(owner_id), *dict.fromkeys(whole), last)


class Matching(FunctionElement[Any]):
    """A table of `number` and `track_id` of the texts that match the parameter `query`.

    `number` is in the order in which tracks came; both databases read it from an index either way, so the
    first page of many matches costs no more than of few.
    """

    inherit_cache: bool | None = True
    name = "matching"

    def __init__(self) -> None:
        super().__init__(sa.bindparam("query", type_=_Query()))


def matching() -> sa.TableValuedAlias:
    """`Matching`, to be selected from."""
    return Matching().table_valued(
        sa.column("number", sa.BigInteger), sa.column("track_id", sa.String), name="hit"
    )


@compiles(Matching, "sqlite")
def _sqlite(element: Matching, compiler: Any, **options: Any) -> str:
    # CROSS JOIN: SQLite keeps to the order, and reads the index from its end, no further than needed.
    asked = compiler.process(element.clauses, **options)
    return (
        f"(SELECT {_INDEX}.rowid AS number, track_text.track_id AS track_id FROM {_INDEX} "  # noqa: S608
        f"CROSS JOIN track_text ON track_text.number = {_INDEX}.rowid WHERE {_INDEX} MATCH {asked})"
    )


@compiles(Matching, "postgresql")
def _postgresql(element: Matching, compiler: Any, **options: Any) -> str:
    asked = compiler.process(element.clauses, **options)
    return f"(SELECT number, track_id FROM track_text WHERE vector @@ CAST({asked} AS tsquery))"  # noqa: S608


def _owner_word(owner_id: str) -> str:
    return _OWNER + "".join(char for char in owner_id.lower() if char.isalnum())
