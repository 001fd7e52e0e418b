"""`{% load browser_files %}`: the import map, and the integrity of what a page loads."""

from __future__ import annotations

from django import template
from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from openregie.sealed.web import browser_files

register = template.Library()


@register.simple_tag
def importmap() -> SafeString:
    """The whole script element of the import map; its hash is in the page's script-src."""
    text = browser_files.importmap_text(browser_files.browser_folder())
    return mark_safe(f'<script type="importmap">{text}</script>')  # noqa: S308 - our own file, with < escaped


@register.simple_tag
def module(path: str) -> SafeString:
    """A module script with its integrity: `{% module "resident/mijn.js" %}`."""
    return format_html(
        '<script type="module" src="{}{}" integrity="{}"></script>',
        settings.STATIC_URL,
        path,
        browser_files.integrity(browser_files.browser_folder(), path),
    )


@register.simple_tag
def stylesheet(path: str) -> SafeString:
    """A style sheet with its integrity: `{% stylesheet "assets/app.css" %}`."""
    return format_html(
        '<link rel="stylesheet" href="{}{}" integrity="{}">',
        settings.STATIC_URL,
        path,
        browser_files.integrity(browser_files.browser_folder(), path),
    )


@register.simple_tag
def browser_file(path: str) -> str:
    """The address of one served file."""
    return f"{settings.STATIC_URL}{path}"
