"""Confluence Cloud as pmsync's wiki: v2 for pages and properties, v1 for what v2 cannot do.

Nothing heavy is loaded from here; :mod:`pmsync.adapters.confluence.wiki` has the way in.
"""
