"""The product's settings, with what only tests may have. Processes that tests start use the product's own settings."""

from kliento.config.settings import *  # noqa: F403 (settings are composed by name)

# Argon2 is slow on purpose; what a test shows about sign-in does not depend on which hasher runs.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# Its pools are opened and closed with every test: each of more threads to look after them has to begin and end as well.
for each in DATABASES.values():  # noqa: F405
    if "pool" in each.get("OPTIONS", {}):
        each["OPTIONS"]["pool"]["num_workers"] = 1
