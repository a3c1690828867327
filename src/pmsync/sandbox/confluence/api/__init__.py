"""Confluence Cloud's REST APIs: v2, and what is left of v1."""
