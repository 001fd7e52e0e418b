"""The client origin: pages and files only. No session, no login, no database."""

from __future__ import annotations

from openregie.sealed.web.pages import urls as pages

urlpatterns = pages.urlpatterns
handler400 = pages.handler400
handler403 = pages.handler403
handler404 = pages.handler404
handler500 = pages.handler500
