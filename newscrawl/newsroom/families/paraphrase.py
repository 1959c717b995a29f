"""The same sentence in other words: what another reporter does to a line of plain prose. Quotes and figures stay."""

from __future__ import annotations

import re

from newscrawl.newsroom.dice import Dice

SAME = [
    group.split("|")
    for group in (
        "말했다|밝혔다|설명했다|전했다|강조했다", "내놨다|선보였다|제시했다", "마련했다|준비했다|만들었다", "공개했다|발표했다|내보였다", "확정했다|결정했다|못 박았다",
        "미뤘다|늦췄다|연기했다", "손질했다|고쳤다|다듬었다", "추진했다|밀어붙였다|진행했다", "검토했다|따져 봤다|들여다봤다", "승인했다|허가했다|받아들였다",
        "점검했다|살펴봤다|확인했다", "도입했다|들여왔다|적용했다", "줄였다|축소했다|깎았다", "늘렸다|확대했다|키웠다", "의결했다|통과시켰다|가결했다", "보류했다|덮어 뒀다|유보했다",
        "배포했다|나눠 줬다|돌렸다", "앞당겼다|서둘렀다|당겨 잡았다", "제출했다|접수했다", "채택했다|골랐다|뽑아 들었다", "지적했다|꼬집었다|짚었다", "내다봤다|전망했다|예상했다",
        "내놓을 예정이다|발표할 계획이다|내놓기로 했다", "마련할 계획이다|만들 방침이다|세우기로 했다", "공개하기로 했다|밝힐 예정이다|내보이기로 했다", "다시 논의한다|재논의한다|한 번 더 다룬다",
        "축소할 가능성이 있다|줄일 수 있다|줄어들 여지가 있다", "서두를 방침이다|속도를 낼 계획이다", "단계적으로|차례로|순차적으로", "뚜렷하게|눈에 띄게|확연히", "조심스럽게|신중하게|조심조심",
        "예상보다 빠르게|생각보다 일찍", "꾸준히|지속적으로|쉼 없이", "한꺼번에|동시에|일제히", "서서히|천천히|점차", "큰 폭으로|대폭|크게", "공동으로|힘을 합쳐|함께", "우선적으로|먼저|가장 먼저",
        "잇따라|연이어|줄줄이", "시범적으로|시험 삼아", "현장에서|바로 그 자리에서", "전날|하루 전", "지난달|전월", "올해 들어|연초 이후", "같은 기간|동일 기간에", "앞서|이에 앞서", "오전 회의에서|오전에 열린 회의에서",
        "이에 따라|따라서|그 결과", "다만|하지만|그러나", "한편|이런 가운데", "특히|그중에서도", "아울러|이와 함께|또", "결국|끝내", "여기에|이에 더해", "실제로|실제",
        "나타났다|조사됐다|집계됐다|파악됐다|확인됐다", "수요가 줄면서|수요 감소로", "원가 부담이 커지자|원가 부담 탓에", "경쟁이 치열해지면서|경쟁 심화로", "인력이 부족한 탓에|일손이 모자라",
        "규제가 풀리면서|규제 완화로", "재고가 쌓이면서|재고 증가로", "관심이 몰리자|눈길이 쏠리자", "금리가 오르면서|금리 인상으로", "민원이 이어지자|잇단 민원에", "계약이 미뤄지면서|계약 지연으로",
        "시설이 낡은 탓에|시설 노후로", "협상이 길어지면서|협상 장기화로", "의견이 갈린다|의견이 나뉜다|목소리가 엇갈린다", "수 있다고 본다|수 있다고 내다본다|수 있다는 시각이다", "이어지자|계속되자", "기자들과 만나|취재진에게",
        "눈길을 끌었다|관심을 모았다|시선을 붙들었다", "둘러싼|놓고 불거진", "거론하며|언급하며", "주문이 많다|요구가 잇따른다|목소리가 높다", "자료를 보면|자료에 따르면|자료를 살펴보면", "움직였다|바뀌었다",
        "찾았다|방문했다|다녀갔다", "따라야 한다는|뒷받침돼야 한다는", "열린|개최된", "참석해|자리해|참여해", "의 설명이다|의 얘기다|의 전언이다", "함께 거론된 배경이다|나란히 입에 오른 까닭이다", "판단은 달랐다|생각은 달랐다|견해는 달랐다",
        "엇갈린 이유다|다르게 나온 까닭이다", "말이 나왔다|이야기가 돌았다", "쓰고, 남은|쓴 뒤 나머지", "숨지고|사망하고|목숨을 잃고", "다쳤다|부상했다", "불이 나|화재가 발생해",
        "것으로 알려졌다|것으로 전해졌다", "계획이다|방침이다|예정이다", "이끌었다|끌어올렸다",
    )
]  # fmt: skip
"""Words that may stand for each other with whatever follows them."""
QUOTED = re.compile(r'("[^"]*"|“[^”]*”)')
SAYS = re.compile(r'([가-힣 ·]{2,24}[은는]) (".{8,}")(고|며) ([가-힣 ]{2,12}다\.)')
"""누구는 "…"고 말했다."""
SAYS_AFTER = re.compile(r'(".{8,}")고 ([가-힣 ·]{2,24}[은는]) ([가-힣 ]{2,12}다\.)')
STARTS = re.compile(
    r"(?:이에 따라|다만|한편|반면|특히|실제로|이와 함께|여기에|결국|이 때문에|무엇보다|그러나|아울러|더구나) "
)
LINKED = re.compile(
    r"(?:물론|그럼에도|한편|이를 두고|바꿔 말하면|따지고 보면|이번 조치로|앞서|또|이런 가운데|아울러|특히|실제로|이와 함께) "
)
"""A sentence that begins with a linking word takes no other one."""
STARTING = ("한편 ", "이와 함께 ", "특히 ", "아울러 ", "실제로 ", "앞서 ", "또 ", "이런 가운데 ")
TIMES = re.compile(
    r" (이날|전날|지난달|올해 들어|최근|이번 주|다음 달|올 하반기|지난해 말|주말 사이|같은 기간|사흘 동안) "
)
PAST = 20  # the final ㅆ of 했, 됐, 났


def otherwise(die: Dice, shown: str, most: int = 4) -> str:
    """The sentence in other words: at least one change, up to `most` of its words, now and then also its order."""
    turned = _turned(die, shown) if die.chance(0.5) else shown
    out = _swapped(die, turned, die.between(1, most))
    if out == shown:
        out = _turned(die, shown)
    return _linked(die, shown) if out == shown else out


def touched(die: Dice, shown: str) -> str:
    """The sentence with a word or two for others, if it has such; its order stays."""
    return _swapped(die, shown, 2)


def merged(one: str, other: str) -> str | None:
    """Two sentences as one (… 밝혔고 …); None where the first does not end in a plain past."""
    if not one.endswith("다.") or len(one) < 4 or not "가" <= one[-3] <= "힣" or (ord(one[-3]) - 0xAC00) % 28 != PAST:
        return None
    return f"{one[:-2]}고 {STARTS.sub('', other, count=1) if STARTS.match(other) else other}"


def _turned(die: Dice, shown: str) -> str:
    """Another order: the speaker behind the quote or before it, the time at the front, a linking word gone or new."""
    if match := SAYS.fullmatch(shown):
        return f"{match[2]}{match[3] if match[3] == '고' else '라고'} {match[1]} {match[4]}"
    if match := SAYS_AFTER.fullmatch(shown):
        return f"{match[2]} {match[1]}고 {match[3]}"
    if match := STARTS.match(shown):
        return shown[match.end() :]
    if match := TIMES.search(QUOTED.sub("", shown)):
        return f"{match[1]} {shown.replace(match[0], ' ', 1)}"
    return _linked(die, shown) if die.chance(0.3) else shown


def _linked(die: Dice, shown: str) -> str:
    """The sentence with another linking word at its beginning; one that has one loses it."""
    if match := LINKED.match(shown):
        return shown[match.end() :]
    return f"{die.pick(STARTING)}{shown}"


def _swapped(die: Dice, shown: str, most: int) -> str:
    """Up to so many words for others that mean the same, none of them in a quote."""
    parts = QUOTED.split(shown)
    places = [
        (part, word, group)
        for part in range(0, len(parts), 2)
        for group in SAME
        for word in group
        if _stands(word, parts[part])
    ]
    die.shuffle(places)
    for part, word, group in places[:most]:
        if _stands(word, parts[part]):
            parts[part] = parts[part].replace(word, die.pick([one for one in group if one != word]), 1)
    return "".join(parts)


def _stands(word: str, shown: str) -> bool:
    """Whether a word stands in a text as a word of its own, not as a part of another, nor as the name of a {value}."""
    at = shown.find(word)
    if at < 0 or shown[at + len(word) : at + len(word) + 1].isalnum():
        return False
    return at == 0 or not (shown[at - 1].isalnum() or shown[at - 1] == "{") or word.startswith("의 ")
