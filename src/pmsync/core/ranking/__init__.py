"""From scores to an order, and from an order to the cheapest calls; ids are opaque here."""
