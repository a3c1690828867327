"""What reaches the world outside: Jira, Confluence, the store, the clock."""
