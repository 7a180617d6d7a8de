"""Rosters in a real browser."""
