from tests.transport.worlds import any_world, no_surroundings, quick_retries, world  # noqa: F401
