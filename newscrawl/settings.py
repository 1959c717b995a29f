"""The drawing of the crawler: every stage in its order, every departure from a Scrapy default with the reason.

Settings that begin with NEWSCRAWL_ are the project's own; each may come from the environment. The README lists them.
"""

import sys

from newscrawl.environment import from_environment

BOT_NAME = "newscrawl"
SPIDER_MODULES = ["newscrawl.spiders"]
NEWSPIDER_MODULE = "newscrawl.spiders"
COMMANDS_MODULE = "newscrawl.commands"

# ---- The project's own ------------------------------------------------------------------------------------------------
NEWSCRAWL_DATA_DIR = from_environment("NEWSCRAWL_DATA_DIR", "data")
NEWSCRAWL_STATE = from_environment("NEWSCRAWL_STATE", "")  # a database's URL; default: state.sqlite beside the feeds
# Of a PostgreSQL database: seconds for which a run waits when it is away, and seconds without a sign of life after which others take a run's work.
NEWSCRAWL_STATE_PATIENCE = from_environment("NEWSCRAWL_STATE_PATIENCE", 300.0)
NEWSCRAWL_NODE_TIMEOUT = from_environment("NEWSCRAWL_NODE_TIMEOUT", 120.0)
NEWSCRAWL_CONTACT = from_environment("NEWSCRAWL_CONTACT", "")  # an address or URL for the User-Agent
NEWSCRAWL_NEWSROOM = from_environment("NEWSCRAWL_NEWSROOM", "")  # http://127.0.0.1:PORT: all requests go there instead
NEWSCRAWL_CLOCK = from_environment("NEWSCRAWL_CLOCK", "")  # of a newsroom that runs fast, as it prints it
# Ages at which an article is looked at again, for corrections and withdrawals; 0 looks at none again.
NEWSCRAWL_RECHECK_AFTER = from_environment("NEWSCRAWL_RECHECK_AFTER", "10m,1h,6h,24h,7d")
# Kinds of duplicates that are dropped: `drop:` and some of exact, update, rewrite, template; or `keep`, which drops none.
NEWSCRAWL_DUPLICATES = from_environment("NEWSCRAWL_DUPLICATES", "drop:exact")
NEWSCRAWL_DUPLICATES_DAYS = from_environment("NEWSCRAWL_DUPLICATES_DAYS", 7.0)  # between two that are compared
NEWSCRAWL_WARC = from_environment("NEWSCRAWL_WARC", "off")  # on: each answer goes into a WARC file, as it came
NEWSCRAWL_WARC_SIZE = from_environment("NEWSCRAWL_WARC_SIZE", 10**9)  # bytes of one file
NEWSCRAWL_PREMIUM = from_environment("NEWSCRAWL_PREMIUM", "keep")  # skip: scrapy export leaves premium articles out
NEWSCRAWL_RETENTION = from_environment("NEWSCRAWL_RETENTION", "")  # 365d: older articles are removed; default: none are
NEWSCRAWL_LONGEST_PAUSE = from_environment(
    "NEWSCRAWL_LONGEST_PAUSE", 300.0
)  # seconds; the most that Retry-After can make us wait

# Seconds after which a run ends and leaves the rest to the next, for schedules; 0 is no limit.
NEWSCRAWL_TIME_LIMIT = from_environment("NEWSCRAWL_TIME_LIMIT", 0.0)
NEWSCRAWL_METRICS_FILE = from_environment("NEWSCRAWL_METRICS_FILE", "")  # for the node exporter's textfile collector
NEWSCRAWL_REPORT_DAYS = from_environment("NEWSCRAWL_REPORT_DAYS", 30.0)  # that reports stay on the disk; 0 writes none

# With watch=yes: seconds from an answer to the next request of the same list, feed or page, as its news comes.
NEWSCRAWL_POLL_FASTEST = from_environment("NEWSCRAWL_POLL_FASTEST", 20.0)
NEWSCRAWL_POLL_SLOWEST = from_environment("NEWSCRAWL_POLL_SLOWEST", 600.0)
# Seconds after which a watch is judged by the monitors and leaves a report, as a run does; 0: only at its end.
NEWSCRAWL_WATCH_REPORT = from_environment("NEWSCRAWL_WATCH_REPORT", 3600.0)

# Article pages whose body a script has to fill: `auto` tries them once in a browser, `always` tries every one, `off` none.
NEWSCRAWL_BROWSER = from_environment("NEWSCRAWL_BROWSER", "auto")
NEWSCRAWL_BROWSER_PATH = from_environment("NEWSCRAWL_BROWSER_PATH", "")  # a Chromium; default: one that is found
NEWSCRAWL_BROWSER_WAIT = from_environment("NEWSCRAWL_BROWSER_WAIT", 10.0)  # seconds that a page's scripts have
# Hosts that serve libraries of scripts to everyone: of all foreign hosts only these are asked, and for scripts only.
NEWSCRAWL_BROWSER_LIBRARIES = from_environment(
    "NEWSCRAWL_BROWSER_LIBRARIES",
    "code.jquery.com,ajax.googleapis.com,cdnjs.cloudflare.com,cdn.jsdelivr.net,unpkg.com",
)

# Computes from these: USER_AGENT, the default feed, the way to the newsroom.
ADDONS = {"newscrawl.addon.Newscrawl": 0}

# ---- Polite ------------------------------------------------------------------------------------------------------------
ROBOTSTXT_OBEY = True  # default False
ROBOTSTXT_USER_AGENT = "newscrawl"  # default: the whole User-Agent; RFC 9309 matches the product's name
CONCURRENT_REQUESTS = 1  # default 16
CONCURRENT_REQUESTS_PER_DOMAIN = 1  # default 8
DOWNLOAD_DELAY = 1.2  # default 0; the delay that others use on this site (evidence)
DOWNLOAD_DELAY_JITTER = 0  # default 0.5: would go down to 0.6 s
AUTOTHROTTLE_ENABLED = True  # default False: slower when the site is
AUTOTHROTTLE_START_DELAY = 1.2  # default 5
RETRY_GIVE_UP_LOG_LEVEL = "DEBUG"  # default ERROR: the spider says what is lost, once
RETRY_TIMES = 4  # default 2: with pauses of 0.5, 1, 2, 4 s, or what Retry-After asks
DEFAULT_REQUEST_HEADERS = {  # default: Accept-Language en
    "Accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "ko,en;q=0.5",
}

# ---- Safe --------------------------------------------------------------------------------------------------------------
DOWNLOAD_VERIFY_CERTIFICATES = True  # default False
DOWNLOAD_HANDLERS = {"file": None, "ftp": None, "s3": None, "data": None}  # default: all on; news comes by http(s)
DOWNLOAD_MAXSIZE = 16 * 1024 * 1024  # default 1 GiB; the largest page of a news site has a few MB
DOWNLOAD_WARNSIZE = 0  # default 32 MiB: above the maximum
DOWNLOAD_TIMEOUT = 60  # default 180
TELNETCONSOLE_ENABLED = False  # default True
REMOTE_CONTROL_ENABLED = False  # default True: an HTTP server that runs Python
COOKIES_ENABLED = False  # default True: nobody is logged in, and nobody wants to be followed
METAREFRESH_ENABLED = False  # default True: parses every page to look for a redirect that articles do not have

# ---- The stages --------------------------------------------------------------------------------------------------------
DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,  # nobody logs in
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "newscrawl.robots.RobotsTxt": 100,
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
    "newscrawl.retry.PatientRetry": 550,
    "scrapy.downloadermiddlewares.stats.DownloaderStats": None,
    "newscrawl.browser.middleware.SiteStats": 850,  # as Scrapy's, without what a browser made of an answer
    # After all that forbids, before the pace: it asks the site for nothing but what Scrapy fetches for it.
    "newscrawl.browser.InBrowser": 980,
    "newscrawl.pace.SharedPace": 990,  # the last before the download: runs that overlap share one pace
    "newscrawl.archive.middleware.Archive": 995,  # the first after it: answers as they came
}
SCHEDULER = "newscrawl.scheduler.FrontierScheduler"  # default: queues that a kill loses
SPIDER_MIDDLEWARES = {
    "newscrawl.lease.LeaseMiddleware": 10,  # the nearest to the engine: notes when a page has given all
    "scrapy.spidermiddlewares.depth.DepthMiddleware": None,  # how deep a link lies means nothing here
}
REFERRER_POLICY = "no-referrer"  # default: tells the site in which order we read
ITEM_PIPELINES = {
    "newscrawl.pipelines.Ledger": 20,  # takes what is no article out
    "newscrawl.pipelines.Rechecks": 50,
    "newscrawl.pipelines.Clean": 100,
    "newscrawl.pipelines.Check": 200,
    "newscrawl.pipelines.Revisions": 250,
    "newscrawl.pipelines.Duplicates": 300,
    "newscrawl.pipelines.Store": 900,  # the last: what comes here goes into the feed
}
if sys.platform != "win32":
    ASYNCIO_EVENT_LOOP = "uvloop.Loop"  # default asyncio's own: about 4 % more CPU
CONCURRENT_ITEMS = 4  # default 100: makes a hundred tasks for every response, a third of a bare crawl's CPU

# ---- Output ------------------------------------------------------------------------------------------------------------
FEED_EXPORTERS = {
    "jsonlines": "newscrawl.exporters.JsonLinesExporter",
    "jsonl": "newscrawl.exporters.JsonLinesExporter",
    "jl": "newscrawl.exporters.JsonLinesExporter",
    # `-O articles.jsonl.gz`: Scrapy takes the last ending for the format; the storage compresses by it.
    "gz": "newscrawl.exporters.JsonLinesExporter",
    "zst": "newscrawl.exporters.JsonLinesExporter",
    # Scrapy's other formats would write the item and not the record, in silence.
    **dict.fromkeys(("json", "csv", "xml", "marshal", "pickle")),
}
FEED_STORAGES = {
    # Scrapy's own keep lines in a buffer, and write on into a pipe that nobody reads any more.
    **dict.fromkeys(("", "file", "stdout"), "newscrawl.storage.LineStorage"),
    # Scrapy's own, compressing, looked at before the start, and saying what to do when they fail.
    "s3": "newscrawl.storage.s3.S3Storage",
    "gs": "newscrawl.storage.gcs.GcsStorage",
    **dict.fromkeys(("ftp", "ftps"), "newscrawl.storage.ftp.FtpStorage"),
}
# An address is no place for a password: for ftp:// and ftps://. S3 and Google read the environment themselves.
FTP_USER = from_environment("FTP_USER", "anonymous")
FTP_PASSWORD = from_environment("FTP_PASSWORD", "guest")

# ---- Monitors: what in a run's figures is wrong, and who is told ------------------------------------------------------
SPIDERMON_ENABLED = from_environment("SPIDERMON_ENABLED", True)  # default False
SPIDERMON_ENGINE_STOP_MONITORS = ["newscrawl.monitors.suite.RunMonitors"]  # its rows: newscrawl/monitors/checks.py
NEWSCRAWL_STRICT_EXIT = from_environment("NEWSCRAWL_STRICT_EXIT", True)  # a monitor that fails is exit code 1
NEWSCRAWL_MONITORS_ITEMS = from_environment("NEWSCRAWL_MONITORS_ITEMS", "{}")  # kind of run -> least new articles, JSON
NEWSCRAWL_MONITORS_ERRORS = from_environment("NEWSCRAWL_MONITORS_ERRORS", 0.05)  # share of requests that may fail
NEWSCRAWL_MONITORS_DISK = from_environment("NEWSCRAWL_MONITORS_DISK", 1024**3)  # bytes that must be free
NEWSCRAWL_MONITORS_HOLIDAYS = from_environment(
    "NEWSCRAWL_MONITORS_HOLIDAYS", ""
)  # days like Sundays, besides the known
NEWSCRAWL_MONITORS_SINCE = from_environment("NEWSCRAWL_MONITORS_SINCE", "")  # a time: what was before is no measure
# Who is told. Those that are empty tell nobody.
SPIDERMON_SLACK_SENDER_TOKEN = from_environment("SPIDERMON_SLACK_SENDER_TOKEN", "")
SPIDERMON_SLACK_SENDER_NAME = from_environment("SPIDERMON_SLACK_SENDER_NAME", "")
SPIDERMON_SLACK_RECIPIENTS = from_environment("SPIDERMON_SLACK_RECIPIENTS", "")
SPIDERMON_TELEGRAM_SENDER_TOKEN = from_environment("SPIDERMON_TELEGRAM_SENDER_TOKEN", "")
SPIDERMON_TELEGRAM_RECIPIENTS = from_environment("SPIDERMON_TELEGRAM_RECIPIENTS", "")
SPIDERMON_DISCORD_WEBHOOK_URL = from_environment("SPIDERMON_DISCORD_WEBHOOK_URL", "")
SPIDERMON_EMAIL_SENDER = from_environment("SPIDERMON_EMAIL_SENDER", "")
SPIDERMON_EMAIL_TO = from_environment("SPIDERMON_EMAIL_TO", "")
SPIDERMON_SMTP_HOST = from_environment("SPIDERMON_SMTP_HOST", "")
SPIDERMON_SMTP_PORT = from_environment("SPIDERMON_SMTP_PORT", 0)
SPIDERMON_SMTP_USER = from_environment("SPIDERMON_SMTP_USER", "")
SPIDERMON_SMTP_PASSWORD = from_environment("SPIDERMON_SMTP_PASSWORD", "")
SPIDERMON_SMTP_ENFORCE_TLS = from_environment("SPIDERMON_SMTP_ENFORCE_TLS", False)
SPIDERMON_SMTP_ENFORCE_SSL = from_environment("SPIDERMON_SMTP_ENFORCE_SSL", False)
NEWSCRAWL_WEBHOOK_URL = from_environment("NEWSCRAWL_WEBHOOK_URL", "")

# ---- What it prints ----------------------------------------------------------------------------------------------------
EXTENSIONS = {
    "scrapy.extensions.logstats.LogStats": None,  # its line is part of Progress
    "newscrawl.progress.Progress": 0,
    "newscrawl.restating.Restating": 0,
    "newscrawl.time_limit.TimeLimit": 0,
    "newscrawl.reporting.Reporting": 100,  # at the end: the figures, which the monitors judge, and then they are written
    "newscrawl.monitors.extension.ShortSpidermon": 500,
    "newscrawl.reporting.Writing": 900,
    "newscrawl.forgetting.extension.Retention": 950,  # when nothing else is to be written: files are written anew
    "newscrawl.forgetting.noting.Noting": 0,
}
LOG_LEVEL = "INFO"  # default DEBUG: prints every item
DEFAULT_DROPITEM_LOG_LEVEL = "DEBUG"  # default WARNING: a duplicate is nothing to look at
LOG_VERSIONS: list[str] = []  # default: ten lines of library versions
WARN_ON_GENERATOR_RETURN_VALUE = False  # default True: reads the source of callbacks at run time
