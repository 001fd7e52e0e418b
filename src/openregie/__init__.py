"""Open Regie: link a municipality's social-domain data blind; only the resident can read it."""

__version__ = "0.1.0"
