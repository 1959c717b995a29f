"""What pages, lists, feeds and sitemaps name, and which of them named what. Pure."""
