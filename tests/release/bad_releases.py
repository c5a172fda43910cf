"""How a bad release is written down: a sound one, with one fault, and the rule that must say so."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Any

from aimusicverse.release.earlier import Earlier
from aimusicverse.release.facts import FileProblem
from aimusicverse.release.targets import distributor_of, store_of
from aimusicverse.release.validation import validate
from aimusicverse.types.release import Release
from aimusicverse.types.validation import Finding
from tests.release.sound_releases import ALBUM, IMAGE, NOW, SINGLE, audio_of, changed

_BRACE = re.compile(r"\{\w*\}")
ALL_STORES = ("spotify", "apple_music", "youtube_music", "soundcloud", "ddex")


@dataclass(frozen=True)
class Bad:
    """One fault.

    Args:
        rule: id of the rule that must find it.
        fault: what is wrong, in words: the name of the test.
        changes: to the sound release, by path.
        severity: that it must have there.
        stores: where it is to go.
        via: by whom.
        album: whether the sound release is the album, not the single.
        audio: changes to what is known of the first sound file.
        image: changes to what is known of the cover.
        also: other rules that this fault breaks by its nature.
        problems: of files that could not be looked into.
        files: whether there are sound files at all.
        earlier: other releases of the catalogue.
    """

    rule: str
    fault: str
    changes: dict[str, Any] = field(default_factory=dict)
    severity: str = "error"
    stores: tuple[str, ...] = ("spotify",)
    via: str | None = None
    album: bool = False
    audio: dict[str, Any] = field(default_factory=dict)
    image: dict[str, Any] = field(default_factory=dict)
    also: tuple[str, ...] = ()
    problems: tuple[FileProblem, ...] = ()
    files: bool = True
    earlier: tuple[Earlier, ...] = ()

    def __str__(self) -> str:
        return f"{self.rule}: {self.fault}"

    def findings(self) -> list[Finding]:
        """What the rules say of it, at all of its targets."""
        return findings(
            changed(ALBUM if self.album else SINGLE, self.changes),
            self.stores,
            self.via,
            audio=self.audio,
            image=self.image,
            problems=self.problems,
            files=self.files,
            earlier=self.earlier,
        )

    def check(self) -> None:
        """The right rule finds it, as badly as it should, and says all that a person needs; no other does."""
        found = self.findings()
        mine = [finding for finding in found if finding.rule == self.rule]
        assert mine, [finding.rule for finding in found]
        assert {finding.severity for finding in mine} == {self.severity}
        for finding in mine:
            assert finding.blocking == (self.severity == "error")
            for text in (finding.message, finding.passes, finding.fix, finding.source):
                assert text.strip()
                assert not _BRACE.search(text), "every brace is filled"
            assert "None" not in re.findall(r"\b\w+\b", finding.message), "a word that was not known"
        others = {finding.rule for finding in found} - {self.rule, *self.also}
        assert not others


def findings(
    release: dict[str, Any],
    stores: tuple[str, ...] = ALL_STORES,
    via: str | None = None,
    *,
    audio: dict[str, Any] | None = None,
    image: dict[str, Any] | None = None,
    problems: tuple[FileProblem, ...] = (),
    files: bool = True,
    earlier: tuple[Earlier, ...] = (),
) -> list[Finding]:
    """What the rules say of a release, at all of these targets."""
    parsed = Release.model_validate(release)
    report = validate(
        parsed,
        [store_of(name) for name in stores],
        None if via is None else distributor_of(via),
        audio=audio_of(parsed, **(audio or {})) if files else {},
        image=replace(IMAGE, **(image or {})),
        problems=problems,
        earlier=earlier,
        now=NOW,
    )
    return [finding for target in report.targets for finding in target.findings]
