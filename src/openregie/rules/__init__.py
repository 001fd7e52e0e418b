"""The rule language: YAML to SQL and trace. See docs/adr/0004-rule-language.md."""

from openregie.rules.book import check, read

__all__ = ["check", "read"]
