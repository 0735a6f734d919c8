"""The WSGI application, for `kliento serve` or any other server. It refuses to be loaded in an unsafe production."""

import os

from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application
from django.utils.module_loading import import_string

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kliento.config.settings")
django = get_wsgi_application()
# Once Django is set up: its settings and tables are needed by what stands before it.
application = import_string("kliento.interfaces.api.entry.ScansFirst")(django)

if findings := run_checks(tags=["production"], include_deployment_checks=True):
    raise ImproperlyConfigured("Production refuses to start:\n" + "\n".join(f"- {finding}" for finding in findings))
