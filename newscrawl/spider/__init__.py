"""What every spider is made of. The sites themselves are in `newscrawl.spiders`."""

from newscrawl.spider.news import NewsSpider

__all__ = ["NewsSpider"]
