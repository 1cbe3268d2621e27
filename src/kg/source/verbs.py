"""The verbs of the exchange lines: who travels, who receives, and what says that an act did not take place.

To extend the grammar, add a word to a row. A row is a part of a regular expression; blanks in it are optional.
"""

from __future__ import annotations

import re

VISITING = r"방문(?!단|객|자|의\s?해)"
CALLING_ON = r"(?<=[장사기회청을를임이가]\s)예방(?!\s?(?:접종|협력|활동|대책|교육|하기|캠페인))"
INSPECTING = (r"시찰(?!단)", r"견학(?!단)", r"벤치마킹", r"답사(?!단)")
PROMOTING = r"홍보(?!\s?(?:엽서|물|자료|관|대사|단|영상|책자))"
"""Verbs that are kinds of exchange too (``kg.source.words``)."""

FRAMES: dict[str, tuple[str, ...]] = {
    # the subject travels; the object, or what stands right before the verb, is visited
    "return": (r"답방(?!으로|차|\s?형식)",),
    "travel": (
        VISITING,
        CALLING_ON,
        r"순방",
        *INSPECTING,
        r"방청",
        r"(?:가지|오지)(?=\s?못)",
        r"찾(?:아|음|았)",
    ),
    # the verb itself names the country that the subject comes to
    "inbound": (r"(?<![가-힣])(?:방한|내한|내방)(?!복)", r"(?<=단|장|행)(?:방한|내한|내방)(?!복)"),
    "outbound": (r"(?<![가-힣])(?:방중|방일|방미|방몽|방불|방독|방호)(?![가-힣])",),
    # the subject stays and receives; the object travels
    "host": (
        r"접견",
        r"영접",
        r"맞이(?!\s?(?:한|하여))",
        r"환영(?!사)",
        r"(?:초청|초대)(?!장|\s?(?:서신|서한|친서|편지|공문|메시지|의사))",
        r"접대",
    ),
    # the subject sends people; the goal receives them
    "dispatch": (r"파견(?!단|\s?(?:공무원|직원|교사))",),
    # the subject gets what the other side sent
    "receive": (
        r"접수",
        r"수신",
        r"수령",
        r"인수(?!위)",
        r"입수",
        r"(?:전달|기증|증정|지원|제공|선물|기부|기탁|제의|제안|요청)(?:을|를)?\s?받[음아았은]",
        r"받[음아았](?!들)",
    ),
    # the subject sends things; the goal receives them
    "send": (r"발송", r"송부", r"회신", r"답신(?!\s?(?:발송|송부|접수|수신|전달))", r"전송", r"보[냄내낸]", r"발신"),
    "give": (
        *(rf"{word}(?!\s?(?:받|을\s?받|를\s?받))" for word in ("전달", "증정", "기증", "기부", "기탁", "선물", "제공")),
        r"지원(?!\s?(?:받|을\s?받|단|센터|방안|사업))",
        r"후원(?!\s?(?:받|을\s?받|회))",
        r"제의(?!\s?(?:받|를\s?받))",
        r"제안(?!\s?(?:받|을\s?받))",
        r"(?:수여|헌정)",
    ),
    # the subject goes to an event, or holds one somewhere
    "attend": (
        r"불?참석?(?=\s?(?:[(),\x1f]|$|함|하|했))",
        r"참석",
        r"참가",
        r"참관",
        r"참여",
        r"출전",
        r"관람",
        r"관전",
        r"축하(?!\s?(?:공연|사절|카드|서신|서한|전문|편지|메시지|영상|화환))",
        r"공연(?!단)",
        r"출품",
        r"특강",
        r"연수(?!단|구|생)",
        r"근무",
        PROMOTING,
        r"유치활동",
        r"전지훈련",
        r"개최",
    ),
    # both sides do it together
    "joint": (
        r"체결",
        r"조인",
        r"서명",
        r"교환",
        r"교류(?!단|회관|차|협력단|국)",
        r"결연",
        r"회의(?!소|실)",
        r"회담",
        r"면담",
        r"환담",
        r"간담(?:회)?",
        r"협의(?!회)",
        r"논의",
        r"경기(?!도|장|부|침체)",
        r"공동",
        r"합동",
        r"캠프",
        r"(?:축구|농구|탁구|바둑|친선|배드민턴|체육)\s?대회",
        r"상호",
    ),
}
"""The frame of each verb: which of the parties named with it goes where; an earlier row wins at one place."""

NO_ATTRIBUTE = (
    "방문|답방|방한|방중|내방|예방|접견|영접|초청|초대|파견|참가|참석|참여|참관|출전|접수|수신|발송|송부|전달|증정|기증|지원|체결|조인|교환"
    "|상호|개최|실시|열린|위한|관련|중인|시찰|견학|벤치마킹|축제|대회|박람회|페스티벌|행사|기념식|전시회|공연$|시설|현장|공원|소재|년|월|탄생"
    "|온라인|화상|영상|비대면"
)
"""What is no attribute of the people behind it: an act, an event or a site."""

PRIORITY = (
    ("travel", "return", "inbound", "outbound", "host", "dispatch"),
    ("send", "give", "receive"),
    ("attend",),
    ("joint",),
)
"""Where a line has several verbs: those of the first row that occurs decide the direction."""

STILL_OPEN = (
    r"(?:을|를|의|에\s?대한|하는|할|\s?관련)?\s?(?:협조\s?)?(?:요청|제의|제안|희망|의사|논의|협의|검토|준비|초청|초대"
    r"|일정|방안|문제|절차|계획안|의향|제정|기원|문의|안내|타진|약속|독려|권유)(?!서\s?체결|으로)"
)
"""Behind a verb: the act is only talked about."""

PARTICLES = (
    ("both", r"\s?(?:간(?![가-힣])|사이(?:의|에)?\s)"),
    (
        "host",
        (
            r"(?:\s?측)?(?:의|이|가)?\s?(?:공식\s?|특별\s?|정식\s?)?(?:초청|초대)"
            r"(?:으로|로(?!\s?보)|(?:을|를)?\s?받|에\s?(?:의|따|응|힘)|한(?=\s))"
        ),
    ),
    ("source", r"\s?(?:→|⇒|->)"),
    ("venue", r"(?:에서)\s?(?:열린|열리는|개최|주최|진행|거행|실시)|\s(?:내|현지|소재)(?=\s)|\s?소재(?=\s)"),
    ("none", r"에\s?(?:대한|대해|관한|따른|따라|위치)|(?:의|에)\s?(?:날)\s"),
    ("source", r"(?:\s?측)?(?:에서(?!는)|으?로부터|에게서|한테서)(?=[\s,]|$)"),
    ("goal", r"(?:\s?측)?(?:에게|께|에|으?로)(?=[\s,]|$)"),
    ("subject", r"[을를]\s(?:단장|대표|필두|선두|인솔자)(?:으로|로)"),
    ("object", r"(?:\s?측)?[을를](?=[\s,]|$)"),
    ("subject", r"(?:\s?측)?(?:이|가|은|는|도|께서는?|에서는)(?=[\s,]|$)|\s?측(?=[\s,])"),
    ("with", r"(?:\s?측)?(?:와|과|하고|이?랑)(?:의|는|도)?(?=[\s,]|$)"),
    ("genitive", r"(?:\s?측)?의(?=\s)"),
    ("topic", r"\s?(?:탄생|개청|창립)|\s(?:신임\s)?(?:취임|당선|선출|부임|재선|별세|생일)"),
    ("comma", r"\s?[,:]"),
)
"""What stands behind a party and gives it its role; the first that fits counts."""

STATUSES = (
    (
        "cancelled",
        (
            r"취소|무산|불발|중단|중지|거절|불허|생략|반려|폐지|"
            r"철회|파기|결렬|백지화|불참|불가능?|미\s?(?:방문|실시|개최|참석|참가|체결|이행|성사|파견|발송|시행|추진|접수)"
            r"|(?:지|을|를|은)?\s?(?:못\s?(?:함|하(?=였|고|며|여)|했|해|됨|되|갔|감|왔|옴|이룸|열림|열렸)"
            r"|않(?=음|았|기로|고|아|은)|아니함|안\s?(?:함|했|하였|감|옴|열림)|없(?=음|었음)|못하게\s?됨)|불성사|미성사|포기"
        ),
    ),
    ("postponed", r"(?:무기한\s?|잠정\s?|전면\s?)?(?:연기|보류|유보|순연|유예)|잠정\s?중단|미뤄[짐졌]|미룸"),
    (
        "planned",
        (
            r"예정|추진|계획|(?:하기로|키로)(?:\s?(?:함|하였음|했음|결정|합의|협의|확정|약속))?|할\s?것|갈\s?것|준비\s?중|협의\s?중|검토\s?중|조율\s?중|논의\s?중|기획\s?중|미정"
            r"|(?:할|갈|올|열)\s?(?:예정|계획|방침)|구상(?:\s?중)?|검토|준비|모색|타진|예고"
        ),
    ),
)
"""What says that an act did not take place, or not yet; the first status found in a line counts."""

_ENDING = (
    r"(?:하기로\s?(?:함|하였음|했음|결정|합의|협의|확정|약속)?|에\s?그침|에\s?그쳤음|이다|임|이?었?으?나|이던|됨|함|임|하였음|했음|되었음|됐음|되었고|되고|되어|돼|하고|하여|하였으나|했으나|되었으나|됐으나"
    r"|음|기로|되었다|됐다|였음|았음|하였고|졌음|짐|져|중(?:임|이며)?|을?\s?결정|을?\s?통보|을?\s?확정|으로\s?변경|으로|로\s?인하여)?"
)
_BOUNDARY = r"(?=\s?(?:[(),.;:→\-–~/】\]※]|$|\x1f|및\s|후\s?재추진|\d{4}))"
_LOOSE = r"(?=\s(?:화상|온라인|비대면|영상|서면|대체|코로나|일정))"
STATUS = re.compile(
    "|".join(
        rf"(?P<{name}>(?<!도시)(?<!사업)(?<!건축)(?:{words})(?:\s?중)?\s?{_ENDING}(?:{_BOUNDARY}|{_LOOSE}))"
        for name, words in STATUSES
    )
)
"""A status stands at the end of a clause; inside one the same words only describe something."""
RESUMED = re.compile(
    r"(?:취소|연기|중단|보류|유보|순연)(?:\s?(?:되었던|됐던|된|했던|하였던|되어\s?있던|끝에|후)|\s?이후)\s"
    r"(?=.*(?:재개|실시|개최|방문|이행|체결|참가|참석))"
)
"""What was put off once and did take place."""
SET_ASIDE = re.compile(
    r"[^,()]*?(?:취소|무산|불발|중단|연기|보류|제한|불가|(?:지|을|를)?\s?(?:못\s?하게\s?되어|못\s?하여|못해))"
    r"(?:에\s?따라|에\s?따른|에\s?따라서|되어|됨에\s?따라|로\s?인해|로\s?인하여|로\s?인한|으로\s?인해|으로\s?인한|에\s?대한|하고|되고|대신|를?\s?대신하여)\s"
)
"""A clause that says what did not happen, in front of what was done instead."""
INSTEAD = re.compile(r"대체|대신|서면|화상|온라인|영상|비대면")
"""What is done in place of a visit."""
ANSWERED = re.compile(
    r"[^,()]*?(?:에\s?대한|에\s?따른|에\s?대하여|의)\s?답(?:방|례)(?:으로|차|\s?형식으로|의\s?의미로)?"
)
"""The visit that is returned; it is told only as the reason of another."""
GROUP = re.compile(
    r"(?:단|일행|단체|학생|청소년|직원|공무원|선수|의원|팀|시민|주민|대표|회|관계자|어린이|교사|기자|연수생)(?:\s등)?$"
)
"""People who travel and are not called upon."""
SITE = re.compile(
    r"(?:시설|현장|공원|기관|학교|센터|거리|지역|사례|도서관|병원|박물관|기념관|단지|공장|마을|축제|행사)"
)
"""What can be visited in a municipality."""
INSTITUTION = re.compile(r"(?:학교|병원|대학|복지관|도서관|문화원|보건소|경찰서|소방서)$")
ORGANIZATION = (
    r"단체|연합회|체육회|부녀회|상인회|협회|협의회|상공회의소|상공회|새마을회|노인회|의사회|동호회|학생회|여성회|자원봉사센터"
    r"|문화원|복지관|대학교|대학|고등학교|중학교|병원|재단|공사|공단|기업|은행|조합|㈜|\(주\)|주식회사|연구원|언론사|신문사|방송국"
)
"""Whose documents are not those of the two municipalities."""
