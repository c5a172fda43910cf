"""`amv serve`: the server on this machine."""

from __future__ import annotations

import sys
from typing import Annotated, Any, Final

import typer

from aimusicverse.cli.command import CommandSet
from aimusicverse.cli.errors import UsageProblem
from aimusicverse.cli.server_options import DataDir, Durable, Level
from aimusicverse.cli.typed import value
from aimusicverse.collector import collector_put_off

app: Final = CommandSet()


@app.command()
def serve(
    host: Annotated[
        str | None,
        typer.Option("--host", metavar="ADDRESS", help="Where to listen; AMV_HOST, else 127.0.0.1."),
    ] = None,
    port: Annotated[
        int | None,
        typer.Option("--port", metavar="PORT", min=0, max=65535, help="AMV_PORT, else 8787; 0: a free one."),
    ] = None,
    data_dir: DataDir = None,
    workers: Annotated[
        int | None,
        typer.Option(
            "--workers",
            metavar="N",
            min=1,
            max=64,
            help="Processes that answer, and one more for jobs; needs PostgreSQL. AMV_WORKERS, else 1.",
        ),
    ] = None,
    jobs: Annotated[
        bool | None,
        typer.Option("--jobs/--no-jobs", help="Do jobs too, or leave them to `amv worker`; AMV_JOBS."),
    ] = None,
    durable: Durable = None,
    dev: Annotated[
        bool | None,
        typer.Option("--dev", help="For tests: /_local/* moves the clock, plays faults, empties the server."),
    ] = None,
    log_level: Level = None,
    service: Annotated[
        bool,
        typer.Option("--service", help="Do not serve: print a systemd unit that does, with these options."),
    ] = False,
    write: Annotated[
        bool, typer.Option("--write", help="With --service: put the unit where systemd finds it.")
    ] = False,
) -> None:
    """Run the server on this machine.

    Other `amv` commands and `Client()` find it by themselves. Scheduled releases happen while it runs: with
    `--service` it becomes a service that is always there.

    Example:
        amv serve --port 8787
    """
    if service or write:
        _as_service(
            write=write,
            options=_given(
                host=host,
                port=port,
                data_dir=data_dir.resolve() if data_dir else None,
                workers=workers,
                jobs=jobs,
                durable=durable,
                dev=dev,
                log_level=value(log_level),
            ),
            service=service,
        )
        return
    with collector_put_off():
        from aimusicverse.server import run

    code = run.serve(
        host=host,
        port=port,
        data_dir=data_dir,
        workers=workers,
        jobs=jobs,
        durable=durable,
        dev=dev,
        log_level=value(log_level),
    )
    raise typer.Exit(code)


def _as_service(*, service: bool, write: bool, options: list[str]) -> None:
    from aimusicverse.cli import service_unit

    if not service:
        raise UsageProblem("--write goes with --service", hint="amv serve --service --write")
    text = service_unit.unit(options)
    if write:
        print(service_unit.write(text))
    else:
        print(text, end="")
    print(service_unit.what_to_do(written=write), file=sys.stderr)


def _given(**options: Any) -> list[str]:
    """Options as they are written, without those that were not given."""
    words: list[str] = []
    for name, given in options.items():
        option = f"--{name.replace('_', '-')}"
        if given is True:
            words.append(option)
        elif given is False:
            words.append(f"--no-{name}")
        elif given is not None:
            words += [option, str(given)]
    return words
