"""One file a site: what is true of it, as data."""
