"""Open311 GeoReport v2: the one open standard for reports."""
