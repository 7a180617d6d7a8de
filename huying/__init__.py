"""Huying: a call, a response, and the caller's word on it."""
