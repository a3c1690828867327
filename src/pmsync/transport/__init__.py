"""Everything between pmsync and the wire: one guarded adapter under both client libraries.

``adapter`` is the guard itself; ``sessions`` builds the two clients on it. Nothing here is
imported before it is needed: the client libraries take longer to load than most commands run.
"""
