"""A process in which several threads want a good token at once: `DATABASE_URL STORE_FILE THREADS`. It prints
the tokens that they got.
"""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from aimusicverse.clock import ServerClock
from aimusicverse.secret import Secret
from aimusicverse.server.connections.accounts import account_for
from aimusicverse.server.store.opening import open_store
from tests.server.connections.connected import MODE, OWNER, PLATFORM, SEALER
from tests.server.connections.single_use_store import SingleUseStore


def main(url: str, file: str, threads: str) -> None:
    store = open_store(Secret(url), Path("unused"), clock=ServerClock())
    single_use = SingleUseStore(Path(file), takes_seconds=0.2)
    try:
        account = account_for(store, SEALER, OWNER, PLATFORM, MODE, single_use.renew)
        assert account is not None
        print("ready", flush=True)
        sys.stdin.readline()
        with ThreadPoolExecutor(int(threads)) as pool:
            wanted = [pool.submit(account.access_token) for _ in range(int(threads))]
            print(*(one.result() for one in wanted), flush=True)
    finally:
        store.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
