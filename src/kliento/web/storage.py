"""Static files in production: hashed names, compressed, cached for good."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc] # whitenoise brings no types
    """Also follows `import` between JavaScript modules, so that a changed module changes its importers' names."""

    support_js_module_import_aggregation = True
