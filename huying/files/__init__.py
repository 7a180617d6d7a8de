"""Attachments: staged, scanned, re-encoded, kept, erased (docs/decisions/files.md)."""
