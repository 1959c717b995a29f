"""The words of a report, Korean and English side by side."""

from __future__ import annotations

from typing import NamedTuple


class Both(NamedTuple):
    """One text in the two languages of a report."""

    ko: str
    en: str


def same(text: str) -> Both:
    """What reads the same in both languages: a number, a name that the site or the code gave."""
    return Both(text, text)


def say(key: str, **values: str | Both) -> Both:
    """A phrase with values put into its {names}. Raises KeyError for a phrase or a name that is not there."""
    phrase = WORDS[key]
    parts = {name: same(value) if isinstance(value, str) else value for name, value in values.items()}
    return Both(
        phrase.ko.format(**{name: value.ko for name, value in parts.items()}),
        phrase.en.format(**{name: value.en for name, value in parts.items()}),
    )


def name_of(room: str, name: str) -> Both:
    """What a name of the code is called: `way.list` -> lists; one that has no words is shown as it is."""
    return WORDS.get(f"{room}.{name}", same(name))


WORDS = {
    key: Both(*texts)
    for key, texts in {
        # The head
        "state.well": ("잘 끝났습니다", "All well"),
        "state.look": ("살펴볼 것이 있습니다", "Needs a look"),
        "state.died": ("끝맺지 못하고 멎었습니다", "It died before its end"),
        "head.new": ("새 기사 {n}건", "{n} new articles"),
        "head.one": ("새 기사 {n}건", "{n} new article"),
        "head.none": ("새 기사가 없었습니다", "no new article"),
        "head.in": ("{time} 동안", "in {time}"),
        "head.run": ("{n}번째 실행", "run {n}"),
        "head.to": ("{start}부터 {end}까지 (KST)", "{start} to {end} (KST)"),
        "head.since": ("{start}부터 (KST), 끝난 시각은 모릅니다", "from {start} (KST), its end is not known"),
        "head.reason": ("끝난 까닭: {reason}, 종료 코드 {code}", "ended: {reason}, exit code {code}"),
        "head.died": (
            "이 실행은 스스로 끝나지 못했으므로 수치가 대부분 없습니다. 다음 실행이 남은 일을 이어 갑니다.",
            "Nobody ended this run, so most of its figures are missing. The next run goes on with what it left.",
        ),
        "kind.latest": ("최신 기사", "latest"),
        "kind.backfill": ("지난 기사 채우기", "backfill"),
        "kind.watch": ("지켜보기", "watch"),
        "kind.urls": ("주소 목록", "addresses"),
        "kind.probe": ("번호 두드리기", "probe"),
        "switch.theme": ("밝기", "Theme"),
        "switch.language": ("언어", "Language"),
        "theme.auto": ("자동", "auto"),
        "theme.light": ("밝게", "light"),
        "theme.dark": ("어둡게", "dark"),
        # Tiles
        "tile.exported": ("새 기사", "new"),
        "tile.revised": ("고쳐진 기사", "revised"),
        "tile.withdrawn": ("내려진 기사", "withdrawn"),
        "tile.known": ("이미 가진 기사", "known already"),
        "tile.dropped": ("버림", "dropped"),
        "tile.failed": ("실패", "failed"),
        "tile.left": ("다음으로 미룸", "left for the next run"),
        "tile.median": ("늦음 (중앙값)", "lateness (median)"),
        # Monitors
        "monitors.failed": ("걸린 점검 {n}개", "Monitors failed: {n}"),
        "monitors.none": ("점검 결과가 없습니다.", "No monitor has looked at this run."),
        "monitors.passed": ("통과한 점검 {n}개", "Monitors passed: {n}"),
        "monitor.passed": ("통과", "passed"),
        "monitor.failed": ("걸림", "failed"),
        # Problems, as newscrawl.verdict words them
        "problem.could not be fetched or written": (
            "{n}건을 가져오거나 쓰지 못했습니다",
            "{n} could not be fetched or written",
        ),
        "problem.had no body container": ("{n}건에서 본문 자리를 찾지 못했습니다", "{n} had no body container"),
        "problem.were incomplete": ("{n}건이 온전하지 않았습니다", "{n} were incomplete"),
        "problem.raised an error in the spider": (
            "{n}번 스파이더에서 오류가 났습니다",
            "{n} raised an error in the spider",
        ),
        "problem.raised an error in a pipeline or the exporter": (
            "{n}번 파이프라인이나 출력에서 오류가 났습니다",
            "{n} raised an error in a pipeline or the exporter",
        ),
        "problem.feeds could not be stored": ("출력 {n}개를 저장하지 못했습니다", "{n} feeds could not be stored"),
        "problem.ended early": ("일찍 끝났습니다 ({reason})", "ended early ({reason})"),
        "problem.the site did not answer": ("사이트가 답하지 않았습니다", "the site did not answer"),
        "problem.no page of the site could be read": (
            "사이트의 어느 쪽도 읽지 못했습니다",
            "no page of the site could be read",
        ),
        # Plots
        "plots": ("그림", "Plots"),
        "plot.table": ("숫자로 보기", "as a table"),
        "plot.first": (
            "견줄 만한 같은 종류의 앞선 실행이 아직 없어서, 흐름을 그린 그림은 다음부터 나옵니다.",
            "There is no earlier run of this kind to compare with yet; the plots over time begin with the next one.",
        ),
        "plot.timeline.hour": ("시간별·섹션별 새 기사", "New articles by hour and section"),
        "plot.timeline.day": ("날짜별·섹션별 새 기사", "New articles by day and section"),
        "plot.timeline.month": ("달별·섹션별 새 기사", "New articles by month and section"),
        "plot.timeline.year": ("해별·섹션별 새 기사", "New articles by year and section"),
        "plot.timeline.none": ("들어온 기사가 없습니다.", "No article came in."),
        "plot.runs": ("최근 실행 {n}번의 기사", "Articles of the last {n} runs"),
        "plot.ways": ("어디서 찾았나", "Where they were found"),
        "plot.ways.none": ("어느 길에서도 기사를 찾지 못했습니다.", "No way of discovery named an article."),
        "plot.fields": ("필드가 채워진 비율", "Field coverage"),
        "plot.fields.none": (
            "필드를 셀 새 기사가 없습니다.",
            "There are no new articles whose fields could be counted.",
        ),
        "plot.coverage": ("최근 실행에서 가장 많이 달라진 필드", "The fields that changed most over the last runs"),
        "plot.lateness": ("발행에서 기록까지 걸린 시간", "Time from publication to the line"),
        "plot.lateness.none": ("늦음을 잰 기사가 없습니다.", "Lateness was measured for no article."),
        "plot.unmeasured": ("잰 값이 없습니다.", "Nothing was measured."),
        "plot.lately": ("최근 실행의 늦음", "Lateness over the last runs"),
        "plot.speed": ("최근 실행의 빠르기 (분당 기사)", "Speed over the last runs (articles a minute)"),
        "plot.memory": ("최근 실행의 최대 메모리", "Peak memory over the last runs"),
        "series.exported": ("새 기사", "new"),
        "series.revised": ("고쳐진 기사", "revised"),
        "series.withdrawn": ("내려진 기사", "withdrawn"),
        "series.shared": ("다른 길도 알려 줌", "named by others too"),
        "series.alone": ("이 길만 알려 줌", "named by it alone"),
        "series.missed": ("이 길이 놓침", "missed by it"),
        "series.now": ("이번 실행", "this run"),
        "series.before": ("앞선 실행의 중앙값", "median of earlier runs"),
        "series.median": ("중앙값", "median"),
        "series.p95": ("95 %", "95 %"),
        "series.speed": ("분당 기사", "articles a minute"),
        "series.memory": ("최대 메모리", "peak memory"),
        "section.others": ("그 밖", "others"),
        "section.none": ("섹션 없음", "no section"),
        "time.hour": ("{n}시", "{n}h"),
        "time.none": ("날짜 없음", "no date"),
        "time.earlier": ("그 전", "earlier"),
        "tip": ("{label} · {series}: {n}", "{label} · {series}: {n}"),
        "way.list": ("목록", "lists"),
        "way.topbar": ("상단 띠", "top bar"),
        "way.feed": ("피드", "feeds"),
        "way.sitemap": ("사이트맵", "sitemaps"),
        "way.flash": ("속보", "flash"),
        "way.quick": ("속보판", "quick news"),
        "way.front": ("첫 화면", "front page"),
        "way.sidebar": ("옆 상자", "sidebar"),
        "way.related": ("관련 기사", "related"),
        "way.probe": ("번호 두드리기", "probe"),
        "way.argument": ("주어진 주소", "given"),
        "way.all": ("모두", "all"),
        # Tables
        "tables": ("자세히", "In detail"),
        "lost": ("잃은 것과 실패", "Losses and failures"),
        "lost.none": ("잃은 것이 없습니다.", "Nothing was lost."),
        "lost.unknown": ("무엇을 잃었는지 알려지지 않았습니다.", "What was lost is not known."),
        "lost.total": ("{n}건", "{n} in all"),
        "lost.shown": ("{n}건 가운데 {m}건만 이름이 남았습니다.", "Of {n}, only {m} are named."),
        "lost.all": ("나머지 {n}건 보기", "show {n} more"),
        "dropped": ("버린 것과 그 까닭", "What was dropped, and why"),
        "dropped.none": ("버린 것이 없습니다.", "Nothing was dropped."),
        "dropped.dropped": ("버린 기사", "dropped articles"),
        "dropped.skipped": ("바라지 않아 지나친 것", "skipped: not asked for"),
        "dropped.checks": ("의심스럽지만 남긴 것", "suspicious, but kept"),
        "dropped.cleaned": ("글에서 걷어 낸 것", "cleaned out of texts"),
        "dropped.gone": ("사이트에 없는 것", "gone from the site"),
        "unreadable": ("본문을 찾지 못한 쪽", "Pages without a body"),
        "unreadable.none": ("모든 쪽에서 본문을 찾았습니다.", "Every page had a body."),
        "stories": ("이어진 이야기", "Stories"),
        "stories.none": ("자라난 이야기가 없습니다.", "No story grew."),
        "duplicates": ("겹치는 기사", "Duplicates"),
        "duplicates.none": ("겹치는 기사가 없습니다.", "No duplicates."),
        "duplicate.exact": ("똑같음", "exact"),
        "duplicate.update": ("이어 씀", "update"),
        "duplicate.rewrite": ("고쳐 씀", "rewrite"),
        "duplicate.template": ("같은 틀", "template"),
        "kinds": ("기사의 종류", "Kinds"),
        "article.article": ("기사", "article"),
        "article.photo": ("사진", "photo"),
        "article.flash": ("속보", "flash"),
        "article.robot": ("로봇 기사", "robot"),
        "article.translated": ("옮긴 기사", "translated"),
        "ways": ("찾은 길마다", "By way of discovery"),
        "fields": ("필드마다 어디서 왔나", "Where each field came from"),
        "speed": ("빠르기와 메모리", "Speed and memory"),
        "speed.seconds": ("걸린 시간", "time"),
        "speed.articles_per_minute": ("분당 기사", "articles a minute"),
        "speed.requests_per_article": ("기사당 요청", "requests an article"),
        "speed.cpu_seconds": ("CPU 시간", "CPU time"),
        "speed.peak_memory": ("최대 메모리", "peak memory"),
        "speed.state": ("상태 파일", "state on disk"),
        "speed.feeds": ("출력 파일", "output on disk"),
        "speed.free": ("남은 디스크", "free disk"),
        "pages": ("요청과 응답", "Requests and answers"),
        "pages.requests": ("요청", "requests"),
        "pages.responses": ("응답", "answers"),
        "pages.articles": ("기사 쪽", "article pages"),
        "pages.lists": ("목록 쪽", "list pages"),
        "pages.no_container": ("본문 없는 쪽", "pages without a body"),
        "pages.refused": ("거절됨 (robots.txt)", "refused (robots.txt)"),
        "pages.retries": ("다시 한 요청", "retries"),
        "pages.bytes": ("받은 양", "received"),
        "pages.statuses": ("응답 코드", "by status"),
        "pages.polls": ("다시 물음", "polls"),
        "pages.rechecked": ("다시 본 기사", "rechecked"),
        "pages.log": ("로그", "log"),
        "sources": ("출처", "Sources"),
        "sources.none": ("읽은 출처가 없습니다.", "No source was read."),
        "settings": ("기본값과 다른 설정", "Settings that differ from the defaults"),
        "settings.none": ("모든 설정이 기본값입니다.", "Every setting has its default."),
        "arguments": ("인자", "Arguments"),
        "arguments.none": ("인자 없이 실행했습니다.", "It was run without arguments."),
        "machine": ("실행 환경", "The run"),
        "machine.version": ("newscrawl 버전", "newscrawl version"),
        "machine.host": ("컴퓨터", "host"),
        "machine.process": ("프로세스", "process"),
        "machine.job": ("작업", "job"),
        "machine.feeds": ("출력", "output"),
        "column.time": ("때", "time"),
        "column.run": ("실행", "run"),
        "column.way": ("길", "way"),
        "column.field": ("필드", "field"),
        "column.filled": ("채움", "filled"),
        "column.from": ("나온 곳", "from"),
        "column.reason": ("까닭", "reason"),
        "column.address": ("주소", "address"),
        "column.file": ("보관한 파일", "kept as"),
        "column.title": ("제목", "title"),
        "column.articles": ("기사", "articles"),
        "column.found": ("찾음", "found"),
        "column.named": ("알려 줌", "named"),
        "column.alone": ("이 길만", "alone"),
        "column.missed": ("놓침", "missed"),
        "column.now": ("이번", "now"),
        "column.before": ("앞선 실행의 중앙값", "earlier runs (median)"),
        "column.kind": ("종류", "kind"),
        "column.status": ("응답", "status"),
        "column.hash": ("지문", "hash"),
        "unknown": ("알 수 없습니다.", "Not known."),
        "foot": (
            "이 쪽은 그 자체로 온전한 한 파일입니다. 네트워크를 쓰지 않습니다. 같은 수치가 곁의 run.json에 있습니다.",
            "This page is one whole file and uses no network. The same figures are in run.json beside it.",
        ),
    }.items()
}
