"""An article -> nowhere: what `scrapy forget` and NEWSCRAWL_RETENTION remove, and how; docs/rights.md.

Each kind of place has a file: what is there is surveyed first, then written anew beside its place, which it takes when it is whole on the disk.
Imported by its files: a crawl needs two small ones of them.
"""
