"""What distributors refuse of music that machines made: a dated table.

Policies change within months: each row says who said so and when that was read. A row that nobody could
confirm says `None`, which is "not known" and never "taken".
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from aimusicverse.release.rules.rule import COMPILED, Evidence

#: `any`: wherever a machine made part of music or words. `any_audio`: of what sounds. `wholly`: what a
#: machine made alone. `unlicensed`: what comes from models that were trained without licence.
Refusal = Literal["any", "any_audio", "wholly", "unlicensed"]


@dataclass(frozen=True, slots=True)
class AiStance:
    """What one distributor says.

    Args:
        distributor: id, as in `targets.DISTRIBUTORS`.
        refuses: what he does not take; `()`: nothing merely for being AI; `None`: not known.
        own_words: whether he says so himself; else others say it of him.
        source: where that was read.
        as_of: when.
        evidence: how sure it is.
        asks: what he wants to know or to have, in a sentence.
        most: how much he takes of it, in a sentence.
    """

    distributor: str
    refuses: tuple[Refusal, ...] | None
    own_words: bool
    source: str
    as_of: date = COMPILED
    evidence: Evidence = Evidence.THIRD_PARTY
    asks: str | None = None
    most: str | None = None


_COMPARED: Final = "dynamoi.com and thebestmusicdistributors.com, 2026: no page of its own found"

AI_STANCES: Final[dict[str, AiStance]] = {
    stance.distributor: stance
    for stance in (
        AiStance(
            "distrokid",
            (),
            True,
            "support.distrokid.com, AI-generated music",
            asks="All rights are yours; no imitated voices; lyrics, music and audio are asked for.",
        ),
        AiStance(
            "tunecore",
            ("wholly", "unlicensed"),
            True,
            "Believe, TuneCore's owner, to analysts, as quoted by hypebot.com and dynamoi.com",
            asks="A person made a substantial part, and the model was trained with licences.",
        ),
        AiStance(
            "cd_baby",
            ("any",),
            True,
            "support.cdbaby.com, page of 2025-10-29, as quoted by dynamoi.com",
            asks="Mixing, mastering and separating by machine are allowed.",
        ),
        AiStance(
            "emastered",
            ("any_audio",),
            True,
            "help.emastered.com, article 41660932154381",
            date(2026, 11, 26),
            asks="Words and pictures may be made by machine; nothing that sounds may.",
        ),
        AiStance(
            "beatchain",
            (),
            True,
            "help.beatchain.com, article 15341643, Fair Use Policy for AI-Generated Releases",
            date(2026, 11, 26),
            most="One release a week that is mostly made by AI, on unlimited plans.",
        ),
        AiStance(
            "once",
            (),
            True,
            "ONCE's price list and API description",
            asks="A release made by AI is priced apart.",
        ),
        AiStance(
            "labelgrid",
            (),
            True,
            "labelgrid/labelgrid-mcp@e623c2a",
            evidence=Evidence.CODE,
            asks="Use of AI in artwork, audio and composition, and the country of recording, are required.",
        ),
        AiStance(
            "landr",
            (),
            False,
            "LANDR's founder in May 2024, as told by sipoch.com: not banned",
            asks="All rights are yours.",
        ),
        AiStance(
            "soundcloud_for_artists",
            None,
            False,
            "help.soundcloud.com 40259650089243 speaks of pictures alone",
            asks="A licence of pictures that a machine made may be asked for.",
        ),
        AiStance("ditto", None, False, _COMPARED, evidence=Evidence.UNVERIFIED),
        AiStance("routenote", None, False, _COMPARED, evidence=Evidence.UNVERIFIED),
        AiStance("unitedmasters", None, False, _COMPARED, evidence=Evidence.UNVERIFIED),
        AiStance("awal", None, False, _COMPARED, evidence=Evidence.UNVERIFIED),
        AiStance("amuse", None, False, _COMPARED, evidence=Evidence.UNVERIFIED),
    )
}
