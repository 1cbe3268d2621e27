"""The page's words and the notation of the SKOS concept that each stands for."""

from __future__ import annotations

import re

from kg.source.verbs import CALLING_ON, INSPECTING, PROMOTING, VISITING

BASES = {
    "상주인구": "resident",
    "거주인구": "resident",
    "호적인구": "registered",
    "등록인구": "registered",
    "주민등록인구": "registered",
}

COUNTRIES = frozenset(
    {
        "중국",
        "일본",
        "미국",
        "호주",
        "몽골",
        "대만",
        "홍콩",
        "마카오",
        "베트남",
        "태국",
        "라오스",
        "캄보디아",
        "미얀마",
        "필리핀",
        "인도네시아",
        "말레이시아",
        "싱가포르",
        "인도",
        "네팔",
        "스리랑카",
        "방글라데시",
        "파키스탄",
        "우즈베키스탄",
        "카자흐스탄",
        "키르기스스탄",
        "타지키스탄",
        "튀르키예",
        "터키",
        "이스라엘",
        "이집트",
        "모로코",
        "케냐",
        "에티오피아",
        "남아프리카공화국",
        "러시아",
        "우크라이나",
        "폴란드",
        "체코",
        "헝가리",
        "루마니아",
        "불가리아",
        "그리스",
        "이탈리아",
        "스페인",
        "포르투갈",
        "프랑스",
        "독일",
        "오스트리아",
        "스위스",
        "벨기에",
        "네덜란드",
        "룩셈부르크",
        "영국",
        "아일랜드",
        "덴마크",
        "스웨덴",
        "노르웨이",
        "핀란드",
        "캐나다",
        "멕시코",
        "과테말라",
        "코스타리카",
        "콜롬비아",
        "에콰도르",
        "페루",
        "브라질",
        "칠레",
        "아르헨티나",
        "파라과이",
        "우루과이",
        "뉴질랜드",
        "아랍에미리트",
    }
)
"""The countries that a heading may begin with; another is read too, and reported."""

UNIT_KINDS = {
    "가도": "street-office",
    "구": "district",
    "직할구": "district",
    "현급시": "county-level-city",
    "현": "county",
    "자치현": "autonomous-county",
    "시": "city",
    "진": "town",
    "향": "township",
    "동": "neighbourhood",
    "국가급경제기술개발구": "development-zone",
    "개발구": "development-zone",
    "구장": "district-head",
    "구청장": "district-head",
    "시장": "mayor",
    "현장": "county-head",
    "부구장": "deputy-district-head",
    "부구청장": "deputy-district-head",
    "부시장": "deputy-mayor",
    "상무부시장": "executive-deputy-mayor",
    "비서장": "secretary-general",
    "비서실": "secretariat",
    "판공실": "general-office",
    "국": "bureau",
    "부": "department",
    "위원회": "commission",
    "중심": "center",
    "센터": "center",
    "주민센터": "community-center",
}

INSTRUMENTS = {
    "협정": "agreement",
    "비망록": "memorandum",
    "양해각서": "memorandum-of-understanding",
    "MOU": "memorandum-of-understanding",
    "의향서": "letter-of-intent",
    "합의서": "agreement",
    "협약": "agreement",
    "공동선언": "declaration",
}

TOPICS = {
    "covid-19": r"코로나(?:19)?",
    "founding-of-seocho": r"서초구?\s?탄생",
    "agreement-anniversary": r"(?:우호|자매)(?:도시|결연)?\s?협정\s?(?:체결\s?)?(?:\d+주년\s?)?기념|결연\s?\d+주년",
    "yun-bong-gil": r"윤봉길",
    "new-year": r"신년|연하장",
    "tourism": r"관광|여행",
    "culture": r"문화|공연",
    "education": r"학교|학생|교육",
    "health": r"의료|보건|병원",
    "economy": r"투자|기업|경제|박람회",
    "administration": r"행정|민원",
    "council": r"의회|구의원|의장",
    "sports": r"월드컵|경기(?!도)|체육|축구",
}

NOT_DONE = r"(?!\s?(?:\d+\s?주년|기념|논의|협의|제안|제의|요청|관련|검토|방안|을\s위|\s준비\s))"
"""Behind a word such as ``체결``: what follows makes it no act of its own."""

_MATCHES = r"(?:체육|축구|농구|배구|탁구|테니스|배드민턴|태권도|바둑|게이트볼|친선)\s?대회"
_TAKEN_PART = r"(?=(?:에|을|를)?\s?(?:[^,()\x1f]{1,25}\s)?(?:참석|참가|참여|관람|참관|출품|개최|출연|불참|운영))"
_RELIEF = r"(?:성금|의연금|마스크|방역|구호|방호복|의료|위문|재난|긴급|피해|복구|이재민|지진|수해|홍수)"
KINDS = (
    (
        "visit",
        (
            rf"{VISITING}|답방(?!으로|차|\s?형식)|순방|(?<![가-힣])(?:방한|방중|방일|방미|방몽|내방|내한)(?!복)|(?<=[단장행])(?:방한|내방|내한)(?!복)"
            rf"|{CALLING_ON}|접견|영접"
            r"|(?:단|장|일행)(?:을|를)?\s(?:[^,()\x1f]{0,10}\s)?(?:초청|초대)(?=\s?(?:함|하였|했|[(),\x1f]|$|취소|연기|예정|보류|무산|계획|추진|불발|중단))"
            r"|(?:대표단|방문단|사절단|축하단|예술단|공연단)(?:을|를)?\s(?:[^,()\x1f]{0,15}\s)?파견"
        ),
    ),
    (
        "signing",
        (
            rf"(?:체결|조인){NOT_DONE}|(?:의향서|협정서?|협약서?|양해각서|비망록|MOU|합의서)(?:에|를|을)?\s?(?:교환|서명){NOT_DONE}"
            r"|(?:협약|협정|조인|체결|서명)식|(?:업무협약|협약|협정)(?=\s?(?:[(\x1f]|$))"
        ),
    ),
    (
        "letter",
        r"서신|친서|서한|답신|회신|편지|축전|위로전|(?:축하|위로)\s?(?:메시지|전문)(?=을?를?\s?(?:발송|접수|전달|송부|수신))",
    ),
    ("greeting-card", r"연하장|신년\s?(?:축하\s?)?카드"),
    (
        "information-material",
        r"소개\s?자료|소개\s?도서|홍보물|책자|도서(?=\s?\d|(?:를)?\s?(?:수신|발송|기증|증정|전달|교환))",
    ),
    ("congratulation", r"축하(?!\s?(?:공연|행사|사절|카드|단|화환))|축전"),
    ("ceremony", rf"(?:기념식|제막식|개막식|개관식|준공식|취임식|폐막식|개청식|기념행사|행사){_TAKEN_PART}"),
    ("fair-or-festival", rf"(?:박람회|축제|페스티벌|엑스포|전시회|영화제|박람|교역회|특산물전){_TAKEN_PART}"),
    ("investment-promotion", r"투자\s?설명회|유치활동|투자\s?유치"),
    (
        "staff-exchange",
        r"교환\s?근무|파견\s?근무|(?:직원|공무원)\s?(?:상호\s?)?(?:파견|교류|교환)|(?:직원|공무원)(?:을|를)?\s?(?:\(?\d+\s?[명인]\)?)?(?:을|를)?\s?[^,()\x1f]{0,20}?파견|파견\s?(?:직원|공무원)",
    ),
    ("publicity", PROMOTING),
    ("inspection", "|".join(INSPECTING)),
    ("proposal", r"제의|제안"),
    (
        "sports-event",
        rf"경기(?!도|장|침체|부양|북부|남부)(?=(?:에|을|를)?\s?(?:관전|참가|참석|참여|출전|개최|실시|[(\x1f]|$))|친선\s?경기|마라톤|배\s?(?:[가-힣]{{2,6}}\s?)?대회|(?:체육|축구|농구|야구|탁구|배드민턴|바둑)\s?교류전|{_MATCHES}(?!\s?관련)",
    ),
    (
        "aid",
        rf"{_RELIEF}(?:(?!서신|서한|친서|편지|전문|메시지)[^,()\x1f]){{0,25}}?(?:지원|전달|기증|발송|제공|기부|송부|기탁|수령|접수|교환|보[냄내낸])(?!\s?(?:방안|요청))",
    ),
    (
        "gift",
        r"(?:증정|기증|선물)(?!식)|(?:기념품|예술품|작품|공예품|특산품|감사패)(?:을|를)?\s?(?:전달|교환|수령|접수|발송)",
    ),
    (
        "meeting",
        r"(?:화상|온라인|영상|비대면|실무|업무|원격)\s?(?:회의|간담회|회담|면담|협의)|(?:화상|온라인|영상|비대면|원격)\s?(?:[^,()\x1f]{1,12}\s)?(?:교류회|회의|간담회|대화)|간담회|회담|면담|환담|포럼|세미나|심포지엄",
    ),
)
"""The acts that make an exchange's kinds; where two begin at one place, the earlier row is meant."""

OFFICES = frozenset(UNIT_KINDS[word] for word in ("구장", "시장", "현장", "부구장", "부시장", "상무부시장", "비서장"))
DIRECT_MUNICIPALITIES = frozenset({"북경시", "상해시", "천진시", "중경시", "베이징시", "상하이시", "톈진시", "충칭시"})
"""The Chinese cities that belong to no province."""

RECEIVED = r"접수|수신|수령|(?:전달|기증|증정|지원|제공)(?:을|를)?\s?받[음아]|받[음아]"
SENT = r"(?:발송|송부|회신|전달|답신|증정|기증|보냄)(?!\s?(?:을\s)?(?:받|식))"

_INSTRUMENT = re.compile("|".join(sorted(INSTRUMENTS, key=len, reverse=True)))


def instrument(text: str) -> str | None:
    """Return the notation of the instrument that a title names last.

    >>> instrument("우호도시 협정 의향서")
    'letter-of-intent'
    """
    found = _INSTRUMENT.findall(text)
    return INSTRUMENTS[found[-1]] if found else None
