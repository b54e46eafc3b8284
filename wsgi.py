"""For any WSGI server: `wsgi:app`. Nothing happens at import; the first request builds the service in its process."""

from __future__ import annotations

from pager.wsgi import LazyApp

app = application = LazyApp()
