"""The WSGI application that gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application

import config.celery  # noqa: F401 - pages ring for tasks
from config.runtime.clients import ensure

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
ensure()
application = get_wsgi_application()
