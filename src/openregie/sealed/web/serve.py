"""Serves the two origins in one process, and keeps the vault's heartbeat."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from pathlib import Path

import waitress
from django.conf import settings
from django.utils import timezone

from openregie.sealed.api.middleware import MOST_DELIVERY_BYTES
from openregie.sealed.vault.errors import TenantUnusable
from openregie.sealed.web.checks import tenant_errors
from openregie.sealed.web.setup import CLIENT_PORT, DATA_PORT, prepare

_log = logging.getLogger("openregie.serve")
_THREADS = 8
_TICK_SECONDS = 1.0
_MOST_BODY_BYTES = MOST_DELIVERY_BYTES + 64 * 1024
"""Above what the API refuses in words."""
_LOOPBACK = "127.0.0.1"
"""Nobody else on the network may look: outside a demo a proxy on this machine speaks TLS."""
_SWEEP_BEATS = 600

Ready = Callable[[str, str], None]
"""Told both origins once they answer: client first."""


def serve(
    folder: Path,
    *,
    client_port: int = CLIENT_PORT,
    data_port: int = DATA_PORT,
    ready: Ready | None = None,
    stop: threading.Event | None = None,
) -> None:
    """Serve until `stop` is set.

    Raises TenantUnusable, RolledBack for a database of before the log's last head, and OSError for
    a port that is taken.
    """
    prepare(folder, client_port=client_port, data_port=data_port)
    tenant = settings.OPENREGIE
    found = tenant_errors(tenant)
    if found:
        raise TenantUnusable("; ".join(text for _, text in found))
    from openregie.sealed.vault.actions import Vault  # noqa: PLC0415 - after prepare
    from openregie.sealed.vault.ledger.actions import demand_newest  # noqa: PLC0415 - after prepare

    demand_newest(Vault(tenant.tenant, tenant.dir))
    from openregie.sealed.web.wsgi import application  # noqa: PLC0415 - the settings must be chosen first

    server = waitress.create_server(
        application,
        listen=" ".join(f"{_LOOPBACK}:{port}" for port in (client_port, data_port)),
        threads=_THREADS,
        ident="",
        max_request_body_size=_MOST_BODY_BYTES,
        inbuf_overflow=_MOST_BODY_BYTES + 1,  # never a temporary file: a body may be no ciphertext
        clear_untrusted_proxy_headers=True,
        trusted_proxy=tenant.trusted_proxy,
        trusted_proxy_headers={"x-forwarded-for"} if tenant.trusted_proxy else set(),
    )
    ending = stop or threading.Event()
    heartbeat = threading.Thread(target=beat, args=(ending,), name="heartbeat", daemon=True)
    heartbeat.start()
    threading.Thread(target=_close_when, args=(ending, server), name="close", daemon=True).start()
    if ready is not None:
        ready(tenant.client_origin, tenant.data_origin)
    try:
        server.run()
    finally:
        ending.set()
        heartbeat.join()


def beat(ending: threading.Event) -> None:
    """Every second: places in the tree for new entries, due returns into the inbox.

    Every ten minutes: sessions that are over are deleted. A beat that fails is tried again at the
    next; what it does is safe to repeat.
    """
    from django.contrib.sessions.backends.db import SessionStore  # noqa: PLC0415 - after prepare
    from django.db import connections  # noqa: PLC0415 - after prepare

    from openregie.sealed.suppliers.actions import finish  # noqa: PLC0415 - after prepare
    from openregie.sealed.vault.actions import Vault  # noqa: PLC0415 - after prepare
    from openregie.sealed.vault.tick.actions import tick  # noqa: PLC0415 - after prepare

    vault = Vault(settings.OPENREGIE.tenant, settings.OPENREGIE.dir)
    beats = 0
    while not ending.wait(_TICK_SECONDS):
        try:
            tick(vault, now=timezone.now())
            finish(vault, now=timezone.now())
            if beats % _SWEEP_BEATS == 0:
                SessionStore.clear_expired()
            beats += 1
        except Exception as error:  # noqa: BLE001 - the heart must not stop; the kind is enough to act on
            _log.warning("heartbeat failed: %s", type(error).__name__)
    connections.close_all()


def _close_when(ending: threading.Event, server: waitress.server.BaseWSGIServer) -> None:
    ending.wait()
    server.close()
