"""What a message of ERN 4.3.2 says of machines: whether it agrees with itself (the schema's definitions)."""

from __future__ import annotations

from collections.abc import Iterator

from aimusicverse.release.ern.fault import Fault, error
from aimusicverse.release.ern.reading import Element, Message, text_of


def check_ai(message: Message) -> Iterator[Fault]:
    """Each resource with its contributors, and the release with its resources."""
    if not message.version.has_ai:
        return
    for resource in message.resources:
        yield from _resource(resource)
    yield from _release(message)


def _resource(resource: Element) -> Iterator[Fault]:
    whole = text_of(resource.find("ContainsAI"))
    name = text_of(resource.find("ResourceReference"))
    for contributor in resource.findall("Contributor"):
        is_machine = text_of(contributor.find("SpecialContributor")) == "GenerativeAI"
        told = text_of(contributor.find("AiContribution"))
        # A generative contributor's part is All where nothing is said.
        part = told or ("All" if is_machine else "")
        if is_machine and part == "None":
            yield error(
                "DX-AI", contributor, "GenerativeAI made none of its part.", "Leave it out, or say All."
            )
        elif not is_machine and part == "All":
            fix = "Write SpecialContributor GenerativeAI instead, or Partly."
            yield error("DX-AI", contributor, "A person's part is All made by a machine.", fix)
        if whole == "None" and (is_machine or part in ("Partly", "All")):
            fix = "Say Partly there, or change the contributor."
            yield error("DX-AI", contributor, f"{name} contains no AI, and this part does.", fix)
        if whole == "All" and not is_machine:
            fix = "Say Partly there, or leave GenerativeAI alone."
            yield error("DX-AI", contributor, f"{name} is All AI, and this is no GenerativeAI.", fix)


def _release(message: Message) -> Iterator[Fault]:
    main = message.release
    whole = text_of(main.find("ContainsAI")) if main is not None else ""
    if main is None or whole not in ("None", "All"):
        return
    for resource in message.resources:
        part = text_of(resource.find("ContainsAI"))
        if part and part != whole:
            name = text_of(resource.find("ResourceReference"))
            yield error("DX-AI", main, f"The release says {whole}, its {name} {part}.", "Say Partly.")
            return
