"""Scoring: inputs read from fields, methods that combine them, keys that sort issues."""
