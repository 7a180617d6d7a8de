"""Presets: a place written as plain files, read, checked, and published as editions that never change."""
