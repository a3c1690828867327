"""``--load``: search pages of a real Jira, as they are, become a site."""

from pmsync.sandbox.load.copies import replicate
from pmsync.sandbox.load.files import InputError
from pmsync.sandbox.load.site import load

__all__ = ["InputError", "load", "replicate"]
