"""Bringing cases in and out in bulk: messages from other systems."""
