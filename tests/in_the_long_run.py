"""Which tests `.ci/full` runs and `.ci/run` leaves out, beside those that are marked `long` where they stand.

They take longest and repeat something that shorter ones hold: the same on a second database, another signal,
another style. `-m long` runs them.
"""

from __future__ import annotations

from typing import Final

#: All tests of a file, or those whose names begin so; `[postgres` in the second half: on that database.
_LEFT_OUT: Final[dict[str, tuple[str, ...]]] = {
    "server/artwork/": ("[postgres",),
    "server/distributions/test_distributions.py": ("[postgres",),
    "server/distributions/test_killed.py": ("[postgres",),
    "server/deliveries/test_killed.py": ("[postgres",),
    "server/notifications/test_killed.py": ("[postgres",),
    "server/jobs/test_many_workers.py": ("test_workers_that_are_killed", "test_connections_that_are_cut"),
    "server/security/limits/test_attacks.py": ("[postgres",),
    "server/security/limits/test_limits.py": ("[postgres",),
    "server/security/limits/test_many_processes.py": ("test_a_user_with_many", "test_calls_over_the_limit"),
    "server/security/test_access.py": ("[postgres",),
    "server/security/test_attacks_on_keys.py": ("[postgres",),
    "server/security/test_nothing_in_plain.py": ("[postgres",),
    "server/test_processes.py": ("test_a_signal_to_the_parent", "test_the_last_server", "test_each_line_of"),
    "server/test_run.py": ("test_a_signal_stops",),
    "server/test_specification_is_kept.py": ("[postgres",),
    "server/usage/test_processes.py": ("test_kill_9", "test_a_database_that_crashes"),
    "server/usage/test_refused_calls.py": ("[postgres",),
    "audio/test_analysis.py": ("test_ten_minutes_take_no_more_memory",),
    "engines/test_host.py": ("test_the_child_says_every_few_percent",),
    "engines/studio/test_render.py": ("test_analyze_hears", "test_the_tempo_of_the_prompt"),
    "release/artwork/test_lettering.py": ("test_any_title_fits", "test_lines_of_letters"),
    "release/test_audio_check.py": ("test_a_lossy_source", "test_ffmpeg_measures"),
    "release/test_image_check.py": ("test_a_bad_cover", "test_any_bytes", "test_a_soft_gradient"),
    "release/test_odd_but_legal_facts.py": ("test_whatever_is_written",),
    "release/test_preparing.py": ("test_filling_in_the_lines", "test_a_release_that_lacks"),
}
#: SQL is not the same on every database.
_ON_BOTH: Final = "sql"


def is_for_the_long_run(nodeid: str) -> bool:
    """Whether this one is left out of the short run."""
    path, _, name = nodeid.removeprefix("tests/").partition("::")
    for where, which in _LEFT_OUT.items():
        if path.startswith(where):
            plain, _, parameters = name.partition("[")
            return any(
                "postgres" in parameters and _ON_BOTH not in plain
                if one == "[postgres"
                else plain.startswith(one)
                for one in which
            )
    return False
