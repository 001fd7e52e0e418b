"""Keeps values out of the logs: what was asked and why it failed is never written down."""

from __future__ import annotations

import logging


class NoValues(logging.Filter):
    """Reduces what Django logs to a status code and the place in our code; leaves our own lines be.

    A traceback's message may hold a value, a path may hold an id: neither is kept.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the record in place; always lets it pass."""
        if not record.name.startswith("openregie"):
            status = getattr(record, "status_code", None)
            record.msg, record.args = f"{record.name}: status {status or '-'}{_place(record)}", ()
        record.exc_info, record.exc_text, record.stack_info = None, None, None
        for name in ("request", "server_time"):
            record.__dict__.pop(name, None)
        return True


def _place(record: logging.LogRecord) -> str:
    """Kind of the exception and the innermost line of code; never its message."""
    if not isinstance(record.exc_info, tuple) or record.exc_info[0] is None:
        return ""
    kind, _, trace = record.exc_info
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = (
        f" at {trace.tb_frame.f_code.co_qualname}:{trace.tb_lineno}" if trace is not None else ""
    )
    return f" {kind.__name__}{where}"
