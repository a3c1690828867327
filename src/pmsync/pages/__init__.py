"""Pages: plain view models of a product, drawn as Confluence storage format by Jinja templates."""
