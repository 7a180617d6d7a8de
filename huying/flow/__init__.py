"""The flow language: what a flow may say (definition), whether it is sound (checker), how a case
moves through it (machine), and how it looks (picture). Pure Python: no database, no clock, no Django."""
