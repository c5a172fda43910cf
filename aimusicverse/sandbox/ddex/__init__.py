"""Stand-in receivers of DDEX batches: an inbox each, and the same behind SFTP.

    <sandbox>/ddex/spotify/20261126120000000/036000291452/…      what is delivered
    <sandbox>/ddex/spotify/acknowledgements/ACK_….xml            what the receiver says of it
    <sandbox>/ddex/spotify/reports/036000291452.txt              how often it was heard, as a number

Written after kb.ddex.net (ERN choreography for SFTP, batches) and ddex.net's data dictionary.
"""

from __future__ import annotations

from typing import Final

#: Receivers, and the versions of ERN that each takes.
STORES: Final[dict[str, frozenset[str]]] = {
    "spotify": frozenset(("4.3", "4.3.2")),
    "ddex": frozenset(("4.3.2",)),
    "ddex_43": frozenset(("4.3",)),
}
