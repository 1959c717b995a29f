"""Chinese and English prose from templates, for the wire's foreign services."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from .dice import Dice

SLOT = re.compile(r"\{(\w+)\}")


# Parts of invented names: companies and people in Latin letters, people in Chinese characters.
HOUSE_PARTS = (
    "Dal On Byeol Sae Mir Cheong Nu Ara Hae Sol Bit Da Ga Ye Tae Ru Mo".split(),
    "moa saem bit bom dam sol ri ram oreum gyeol nuri teo chan maru ip".split(),
    "Robotics Battery Foods Shipping Pharma Games Rail Steel Optics Dairy Textiles Seafood Biologics Ceramics Airways Paper".split(),
)
ROMAN = (
    "Kim Park Lee Choi Jung Kang Yoon Han Oh Seo Shin Kwon Ahn Song Ryu Hong Jeon Moon Bae Baek".split(),
    "Ra Seo Ha On Da Min Ji Tae Yeon Jin Eun Hyo Gyu Bo Cha Si Woo Ye".split(),
    "on dam byeol yu in sol an rin woo ha seok mi kyung ra hee won jae".split(),
)
HANZI = (
    "金 朴 李 崔 郑 姜 尹 韩 吴 徐 申 权 安 宋 柳 洪 全 文 裴 白".split(),
    "秀 宰 恩 道 夏 志 瑞 民 多 世 有 泰 智 贤 艺 俊".split(),
    "敏 允 率 贤 恩 宇 妍 浩 彬 真 利 雅 勋 珍 熙 京".split(),
)


@dataclass(frozen=True, slots=True)
class Tongue:
    """A small grammar: word lists by slot, and what is built of them."""

    slots: dict[str, Sequence[str]]
    sentences: Sequence[str]
    titles: Sequence[str]
    joint: str

    def fill(self, die: Dice, template: str) -> str:
        """One text of a template."""
        return SLOT.sub(lambda match: self._word(die, match[1]), template)

    def _word(self, die: Dice, slot: str) -> str:
        if slot == "n":
            return str(die.between(2, 980))
        if slot == "house":
            first, second, trade = (die.pick(part) for part in HOUSE_PARTS)
            return f"{first}{second} {trade}"
        if slot == "name":
            return f"{die.pick(ROMAN[0])} {die.pick(ROMAN[1])}-{die.pick(ROMAN[2])}"
        if slot == "hanzi":
            return "".join(die.pick(part) for part in HANZI)
        if slot == "p":
            return f"{die.between(1, 89)}.{die.between(1, 9)}%"
        return die.pick(self.slots[slot])

    def paragraph(self, die: Dice) -> str:
        """Two to four sentences."""
        lines = (self.fill(die, die.pick(self.sentences)) for _ in range(die.between(2, 4)))
        return self.joint.join(line[0].upper() + line[1:] for line in lines)

    def title(self, die: Dice) -> str:
        """A headline."""
        return self.fill(die, die.pick(self.titles))


CHINESE = Tongue(
    slots={
        "who": "韩国海洋振兴院|首尔市议会|国土政策协会|釜山港务联盟|半岛旅游发展会|青年文化基金|济州岛农业团体|新能源汽车联合会|仁川机场运营团|光州创业园|大田科学馆|蔚山造船协会".split("|"),
        "role": "代表|院长|部长|教授|市长|研究员|会长|议员|发言人|局长".split("|"),
        "thing": "泡菜标准|地铁延伸|外籍船员|雨水利用|赛事转播权|跨海大桥|儿童医院|海上风电|传统韩屋|机器人配送|出口订单|免签政策|物流园区|电池材料|文化展览|冬季庆典|海产品贸易|人工智能课程|低空经济|医疗观光|留学生宿舍|跨境支付|港口罢工|气候基金|稻米收购|高速铁路|动漫版权|智能工厂".split("|"),
        "when": "当天|上月底|今年以来|近日|本周三|下半年|前一日|三季度|清晨|春节前".split("|"),
        "verb": "公布|推进|重新讨论|暂缓|扩大|试行|签署|调整|评估|叫停|支持|移交".split("|"),
        "plan": "听证结果|招标文件|应急预案|票价方案|捐赠清单|交换名额|实施方案|合作备忘录|补贴标准|调查报告|时间表|安全指南|采购合同|人才计划|价格机制|监管细则|改造项目|联合声明".split("|"),
        "state": "仍需时间检验|超出市场预期|不能只看数字|关键在于执行|双方受益|前景并不明朗|机会大于挑战|应当尽早准备|信任最为重要|成本已经见顶".split("|"),
        "why": "受需求回暖影响|由于成本上升|随着游客增加|因台风来袭|在汇率波动之下|为缓解拥堵|考虑到民众意见|随着谈判破裂".split("|"),
        "place": "首尔|釜山|济州|仁川|大邱|光州|江陵|全州|水原|丽水".split("|"),
    },
    sentences=(
        "{who}{when}在{place}{verb}了{thing}{plan}。",
        "{why}，{thing}较去年同期变化{p}，涉及{n}家企业。",
        "{hanzi}{role}表示：“{thing}{state}。”",
        "{who}相关人士称，{plan}将于{when}之后{verb}。",
        "{place}与{place}的{thing}合作项目达到{n}个，{state}。",
        "另据{who}统计，{thing}占比为{p}，{why}有所起伏。",
        "{hanzi}{role}{when}访问{place}，就{plan}听取意见。",
        "分析认为，{why}，{who}可能{verb}{plan}。",
        "{thing}带动{place}就业{n}人，{hanzi}{role}称之为“{state}”。",
        "{place}市民{hanzi}说，{thing}{state}。",
        "{when}，{n}名代表围绕{thing}展开讨论。",
        "{why}，{place}{when}{verb}{plan}。",
    ),
    titles=("{who}{verb}{thing}{plan}", "{place}{thing}增长{p}", "{hanzi}{role}：{thing}{state}", "韩{thing}{state} {n}家企业参与"),
    joint="",
)  # fmt: skip

ENGLISH = Tongue(
    slots={
        "body": "the harbor board|the rail agency|the fisheries panel|the housing council|the growers union|the weather office|the county court|the teachers guild|the antitrust desk|the city archive|the customs bureau|the nursing league|the transit police|the opera trust|the audit chamber|the space center".split("|"),
        "role": "chief executive|senior analyst|deputy mayor|union leader|head coach|spokesperson|lead engineer|trade professor|curator|pediatrician|shipbroker|novelist|prosecutor|farm manager|goalkeeper|economist".split("|"),
        "thing": "battery orders|night trains|export credits|museum admissions|container rates|rice prices|game releases|carbon permits|clinic staffing|chip substrates|winter tourism|school lunches|coastal defenses|rental deposits|drone licenses|oyster harvests|bond auctions|subway fares|film subsidies|ginseng exports|flood insurance|stadium leases|water rights|visa waivers|ferry routes|patent fees|organ transplants|apple blight|solar tariffs|library hours".split("|"),
        "when": "on Friday|earlier this week|late last month|in the third quarter|over the weekend|before the holiday|by midnight|since spring|within a year|at dawn|after the recess|during the summit|on short notice|for a second day".split("|"),
        "verb": "approved|delayed|widened|questioned|published|withdrew|renewed|trimmed|defended|rewrote|shelved|doubled|auctioned|leaked|praised|blocked|reopened|halved".split("|"),
        "plan": "a pilot program|an emergency budget|a draft agreement|the annual survey|a recovery schedule|the bidding rules|a staffing plan|its pricing formula|a safety notice|the joint fund|an export waiver|a merger filing|the zoning map|a strike ballot|an apology|the rescue package|a loan guarantee|the seating chart|a patent claim|the curfew".split("|"),
        "state": "still far from settled|better than feared|a matter of patience|harder than it looks|ready for a second test|too early to call|within reach|mostly a question of trust|beyond repair|cheaper than waiting|the envy of neighbors|a lesson in humility|nobody's fault|worth the noise|stuck in committee|quietly improving".split("|"),
        "why": "as demand cooled|after costs rose|while talks dragged on|because storms closed the port|as visitors returned|with the won under pressure|after voters objected|while suppliers waited|as snow melted early|because nurses walked out|after a software fault|with elections looming|as rivals cut prices|though rain was forecast|despite a court order|since credit dried up".split("|"),
        "place": "Seoul|Busan|Jeju|Incheon|Daegu|Gwangju|Gangneung|Jeonju|Suwon|Yeosu|Andong|Pohang|Sejong|Mokpo|Tongyeong|Chuncheon".split("|"),
        "mood": "skeptics|shareholders|parents|local vendors|opposition lawmakers|commuters|young renters|retired captains|patients|investors abroad|organizers|rank-and-file members".split("|"),
        "act": "shrugged|cheered|filed complaints|asked for patience|demanded numbers|stayed home|lined up early|walked away|kept quiet|signed petitions|sold their stakes|wrote to lawmakers".split("|"),
    },
    sentences=(
        "{house} {verb} {plan} for {thing} {when}, {why}.",
        "{name}, a {role}, called {thing} {state}.",
        "Around {place}, {thing} moved {p} {why}.",
        '"{thing}? {state}," {name} told {house} {when}.',
        "{n} firms joined {plan}, and {body} {verb} it {when}.",
        "{mood} {act} {when}.",
        "{why}, {body} {verb} {plan}.",
        "{n} {mood} from {place} want {thing} added to {plan}.",
        "{house} and {house} share {thing} worth {n} billion won.",
        "{mood} in {place} {act} {why}.",
        "For {name} of {house}, {plan} is {state}.",
        "{thing} fell to {n} from {n}, a drop of {p}.",
    ),
    titles=("{house} {verb} {plan} {why}", "{place} {thing} shift {p} {why}", "{name} calls {thing} {state}", "{place}: {mood} split over {thing}, {n} firms wait"),
    joint=" ",
)  # fmt: skip
