"""The page as a reader sees it: storage format drawn as HTML, in a frame like Confluence's."""

from pmsync.sandbox.confluence.view.frame import missing_document, page_document, space_document

__all__ = ["missing_document", "page_document", "space_document"]
