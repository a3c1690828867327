"""JQL, written for the sandbox alone: what pmsync believes of JQL must not be mirrored here."""
