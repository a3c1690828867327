"""Jira Cloud behind :class:`pmsync.ports.IssueTracker`."""
