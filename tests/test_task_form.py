"""A request keeps all its parts in the frontier."""

from __future__ import annotations

import pytest
from scrapy import FormRequest, Request
from scrapy.utils.request import RequestFingerprinter
from scrapy.utils.test import get_crawler

from newscrawl.lease import KEY, RANK, REACH, STAT
from newscrawl.spiders.newspim import NewspimSpider
from newscrawl.task_form import TaskForm

URL = "https://www.newspim.com/news/view/20260911000123"


@pytest.fixture
def form() -> TaskForm:
    spider = NewspimSpider()
    return TaskForm(spider, RequestFingerprinter(get_crawler(NewspimSpider)))


@pytest.mark.parametrize(
    "request_",
    [
        Request(URL),
        Request(URL, headers={"If-None-Match": 'W/"a, b"', "Accept": ["text/html", "text/plain"]}),
        Request(URL, method="POST", body="본문"),
        FormRequest(URL, formdata={"a": "1"}),
        Request(URL, cookies={"a": "b"}, flags=["x"]),
        Request(URL, cb_kwargs={"number": "1", "more": [1, None, "가"]}, priority=7),
    ],
    ids=["plain", "headers", "body", "form", "cookies and flags", "arguments"],
)
def test_a_request_comes_back_as_it_was(form: TaskForm, request_: Request) -> None:
    again = form.request(form.task(request_))
    parts = ("url", "method", "headers", "body", "cookies", "flags", "cb_kwargs", "priority")
    assert {name: getattr(again, name) for name in parts} == {name: getattr(request_, name) for name in parts}


def test_callbacks_and_what_the_spider_says_of_a_request_come_back(form: TaskForm) -> None:
    spider = NewspimSpider()
    meta = {KEY: "123", RANK: 5, REACH: 9, STAT: "found/list", "handle_httpstatus_all": True}
    request = Request(URL, spider.parse_article, errback=spider.failed, meta=dict(meta))
    task = form.task(request)
    assert (task.key, task.rank, task.reach, task.stat) == ("123", 5, 9, "found/list")
    again = form.request(task)
    assert again.callback is not None
    assert again.errback is not None
    assert (again.callback.__name__, again.errback.__name__) == ("parse_article", "failed")
    assert again.meta == {name: value for name, value in meta.items() if name != STAT}


def test_what_json_has_no_form_for_is_refused_with_its_name(form: TaskForm) -> None:
    with pytest.raises(TypeError, match="set"):
        form.task(Request(URL, cb_kwargs={"seen": {1, 2}}))


def test_a_callback_that_is_no_more_is_a_value_error(form: TaskForm) -> None:
    task = form.task(Request(URL))
    with pytest.raises(ValueError, match="parse_nothing"):
        form.request(
            type(task)(task.key, task.url, '{"callback":"parse_nothing"}', task.priority, task.rank, task.reach)
        )
