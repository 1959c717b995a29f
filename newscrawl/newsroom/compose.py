"""The words of one article: from a story and its opening to the blocks of its page."""

from __future__ import annotations

from collections.abc import Sequence

from . import foreign, text, words
from .blocks import (
    Advertisement,
    Block,
    Cell,
    Closing,
    Content,
    Items,
    Links,
    Notice,
    Paragraph,
    Picture,
    Table,
    Tail,
)
from .dice import CONTENT, Dice, dice
from .opening import Opening, open_story
from .stories import Story

ROBOT_NOTICE = (
    "이 기사는 뉴스핌과 금융 AI 전문기업 씽크풀이 공동 개발한 기사 자동생성 알고리즘에 의해 실시간으로 작성된 것입니다."
)


def compose(story: Story, seed: int, pool: Sequence[str] = ()) -> Content:
    """The content of a story. With a `pool` the paragraphs come from there: cheap, for sites of benchmark size."""
    die = dice(seed, CONTENT, story.number)
    _, opening = open_story(story, seed)
    content = Content(place=opening.place, authors=opening.authors, box=story.related[story.in_body :])
    if story.form in ("photo", "caption"):
        content.blocks = _photo_story(die, opening, story)
        return content
    if story.form not in ("chinese", "english", "flash") and die.chance(0.45):
        content.deck = [text.fill(die, die.pick(text.DECKS), opening.voice) for _ in range(die.between(1, 4))]
    content.blocks = _before(die, opening, story)
    content.blocks.append(Paragraph(opening.lead, opening.dateline))
    _body(die, opening, story, content, pool)
    summary(die, opening, story, content)
    after(die, opening, story, content.blocks)
    return content


def summary(die: Dice, opening: Opening, story: Story, content: Content) -> None:
    """The summary by machine over some articles of 2026."""
    if story.generation != "2026" or story.language != "ko" or story.form == "flash" or not die.chance(0.6):
        return
    if die.chance(0.15):
        content.ai_pending = True
    else:
        content.ai_summary = [text.fill(die, die.pick(text.SUMMARY), opening.voice) for _ in range(3)]


def _before(die: Dice, opening: Opening, story: Story) -> list[Block]:
    """What stands above the dateline."""
    blocks: list[Block] = []
    day = story.published_at
    if story.form == "article" and die.chance(0.05):
        half = "오전" if day.hour < 12 else "오후"
        blocks.append(
            Notice(
                f"[편집자] 이 기사는 {day.month}월 {day.day}일 {half} {die.between(1, 11)}시{die.between(10, 59)}분 "
                f"프리미엄 뉴스서비스 'ANDA'에 먼저 {die.pick(['실렸습니다', '나갔습니다', '올랐습니다'])}."
            )
        )
    if story.form == "translated" and die.chance(0.5):
        blocks.append(_translation(die, story))
    if story.form not in ("flash", "robot", "personnel") and die.chance(0.15):
        blocks.append(picture(die, opening.voice, story, die.chance(0.3)))
    return blocks


def _translation(die: Dice, story: Story) -> Notice:
    day = story.published_at
    return Notice(
        f"이 기사는 인공지능(AI) 번역으로 생산된 콘텐츠로, 원문은 {day.month}월 {day.day}일자 {die.pick(words.SOURCES)} 기사입니다."
    )


def _body(die: Dice, opening: Opening, story: Story, content: Content, pool: Sequence[str]) -> None:
    blocks = content.blocks
    if story.form == "flash":
        return
    if story.form == "premium":
        blocks.extend(_paragraphs(die, opening, die.between(0, 2), pool))
        blocks.append(Notice("이 기사는 회원 가입이 필요한 프리미엄 기사입니다."))
        return
    if story.form in ("chinese", "english"):
        tongue = foreign.CHINESE if story.form == "chinese" else foreign.ENGLISH
        blocks.extend(Paragraph(tongue.paragraph(die)) for _ in range(die.between(3, 8)))
        return
    if story.form == "robot":
        _robot(die, opening, blocks)
        return
    if story.form == "personnel":
        _personnel(die, blocks)
        return
    count = die.between(4, 9) if story.form == "long_flash" else die.between(5, 18)
    for paragraph in _paragraphs(die, opening, count, pool):
        _between(die, opening, story, blocks)
        blocks.append(paragraph)
    if story.form == "translated" and not any(isinstance(block, Notice) for block in blocks):
        blocks.append(_translation(die, story))


def _paragraphs(die: Dice, opening: Opening, count: int, pool: Sequence[str]) -> list[Paragraph]:
    if pool:
        return [Paragraph(die.pick(pool)) for _ in range(count)]
    return [_paragraph(die, opening.voice) for _ in range(count)]


def _paragraph(die: Dice, who: text.Voice) -> Paragraph:
    lines = text.paragraph(die, who)
    if die.chance(0.04):
        lines += "\n" + text.sentence(die, who)
    return Paragraph(lines)


def _between(die: Dice, opening: Opening, story: Story, blocks: list[Block]) -> None:
    """What may stand before a paragraph."""
    who, throw, last = opening.voice, die.random(), blocks[-1]
    beside_picture = isinstance(last, Picture)
    if throw < 0.045:
        head = die.pick(words.SUBHEAD_STARTS) + text.fill(die, die.pick(text.SUBHEADS), who)
        blocks.append(Paragraph("<주요 뉴스>" if die.chance(0.15) else head, subhead=True))
    elif throw < 0.09 and not beside_picture:
        blocks.append(picture(die, who, story, die.chance(0.35)))
    elif throw < 0.105 and not beside_picture:
        blocks.append(lost_caption(die, who, story))
    elif throw < 0.125:
        blocks.append(table(die))
    elif throw < 0.14:
        blocks.append(Items([text.fill(die, die.pick(text.DECKS), who) for _ in range(die.between(2, 5))]))
    elif throw < 0.165:
        blocks.append(Advertisement())


def _robot(die: Dice, opening: Opening, blocks: list[Block]) -> None:
    who = opening.voice
    for _ in range(die.between(3, 5)):
        name = text.house(die)
        price, change = die.between(1200, 480_000), f"{die.between(0, 29)}.{die.between(10, 99)}"
        blocks.append(
            die.pick(
                [
                    Paragraph(
                        f"{name}({text.ticker(name)}) 주가는 {price:,}원으로 {change}% {die.pick(['올랐다', '내렸다'])}."
                    ),
                    Paragraph(f"{text.amount(die)} 거래된 {name}({text.ticker(name)})의 등락률은 {change}%다."),
                    Paragraph(
                        f"{die.pick(words.WHENS)} {name}({text.ticker(name)})에 {text.amount(die)} 매수세가 몰렸다."
                    ),
                    Paragraph(text.sentence(die, who)),
                ]
            )
        )
    if die.chance(0.5):
        blocks.append(table(die))
    blocks.append(Notice(ROBOT_NOTICE))


def _personnel(die: Dice, blocks: list[Block]) -> None:
    for head in ("◇ 승진", "◇ 전보", "◇ 신규 선임")[: die.between(1, 3)]:
        blocks.append(Paragraph(head))
        names = [
            f"▲{die.pick(words.TEAMS)}{die.pick(words.RANKS)} {text.person(die)}" for _ in range(die.between(2, 7))
        ]
        if die.chance(0.4):
            blocks.append(Paragraph(" ".join(names)))
        else:
            blocks.extend(Paragraph(name) for name in names)


def after(die: Dice, opening: Opening, story: Story, blocks: list[Block]) -> None:
    """The closing line and what follows it inside the container."""
    if opening.closing:
        blocks.append(Closing(opening.closing))
    in_body = story.related[: story.in_body]
    if in_body:
        blocks.append(Links(in_body))
    if die.chance(0.15):
        blocks.append(Tail())


def _photo_story(die: Dice, opening: Opening, story: Story) -> list[Block]:
    if die.chance(0.2):
        return [lost_caption(die, opening.voice, story)]
    return [picture(die, opening.voice, story, True, always=True) for _ in range(die.between(1, 4))]


def picture(die: Dice, who: text.Voice, story: Story, reporter: bool, always: bool = False) -> Picture:
    """A picture with one of the captions that the wire uses (or none, unless `always`)."""
    day = story.published_at
    slash = "//" if die.chance(0.1) else "/"
    scheme = "http" if die.chance(0.15) else "https"
    stamp = f"{day:%y%m%d%H%M}{die.between(100000, 999999)}"
    url = f"{scheme}://img.newspim.com/news{slash}{day:%Y/%m/%d}/{stamp}_w.jpg"
    if reporter:
        return _reporter_caption(die, who, story, url)
    throw = die.random()
    scene = text.fill(die, die.pick(text.CAPTIONS), who).rstrip(".")
    credit = die.pick(words.CREDITS)
    if throw < 0.45 or always:
        return Picture(url, f"{scene} [사진={credit}]", credit)
    if throw < 0.6:
        return Picture(url, f"[사진 = {credit}] {day:%Y.%m.%d} {text.email(die)}", credit)
    if throw < 0.7:
        return Picture(url, f"[자료={credit}]", credit)
    if throw < 0.8:
        name = text.person(die)
        return Picture(url, f"{scene}. /{name} 기자 {text.email(die).split('@')[0]}@", f"{name} 기자", speaks=False)
    if throw < 0.9:
        return Picture(url, f"{scene}.", None, speaks=False)
    return Picture(url)


def _reporter_caption(die: Dice, who: text.Voice, story: Story, url: str | None) -> Picture:
    """A caption that opens like a dateline and ends with date and e-mail."""
    name, role = text.person(die), die.pick(["기자", "기자", "특파원", "인턴기자"])
    scene = "" if die.chance(0.1) else text.fill(die, die.pick(text.CAPTIONS), who) + " "
    dated = url is None or not die.chance(0.15)
    stamp = f"{story.published_at:%Y.%m.%d} " if dated else ""
    address = "photo@newspim.com" if die.chance(0.2) else text.email(die)
    place = die.pick(words.HOME_PLACES)
    return Picture(
        url, f"[{place}=뉴스핌] {name} {role} = {scene}{stamp}{address}", f"{name} {role}", speaks=dated and bool(scene)
    )


def lost_caption(die: Dice, who: text.Voice, story: Story) -> Picture:
    """A caption that lost its picture."""
    return _reporter_caption(die, who, story, None)


def table(die: Dice) -> Table:
    """A data table; some have joined and empty cells."""
    unit = die.pick(["등락률", "비중", "증감", "점유율"])
    head = ["종목", "현재가", unit, "비고"][: die.between(3, 4)]
    rows = [[Cell(name) for name in head]]
    if die.chance(0.25):
        rows.insert(0, [Cell(die.pick(["주요 종목 현황", "분기별 실적", "지역별 집계"]), columns=len(head))])
    for _ in range(die.between(2, 6)):
        name = text.house(die)
        row = [
            Cell(f"{name}({text.ticker(name)})" if die.chance(0.3) else name),
            Cell(f"{die.between(1000, 99999):,}"),
            Cell(f"{'-' if die.chance(0.4) else ''}{die.between(0, 29)}.{die.between(0, 9)}%"),
            Cell("" if die.chance(0.5) else die.pick(words.TREND_NOUNS)),
        ]
        rows.append(row[: len(head)])
    if die.chance(0.25) and len(rows) >= 4:
        rows[-2][0].rows = 2
        del rows[-1][0]
    return Table(rows)
