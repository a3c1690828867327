"""A stateful Jira and Confluence to try things on; shares no code with the client side.

It has parsers of its own for JQL and for storage format, on purpose: a mistake in pmsync's
understanding must not be mirrored by the server that pmsync is tested against.
"""
