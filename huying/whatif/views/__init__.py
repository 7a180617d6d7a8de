"""Screens: how cases really went, and what if."""
