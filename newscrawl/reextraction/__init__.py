"""The whole way from page to record once more, from WARC files and without the network."""
