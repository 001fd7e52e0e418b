"""Addresses of the resident's pages: Dutch at the root, English below /en/.

What depends on content stands behind `#` in /mijn/: the server never learns which topic was opened.
"""

from __future__ import annotations

from django.urls import path, re_path

from openregie.sealed.web.pages import views
from openregie.sealed.web.pages.views import LANGUAGES, PAGES, WELCOME

urlpatterns = [
    *(
        re_path(
            rf"^{prefix.removeprefix('/') + '/' if prefix else ''}{page.path.rstrip('/')}/?$",
            views.show,
            {"page": page, "language": language},
        )
        for language, (prefix, _name) in LANGUAGES.items()
        for page in PAGES
    ),
    path("", views.show, {"page": WELCOME, "language": "nl"}),
    path("en/", views.show, {"page": WELCOME, "language": "en"}),
]

handler400 = "openregie.sealed.web.pages.views.bad_request"
handler403 = "openregie.sealed.web.pages.views.forbidden"
handler404 = "openregie.sealed.web.pages.views.not_found"
handler500 = "openregie.sealed.web.pages.views.failed"
