"""Jira's endpoints, each module a room of the official API document."""
