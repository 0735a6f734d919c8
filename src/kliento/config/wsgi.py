"""The WSGI application. `kliento serve` adds the background worker in the same process (`config/background.py`)."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kliento.config.settings")
application = get_wsgi_application()
