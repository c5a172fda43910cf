"""`amv server`: backup, restore, another database, another schema. It works on the data folder itself."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from aimusicverse.cli import exits
from aimusicverse.cli.command import group
from aimusicverse.cli.context import Context
from aimusicverse.cli.errors import CommandError, UsageProblem
from aimusicverse.cli.progress import progress
from aimusicverse.cli.server_options import DataDir
from aimusicverse.cli.sizes import size

if TYPE_CHECKING:
    from collections.abc import Callable

    from aimusicverse.server.backup.place import Place

app: Final = group("Keep the server's data: backup, restore, another database.")

BackupFile = Annotated[Path, typer.Argument(metavar="FILE", help="The backup.")]


@app.command()
def backup(
    ctx: Context,
    file: BackupFile,
    without_audio: Annotated[
        bool,
        typer.Option("--without-audio", help="Rows only: recordings and pictures are kept in another way."),
    ] = False,
    without_key: Annotated[
        bool, typer.Option("--without-key", help="Leave the master key out, which makes the file a secret.")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace the file if it exists.")] = False,
    data_dir: DataDir = None,
) -> None:
    """Write everything into one file, while the server runs.

    The file holds the rows of one moment, recordings, pictures, and the master key; whoever has it can make
    play links and read what was sealed. It is a plain tar, readable by you only.

    Example:
        amv server backup /backup/music-2026-01-31.tar
    """
    with _place(data_dir) as place, _reporting(ctx) as report:
        from aimusicverse.server.backup.making import make

        try:
            made = make(
                place,
                file.expanduser(),
                with_audio=not without_audio,
                with_key=not without_key,
                overwrite=force,
                report=report,
            )
        except FileExistsError as error:
            raise UsageProblem(str(error), hint="Choose another name, or add --force.") from None
    if made.lost:
        ctx.output.warning(
            f"{len(made.lost)} recordings or pictures are not in the backup, because they are not in the "
            f"store either, or damaged: {_some(made.lost)}"
        )
    if made.deleted_meanwhile:
        ctx.output.note(
            f"{len(made.deleted_meanwhile)} files were deleted or replaced while the backup was made."
        )
    if ctx.output.json:
        ctx.output.object(made.as_json())
        return
    ctx.output.record(
        [
            ("file", made.file),
            ("size", size(made.size_bytes)),
            ("database", made.database),
            ("schema", made.schema),
            ("rows", str(sum(made.rows.values()))),
            ("recordings", str(made.recordings) if made.holds_audio else "left out"),
            ("covers", str(made.covers) if made.holds_audio else "left out"),
            ("artwork", str(made.artwork) if made.holds_audio else "left out"),
            ("stems", str(made.stems) if made.holds_audio else "left out"),
            ("master key", "inside" if made.holds_master_key else "left out"),
        ]
    )
    if made.holds_master_key:
        ctx.output.note("The file holds the master key: keep it as private as the data folder.")


@app.command()
def restore(
    ctx: Context,
    file: BackupFile,
    replace: Annotated[bool, typer.Option("--replace", help="Delete the rows that are there now.")] = False,
    without_key: Annotated[
        bool,
        typer.Option(
            "--without-key", help="Not the master key: cursors, play links and kept answers become void."
        ),
    ] = False,
    data_dir: DataDir = None,
) -> None:
    """Bring a backup back, into either database.

    The database is that of AMV_DATABASE_URL, else SQLite in the data folder; no server may run on it. All of
    the backup is checked first, and all of it comes back, or nothing.

    Example:
        amv server restore /backup/music-2026-01-31.tar
    """
    with _place(data_dir) as place, _reporting(ctx) as report:
        from aimusicverse.server.backup.restoring import restore as bring_back

        restored = bring_back(
            place, file.expanduser(), replace=replace, with_key=not without_key, report=report
        )
    if restored.missing:
        ctx.output.warning(
            f"{len(restored.missing)} recordings or pictures are neither in the backup nor here: "
            f"{_some(restored.missing)}"
        )
    if ctx.output.json:
        ctx.output.object(restored.as_json())
        return
    upgraded = f"{restored.schema_before} → {restored.schema}"
    ctx.output.record(
        [
            ("file", restored.file),
            ("database", restored.database),
            ("schema", restored.schema if restored.schema == restored.schema_before else upgraded),
            ("rows", str(sum(restored.rows.values()))),
            ("recordings", str(restored.recordings)),
            ("covers", str(restored.covers)),
            ("artwork", str(restored.artwork)),
            ("stems", str(restored.stems)),
            ("master key", restored.master_key),
            *(("moved aside", path) for path in restored.moved_aside),
        ]
    )
    ctx.output.next_step("amv serve")


@app.command()
def migrate(
    ctx: Context,
    to: Annotated[
        str | None,
        typer.Option(
            "--to",
            metavar="DATABASE",
            help="sqlite, or a postgresql:// URL; AMV_MIGRATE_TO keeps a password out of the process list.",
        ),
    ] = None,
    data_dir: DataDir = None,
) -> None:
    """Copy all rows into another, empty database.

    From the one of AMV_DATABASE_URL, else SQLite in the data folder; no server may run on it. Recordings
    and keys stay where they are. The rows stay in the old database, too.

    Example:
        amv server migrate --to postgresql://amv@db.example.com/amv
    """
    target = to or os.environ.get("AMV_MIGRATE_TO") or ""
    if target != "sqlite" and not target.startswith(("postgresql://", "postgres://")):
        raise UsageProblem("--to (or AMV_MIGRATE_TO) must be sqlite, or begin with postgresql://")
    with _place(data_dir) as place, _reporting(ctx) as report:
        from aimusicverse.secret import Secret
        from aimusicverse.server.backup.moving import move

        moved = move(place, None if target == "sqlite" else Secret(target), report=report)
    if ctx.output.json:
        ctx.output.object(moved.as_json())
        return
    ctx.output.record([*((table, str(count)) for table, count in moved.rows.items())])
    ctx.output.note(
        f"All rows are now in {moved.target} too. "
        + (
            "Unset AMV_DATABASE_URL before you start the server again."
            if target == "sqlite"
            else "Set AMV_DATABASE_URL to its URL before you start the server again."
        )
    )


@app.command()
def schema(
    ctx: Context,
    to: Annotated[
        str | None, typer.Option("--to", metavar="REVISION", help="Move up or down; `head` is the newest.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask before going down.")] = False,
    data_dir: DataDir = None,
) -> None:
    """Show the schema of the database, or move it up or down.

    Going up happens by itself when a newer version starts. Go down, with the server stopped, before an older
    version is to start again; rows stay, but those of tables that the older schema does not have.

    Example:
        amv server schema --to 0001
    """
    with _place(data_dir) as place:
        from aimusicverse.server.backup import moving

        stamp = moving.stamp(place)
        if to is not None:
            wanted = stamp.newest if to == "head" else to
            if wanted not in stamp.known:
                raise UsageProblem(
                    f"there is no schema {to[:40]!r}", hint=f"Known here: {', '.join(stamp.known)}"
                )
            if stamp.is_down(wanted) and not yes:
                _ask(ctx, f"Move {stamp.database} down from schema {stamp.schema} to {wanted}?")
            moving.change_schema(place, wanted)
            stamp = moving.stamp(place)
    if ctx.output.json:
        ctx.output.object(stamp.as_json())
        return
    ctx.output.record(
        [
            ("database", stamp.database),
            ("schema", stamp.schema or "none yet"),
            ("newest", stamp.newest),
            ("known", ", ".join(stamp.known)),
        ]
    )


@contextmanager
def _place(data_dir: Path | None) -> Iterator[Place]:
    """What the settings name; what goes wrong there is told in one line."""
    from aimusicverse.server.backup.archive import BackupInvalid
    from aimusicverse.server.backup.place import open_place
    from aimusicverse.server.settings import Settings
    from aimusicverse.server.store import errors

    settings = Settings.from_environment(data_dir=data_dir)
    try:
        with open_place(settings) as place:
            yield place
    except BackupInvalid as error:
        raise CommandError(
            f"the backup cannot be used: {error}", exit_code=exits.USAGE, code="backup_invalid"
        ) from None
    except errors.NotEmpty as error:
        raise CommandError(
            str(error),
            exit_code=exits.USAGE,
            code="database_not_empty",
            hint="Name an empty one; `amv server restore --replace` deletes the rows that are there.",
        ) from None
    except errors.StoreError as error:
        raise CommandError(
            str(error),
            exit_code=exits.FAILED,
            code=_CODES.get(type(error).__name__, "database_error"),
            retryable=isinstance(error, errors.StoreBusy),
        ) from None


_CODES = {
    "StoreDamaged": "database_damaged",
    "StoreBusy": "database_busy",
    "StoreFull": "storage_full",
    "SchemaUnknown": "schema_unknown",
    "InUse": "database_in_use",
    "BlobsUnavailable": "audio_unavailable",
}


@contextmanager
def _reporting(ctx: Context) -> Iterator[Callable[[str, int, int], None]]:
    with progress(ctx.output) as shown:
        yield lambda stage, done, whole: shown.show(stage, done / whole if whole else 1.0)


def _ask(ctx: Context, question: str) -> None:
    if not (sys.stdin.isatty() and ctx.output.with_person):
        raise UsageProblem("going down is not undone by itself, so it needs --yes where nobody can be asked")
    sys.stderr.write(f"{question} Make a backup first. [y/N] ")
    sys.stderr.flush()
    if sys.stdin.readline().strip().lower() not in ("y", "yes"):
        raise CommandError("not changed", exit_code=exits.FAILED, code="declined")


def _some(hashes: Iterable[str]) -> str:
    names = list(hashes)
    return ", ".join(names[:3]) + (", …" if len(names) > 3 else "")
