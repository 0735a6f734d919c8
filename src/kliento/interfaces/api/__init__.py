"""The JSON API for terminals and third parties: /api/v1, described by /api/v1/openapi.json."""
