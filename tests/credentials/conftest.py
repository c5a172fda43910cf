from tests.transport.worlds import no_surroundings, quick_retries, world  # noqa: F401
