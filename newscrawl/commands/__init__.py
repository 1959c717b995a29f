"""The `scrapy …` commands of this project."""
