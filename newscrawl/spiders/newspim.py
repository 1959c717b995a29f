"""뉴스핌 (newspim.com): all that is true of this site, and nothing else. Sources: `evidence/newspim.md`, marked there H, M or L."""

from __future__ import annotations

import re

from newscrawl.site import Generation, RowForm, Site, Way
from newscrawl.spider import NewsSpider

_NUMBER = r"(?P<number>\d{14})"

NEWSPIM = Site(
    name="newspim",
    domain="newspim.com",
    home="https://www.newspim.com/",
    article_url="https://www.newspim.com/news/view/{number}",
    article_hosts=frozenset(
        (
            "www.newspim.com",
            "newspim.com",
            "m.newspim.com",
            "ir.newspim.com",
            "member.newspim.com",
            "search.newspim.com",
            "gam.newspim.com",
        )
    ),
    # Matched against path?query: /news/view/<id>, /newsamp/view/<id> (2018), /anda/view/<id> (paid, 2018), view.jsp?newsId=<id>.
    article_paths=(
        re.compile(rf"/(?:news|newsamp|anda)/view/{_NUMBER}\?", re.ASCII),
        re.compile(rf"/(?:[a-z]+/)*view\.jsp\?(?:[^#]*&)?newsId={_NUMBER}(?:&|$)", re.ASCII),
    ),
    paid_paths=("/anda/",),
    list_url="https://www.newspim.com/news/lists?category_cd={code}&page={offset}",
    list_step=20,
    list_all="1",
    ways=(
        Way("flash", "page", "https://www.newspim.com/quicknews", breaking=True),  # 전체속보 (M)
        Way("feed", "feed", "http://rss.newspim.com/news/category/{code}"),  # (H)
        Way("sitemap", "sitemap", "https://www.newspim.com/sitemap/recent/all_1"),  # (M)
        Way("sitemap", "sitemap", "https://www.newspim.com/sitemap/recent/all_2"),  # (M)
        Way("sitemap", "robots", "https://www.newspim.com/robots.txt"),  # whether it names any is not known
        Way("front", "page", "https://www.newspim.com/"),  # (M)
    ),
    sections={
        "1": "전체",
        "101": "정치",
        "102": "사회",
        "103": "경제",
        "104": "부동산",
        "105": "증권·금융",
        "106": "산업",
        "107": "글로벌",
        "108": "전국",
        "110": "문화·연예",
        "111": "스포츠",
        "112": "라이프·여행",
        "115": "광장",
        "120": "중국",
    },
    section_names={
        "정치": "101",
        "사회": "102",
        "경제": "103",
        "부동산": "104",
        "증권·금융": "105",
        "증권": "105",
        "금융": "105",
        "산업": "106",
        "글로벌": "107",
        "국제": "107",
        "전국": "108",
        "문화·연예": "110",
        "문화": "110",
        "연예": "110",
        "스포츠": "111",
        "라이프·여행": "112",
        "라이프": "112",
        "여행": "112",
        "광장": "115",
        "오피니언": "115",
        "중국": "120",
        **dict.fromkeys(("마켓", "IT", "생활·경제", "GAM", "ANDA")),  # in whose list they stand is not known
    },
    agency=("뉴스핌", "뉴스핌통신", "Newspim", "NEWSPIM", "纽斯频通讯社", "纽斯频"),
    # Newest first. 2026 says its time in a <time>, 2022 in a <span> (H); about 2018-2021 the id had an underscore (H).
    generations=(
        Generation("newspim-2026", "#news-contents", requires="time#send-time, #send-time time"),
        Generation("newspim-2022", "#news-contents"),
        Generation("newspim-2018", "#news_contents"),
        Generation("newspim-mobile", "#viewcontents, .viewcontents"),
    ),
    frame="article.bodynews, div.bodynews",
    header=".header",
    title=(".header h1", "#titlArea1"),
    published=("#send-time@datetime", "#send-time time@datetime", "#send-time"),
    ai_summary="#aiSummary, .ai-summary",
    ads='div.ad, div.ad-box, div[class^="ad-"], ins.adsbygoogle',
    ads_by_style='div[style*="margin:"]',
    banners=("/banner/",),
    caption=".news_img_caption",
    top_bar=frozenset(("전체기사", "최신뉴스", "GAM", "KYD디데이", "글로벌특파원")),
    best_labels=frozenset(("뉴스핌베스트기사", "뉴스핌BEST기사", "베스트기사")),
    list_rows=(
        RowForm("article.thumb_h", ".subject", "span.date"),  # 2025
        RowForm("article.thumbgroup", ".subject_h", ".byline, .date"),  # until 2022
    ),
    forbidden_paths=("/search", "/news/preview", "/news/print"),
    # The first stands in the AI summary while it is made (H); that a body may be filled so is not known, and the others are what sites say.
    placeholders=frozenset(
        (
            *(
                "분석중",
                "분석중입니다",
                "로딩중",
                "로딩중입니다",
                "불러오는중",
                "불러오는중입니다",
                "기사를불러오는중입니다",
            ),
            *("잠시만기다려주세요", "잠시만기다려주십시오", "loading", "pleasewait"),
        )
    ),
    more_labels=frozenset(
        ("더보기", "기사더보기", "뉴스더보기", "속보더보기", "더불러오기")
    ),  # the first stands in the 속보 box (M)
    ad_hosts=frozenset(("ad.newspim.com",)),
)


class NewspimSpider(NewsSpider):
    """`scrapy crawl newspim`."""

    name = NEWSPIM.name
    site = NEWSPIM
