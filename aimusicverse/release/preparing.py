"""Makes one folder of a release: everything that is needed to submit it, and a list of what is left to do.

    Paper Lanterns/
    ├── README.md          what is left to do, what was done, what is what
    ├── release.toml       to be edited; its paths are those of this folder
    ├── report.json        what the rules say, for each target
    ├── ai-answers.md      what is asked about machines, answered
    ├── proof.json         how it came to be: generator, prompt, seed, licence, hashes
    ├── cover.jpg
    ├── master/            the sound, in a form that stores take where that is possible
    └── distrokid/ or packages/<store>/

A release with faults gets its folder too, without the packages that a fault stands in the way of.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from aimusicverse.release.ai_answers import ai_answers
from aimusicverse.release.artwork import Design
from aimusicverse.release.copying import appearing, copy_checked, read_checked, write_whole
from aimusicverse.release.evidence import proof
from aimusicverse.release.facts import AudioFacts, FileProblem, ImageFacts
from aimusicverse.release.file_names import file_name
from aimusicverse.release.gathering import Gathered
from aimusicverse.release.left_to_do import Task, left_to_do
from aimusicverse.release.package_error import CannotPackage, Obstacle
from aimusicverse.release.prepared_texts import answers_page, readme
from aimusicverse.release.release_files import SOUND_ENDINGS, PictureFile, ReleaseFiles, SoundFile
from aimusicverse.release.targets import Distributor, Store
from aimusicverse.release.toml_file import of_content
from aimusicverse.release.toml_form import written
from aimusicverse.release.validation import validate
from aimusicverse.types.release import Release
from aimusicverse.types.validation import ValidationReport

COVER: Final = "cover.jpg"
MASTERS: Final = "master"

#: Told what is being done now, and how much of all is done, 0 to 1.
Progress = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class Prepared:
    """What came of it.

    Args:
        folder: where everything is.
        report: what the rules say of what is in it.
        left: what is left to do, what blocks first.
        done: what was changed or made, in words.
        packages: folders in it that can be handed over.
    """

    folder: Path
    report: ValidationReport
    left: tuple[Task, ...]
    done: tuple[str, ...]
    packages: tuple[str, ...]


@dataclass(slots=True)
class _Work:
    """A folder in the making."""

    folder: Path
    release: Release
    audio: dict[int, AudioFacts] = field(default_factory=dict)
    image: ImageFacts | None = None
    problems: list[FileProblem] = field(default_factory=list)
    done: list[str] = field(default_factory=list)
    packages: list[str] = field(default_factory=list)
    obstacles: list[tuple[str, Obstacle]] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)


def prepare(
    release: Release,
    sources: Path,
    final: Path,
    stores: Sequence[Store],
    via: Distributor | None = None,
    *,
    found: Gathered,
    design: Design | None = None,
    apple_provider: str | None = None,
    now: datetime | None = None,
    progress: Progress = lambda what, part: None,
) -> Prepared:
    """Make the folder. It is there as a whole, or not at all.

    Args:
        release: what is known of it; its files are seen from `sources`.
        sources: a folder.
        final: the folder that comes to be.
        stores: where it goes.
        via: who brings it there.
        found: what was found in its files (`gathering.facts_of`).
        design: of the cover that is drawn where there is none; by default of the title and artist.
        apple_provider: the short name that Apple gave to the account that delivers.
        now: the moment, with a zone; the present one by default.
        progress: told of each step.

    Raises:
        CannotPackage: there is something at `final` already, it cannot be written, or the cover changed since
            it was looked into.
        AudioError: a sound file changed or broke meanwhile.
        LetteringError, ArtworkError: the design cannot be drawn.
    """
    moment = now or datetime.now(UTC)
    with appearing(final) as folder:
        work = _Work(folder, release.model_copy(deep=True), problems=list(found.problems))
        progress("sound", 0.0)
        _masters(work, sources, found)
        progress("cover", 0.5)
        _cover(work, sources, found, design)
        progress("rules", 0.8)
        report = validate(
            work.release,
            stores,
            via,
            audio=work.audio,
            image=work.image,
            problems=work.problems,
            now=moment,
        )
        progress("packages", 0.85)
        _packages(work, report, stores, via, apple_provider, moment)
        answers = ai_answers(work.release, stores, via)
        left = tuple(left_to_do(report, answers, stores, via, work.obstacles, work.unanswered))
        prepared = Prepared(final, report, left, tuple(work.done), tuple(work.packages))
        notes = {"ai": "Answer all of it that you know; it is told to every store."}
        content = written(work.release, notes).encode()
        file = of_content(Release, Path("release.toml"), content)
        texts = {
            "release.toml": content,
            "report.json": json.dumps(report.model_dump(mode="json"), indent=2).encode() + b"\n",
            "ai-answers.md": answers_page(work.release, answers).encode(),
            "proof.json": proof(work.release, audio=work.audio, image=work.image, now=moment),
            "README.md": readme(file, prepared, stores, via, moment).encode(),
        }
        for name, text in texts.items():
            write_whole(folder / name, text)
    return prepared


def _masters(work: _Work, sources: Path, found: Gathered) -> None:
    """The sound of each track, repaired where that changes nothing that can be heard."""
    from aimusicverse.audio.errors import AudioError
    from aimusicverse.release.audio_check import look_into
    from aimusicverse.release.master import master
    from aimusicverse.release.private_tags import LEFT_OUT, left_out

    digits = max(2, len(str(len(work.release.tracks))))
    (work.folder / MASTERS).mkdir()
    for index, track in enumerate(work.release.tracks):
        facts = found.audio.get(index)
        if facts is None or track.file is None:
            continue
        source = sources / track.file
        public = work.folder / f".public-{index}"
        if (changed := left_out(source, public, facts)) is not None:
            source, facts = public, replace(changed, name=facts.name)
            work.done.append(f"{track.file}: {LEFT_OUT}")
        is_lossy = facts.bit_depth is None
        ending = SOUND_ENDINGS.get(facts.container, "bin") if is_lossy else _lossless_ending(facts)
        name = file_name(f"{index + 1:0{digits}} {track.title}", ending)
        target = work.folder / MASTERS / name
        changes: tuple[str, ...] = ()
        if is_lossy:
            # Decoded it would look like what it is not.
            copy_checked(source, target, facts)
        else:
            try:
                changes = master(source, target, facts=facts).done
            except AudioError as error:
                if error.code not in ("unsupported_channels", "unsupported_format"):
                    raise
                work.done.append(f"{track.file}: left as it is, because {error.message}")
                copy_checked(source, target, facts)
        public.unlink(missing_ok=True)
        work.done += [f"{track.file}: {change}" for change in changes]
        work.audio[index] = look_into(target) if changes else replace(facts, name=name)
        track.file = f"{MASTERS}/{name}"


def _lossless_ending(facts: AudioFacts) -> str:
    """Of the two containers that stores take, the one that it has or is written into."""
    return "wav" if facts.container in ("wav", "rf64") else "flac"


def _cover(work: _Work, sources: Path, found: Gathered, design: Design | None) -> None:
    """The cover as stores want it: the user's own, repaired, or one that is drawn."""
    from aimusicverse.release.image_check import look_into
    from aimusicverse.release.picture_repair import repaired

    cover = work.release.cover
    if cover.file is not None:
        if found.image is None:
            return  # it is among the problems
        made = repaired(read_checked(sources / cover.file, found.image), cover.file)
        content = made.content
        work.done += [f"{cover.file}: {change}" for change in made.done]
    else:
        content = _drawn(work, design)
    write_whole(work.folder / COVER, content)
    work.image = look_into(content, COVER)
    cover.file = COVER


def _drawn(work: _Work, design: Design | None) -> bytes:
    from aimusicverse.release.artwork import draw, style_of
    from aimusicverse.release.artwork.writing import tidy

    release = work.release
    artist = release.artists[0].name if release.artists else None
    wished = _after_its_music(design or Design(release.title, artist, genre=release.genre), work)
    content = draw(wished)
    release.cover.lettering = []
    if wished.lettering:
        release.cover.lettering.append(tidy(wished.title, "title"))
        if wished.artist:
            release.cover.lettering.append(tidy(wished.artist, "artist"))
    release.cover.rights = release.cover.rights or "own"
    if release.ai.artwork is None:
        release.ai.artwork = "all"
        work.done.append('release.toml: ai.artwork = "all", as the cover was drawn')
    work.done.append(f"{COVER}: drawn by aimusicverse in the style {style_of(wished).id}")
    return content


def _after_its_music(design: Design, work: _Work) -> Design:
    """With key, tempo and form of the first track, as far as they can be heard and nobody has said them."""
    file = work.release.tracks[0].file
    if file is None or 0 not in work.audio or design.key is not None:
        return design
    from aimusicverse.audio.analysis import analyze

    heard = analyze(work.folder / file)
    sections = tuple((one.label, one.start_seconds, one.end_seconds) for one in heard.sections)
    return replace(
        design,
        key=heard.key.name if heard.key else None,
        tempo_bpm=design.tempo_bpm or (heard.tempo.bpm if heard.tempo else None),
        sections=design.sections or sections,
    )


def _packages(
    work: _Work,
    report: ValidationReport,
    stores: Sequence[Store],
    via: Distributor | None,
    apple_provider: str | None,
    now: datetime,
) -> None:
    """What can be handed over, for each target that nothing blocks."""
    files = _files(work)
    if files is None:
        return
    if via is not None:
        if via.id == "distrokid":
            from aimusicverse.release.distrokid_form import unanswered
            from aimusicverse.release.kit import form_of, write_kit

            work.unanswered = unanswered(form_of(work.release, files))
            _try(work, via.id, lambda: write_kit(work.folder / "distrokid", work.release, files))
        return
    blocked = {target.target for target in report.targets if target.blocking}
    for store in stores:
        if store.id not in blocked:
            _package_of(work, store, files, apple_provider, now)


def _package_of(
    work: _Work, store: Store, files: ReleaseFiles, apple_provider: str | None, now: datetime
) -> None:
    into = work.folder / "packages" / store.id
    if store.id == "apple_music":
        if apple_provider is None:
            missing = Obstacle(
                "--apple-provider",
                "the name of your account at Apple is needed for the package.",
                "Say it: --apple-provider NAME",
            )
            work.obstacles.append((store.id, missing))
            return
        from aimusicverse.release.itmsp import write_itmsp

        into.mkdir(parents=True)
        _try(work, store.id, lambda: write_itmsp(into, work.release, files, provider=apple_provider, now=now))
    elif store.id in ("spotify", "ddex", "ddex_43"):
        from aimusicverse.release.batch import Delivery, batch_name, write_batch
        from aimusicverse.release.ern.message import new_release_message

        def batch() -> Path:
            message = new_release_message(
                work.release,
                files,
                message_id=f"{batch_name(now)}-1",
                created_at=now,
                version="4.3" if store.id == "ddex_43" else "4.3.2",
            )
            return write_batch(into, [Delivery(work.release, message, files)], at=now)

        _try(work, store.id, batch)


def _try(work: _Work, target: str, make: Callable[[], Path]) -> None:
    try:
        made = make()
    except CannotPackage as refused:
        work.obstacles += [(target, obstacle) for obstacle in refused.obstacles]
    else:
        work.packages.append(made.relative_to(work.folder).as_posix())


def _files(work: _Work) -> ReleaseFiles | None:
    """All of them, if they are all there."""
    tracks = []
    for index, track in enumerate(work.release.tracks):
        if index not in work.audio or track.file is None:
            return None
        tracks.append(SoundFile(work.folder / track.file, work.audio[index]))
    if work.image is None:
        return None
    return ReleaseFiles(tuple(tracks), PictureFile(work.folder / COVER, work.image))
