"""The words by which news text shows that somebody speaks, wants, sets a condition or refuses. English only.

General lists, not made from any one text. A word that is more often a noun (`claim`, `support`) counts as a verb only in
forms that nouns do not have, or after a word like `will`.
"""

from __future__ import annotations

import re
from typing import Final


def word_set(text: str) -> frozenset[str]:
    """Make a set of the words of a text."""
    return frozenset(text.split())


SPEECH: Final = (
    "say says said; tell tells told; announce announces announced; declare declares declared; note notes noted; "
    "comment commented; remark remarked; insist insists insisted; stress stresses stressed; explain explains explained; "
    "argue argues argued; assert asserts asserted; reiterate reiterates reiterated; warn warns warned; confirm confirms "
    "confirmed; deny denies denied; acknowledge acknowledges acknowledged; admit admits admitted; concede concedes "
    "conceded; suggest suggests suggested; stated; added; claimed; reported; replied; responded; complained; indicate "
    "indicates indicated; signalled signaled; emphasise emphasises emphasised; emphasize emphasizes emphasized; underline "
    "underlines underlined; recall recalls recalled; repeated; cautioned; predicted; tweeted; testified; wrote; "
    "maintains maintained; conclude concludes concluded; quipped; countered; continued"
)
"""Verbs that introduce somebody's words."""

STANCE: Final = (
    "urge urges urged; demanded; appealed; requested; recommend recommends recommended; advise advises advised; voiced; "
    "expressed; describe describes described; characterise characterises characterised; characterize characterizes "
    "characterized; portray portrays portrayed; denounce denounces denounced; condemn condemns condemned; criticise "
    "criticises criticised; criticize criticizes criticized; slammed; decried; praise praises praised; welcome welcomes "
    "welcomed; applauded; accuse accuses accused; blamed; reject rejects rejected; refuse refuses refused; rebuff rebuffs "
    "rebuffed; dismiss dismisses dismissed; oppose opposes opposed; objected; resisted; vetoed; accept accepts accepted; "
    "agree agrees agreed; approve approves approved; endorse endorses endorsed; supports supported; backs backed; favour "
    "favours favoured; favor favors favored; advocate advocates advocated; want wants wanted; seek seeks sought; hopes "
    "hoped; intend intends; prefer prefers preferred; wishes wished; feared; doubted; questioned; believe believes "
    "believed; discuss discusses discussed; assess assesses assessed; propose proposes proposed; pledge pledged; promised; "
    "vowed; swore; threaten threatens threatened; asked; invite invites invited; envisage envisages envisaged; consider "
    "considers considered; regards regarded; plead pleaded; abandon abandoned"
)
"""Verbs that say what somebody wants, thinks, does with words, or talks about."""

SAYING: Final = (
    "saying telling adding warning calling insisting arguing claiming stressing declaring announcing accusing urging "
    "demanding rejecting denouncing describing suggesting proposing vowing pledging praising condemning "
    "commenting noting stating denying confirming"
)
"""Forms that go with a subject named elsewhere in the sentence."""

AFTER_WILL: Final = (
    "support back block oppose accept reject refuse agree approve allow permit demand consider tolerate veto welcome "
    "endorse join fund pay recognise recognize"
)
"""Said of somebody after `will`, `would` or `not`, these are positions."""

ADJECTIVES: Final = (
    r"open to|willing to|prepared (?:to|for)|ready (?:to|for)|amenable to|opposed to|committed to|reluctant to|"
    r"unwilling to|receptive to|in favou?r of|interested in|hostile to|(?:concerned|worried) (?:about|that|over|by)|"
    r"sceptical of|skeptical of|(?:confident|convinced|adamant|sure|afraid) that|determined to|evasive (?:on|about)"
)

CONDITIONS: Final = (
    r"only (?:if|when|with|after|on)\b|(?<!has )(?<!have )(?<!had )(?<!was )(?<!were )(?<!is )(?<!are )(?<!been )provided\b(?! by| for| with)|providing that|on (?:the )?condition\b(?! of anonymity)|as long as|"
    r"so long as|unless|subject to (?!attack|shelling|fire)|otherwise\b|in exchange for|in return for|"
    r"without (?:\w+['\u2019]?s?\s){0,3}(?:consent|permission|approval|agreement|coordination|co-ordination|authoris|authoriz)|"
    r"(?:will|would|may|might) require\b|(?:would|will) (?:be|constitute|amount to) an? (?:\w+ ){0,2}"
    r"(?:violation|breach|act of|infringement|aggression)|(?:must|ought to|shall) (?!have been|be the\b)|"
    r"should (?:be|not|decide|remain|include|have a|take|come|stay|leave|stop|never|allow|pay|lead|run)|"
    r"needs? to be \w+(?:ed|en)\b|(?:has|have) to be \w+(?:ed|en)\b|red line|non-negotiable|preconditions?"
)

NOUNS: Final = (
    r"(?:concerns?|fears?|doubts?|questions|objections?|criticisms?|accusations?|allegations?|warnings?|calls|demands)\s"
    r"(?:[\w']+\s){0,4}?(?:raised|expressed|voiced|remain|made|grow|grew|that|among)\b|"
    r"(?:his|her|its|their|whose) (?:refusal to|demand for|demand that|insistence on|call for|appeal for|rejection of)"
)

CALLS: Final = (
    r"call(?:s|ed)? (?:for|on|upon|it|them|the|a|an|his|her|their|its)\b|rul(?:es|ed) out|(?:is|are|was|were) against|"
    r"(?:was|were) (?:quoted|cited) (?:by [\w' ]{1,60} )?as saying|insisted on|spok(?:e|en) (?:out )?(?:against|in favou?r|of)|"
    r"(?:speaks|spoke|has spoken) of|made (?:it )?(?:clear|plain)|put forward|signed off on|set out|asks? (?:for|that)|"
    r"(?:claims?|states?|reports?|demands?|hopes?|fears?|doubts?|pledges|promises|vows?|requests?|predicts?) that\b|"
    r"(?:demands|pledges|promises|vows|threatens|hopes|plans|aims|intends) to\b"
)

BE: Final = word_set("is are was were be been being")
HELPERS: Final = BE | word_set(
    "has have had having will would may might could can cannot did does do not never no longer also again already "
    "earlier later now still then too once twice since just even have often always today yesterday meanwhile both all "
    "each there itself himself herself themselves"
)
"""Words that may stand between a subject and its verb."""

SEEMS: Final = word_set("appears appear appeared seems seem seemed likely said believed thought reported")
PRONOUNS: Final = word_set(
    "he she it they who we i you this that these those which one another others some many most few nobody everyone "
    "someone anyone what there both"
)
LINKS: Final = word_set(
    "and but or nor so yet as while whereas when because although though if since where after before that which who "
    "whom whose until unless than however meanwhile"
)
PREPOSITIONS: Final = word_set(
    "of in on at from for with by to about over under between among against during into near inside outside across "
    "through without within toward towards following after before behind amid despite including via"
)

SPEAKERS: Final = word_set(
    "minister ministry president premier chancellor king queen prince emir sultan sheikh government administration "
    "cabinet kremlin spokesman spokeswoman spokesperson spokespeople official officer statement communique report "
    "agency adviser advisor aide observer critic analyst expert diplomat opposition rebel insurgent militia militant "
    "fighter group council committee commission army military commander general admiral colonel leader leadership "
    "secretary ambassador envoy mediator source proponent opponent supporter backer resident witness activist "
    "campaigner lawyer party union alliance coalition community country state nation power delegation negotiator "
    "representative chief head director chair chairman chairwoman author writer newspaper broadcaster television "
    "channel media organisation organization office parliament congress senate senator lawmaker assembly court "
    "tribunal judge mayor governor refugee villager family elder doctor teacher worker charity donor side authority "
    "troika bloc regime monarch patriarch bishop imam cleric league federation mission people civilian woman man "
    "member team panel body doctor aide deputy ally neighbour neighbor capital lobby movement front brigade faction "
    "historian scholar researcher journalist reporter correspondent columnist editor teenager mother father student "
    "farmer trader shopkeeper prosecutor police investigator inspector coordinator co-ordinator staff volunteer "
    "communiqué secretariat assessment presidency foundation institute firm company bank fund agency's"
)
"""What the last word of a speaker may be if it is no name; the plural counts too."""

NOT_NAMES: Final = word_set(
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august "
    "september october november december islam christmas ramadan"
)
NOT_SPEAKERS: Final = re.compile(
    r"(?:tions?|ments?|ings?|ness|ities|fears|concerns|clashes|attacks|talks|hopes|doubts|tensions|plans?|zones?|wars?|"
    r"strikes?|areas?|efforts?|supplies|prices|convoys?|roads?|bridges?)$"
)
"""Endings of a word at the start of a sentence that is rather a thing than a name."""


def _either(words: str) -> str:
    return "|".join(
        sorted({re.escape(word) for word in words.replace(";", " ").split()}, key=len, reverse=True)
    )


VERB: Final = re.compile(
    rf"(?<![\w-])(?:(?P<speech>{_either(SPEECH)})|(?P<stance>{_either(STANCE)}|{CALLS}"
    rf"|(?<=will )(?:{_either(AFTER_WILL)})|(?<=would )(?:{_either(AFTER_WILL)})|(?<=not )(?:{_either(AFTER_WILL)})"
    rf"|(?<=never )(?:{_either(AFTER_WILL)}))"
    rf"|(?:is|are|was|were|been|be|remains?|remained|seems?)\s(?:[\w-]+\s){{0,2}}?(?P<adjective>{ADJECTIVES}))(?![\w-])"
)
"""A finite verb of speech or stance, or `is open to` and its like."""

PARTICIPLE: Final = re.compile(
    rf"(?<![\w-])(?:{_either(SAYING)})(?![\w-])|\bhaving (?:\w+ly )?(?:{_either(STANCE)})\b"
)
TELLS: Final = re.compile(
    r"(?<!was )(?<!were )(?<!is )(?<!are )(?<!been )\b(?:said|says|told|stated|declared|announced|warned|insisted)\b"
)
"""Speech beyond doubt, also where the rules cannot read whose."""
CONDITION: Final = re.compile(rf"\b(?:{CONDITIONS})", re.IGNORECASE)
NOUN: Final = re.compile(rf"\b(?:{NOUNS})", re.IGNORECASE)
ACCORDING: Final = re.compile(r"\baccording to\s", re.IGNORECASE)
FIRST_PERSON: Final = re.compile(
    r"\b(?:[Ww]e|[Oo]ur|us|ours|[Mm]y|me)\b|\bWere (?=going|not)|\b[Aa]nd were going\b|"
    r"(?<!War )(?<!Article )(?<!Phase )(?<!Annex )(?<!Part )(?<!Chapter )\bI(?=['\u2019]|\s[a-z])"
)
HEDGE: Final = re.compile(
    r"\b(?:perhaps|maybe|possibly|reportedly|apparently|presumably|could|might|it seems)\b", re.IGNORECASE
)

REFUSAL: Final = re.compile(
    r"\b(?:reject\w*|refus\w+|rebuff\w*|dismiss\w*|dismiss\w*|rul(?:es?|ed|ing) out|oppos(?:e|es|ed|ing)\b|object(?:s|ed|ing)\b|condemn\w*|denounc\w+|veto\w*|"
    r"violation|breach|never accept|not (?:accept|allow|permit|tolerate|agree|support)|unacceptable|against (?:the|any|such))\b",
    re.IGNORECASE,
)
SUPPORT: Final = re.compile(
    r"(?<!-)\b(?:support(?:s|ed)?|back(?:s|ed)|welcom\w+|endors\w+|favou?r\w*|agreed?|accept(?:s|ed)?|prepared to|ready to|"
    r"willing to|open to|amenable to|possible to|best way)\b",
    re.IGNORECASE,
)
WORRY: Final = re.compile(
    r"\b(?:concern\w*|fear(?:s|ed)?|doubt\w*|worr\w+|warn\w*|risk\w*|sceptical|skeptical)\b", re.IGNORECASE
)
OUGHT: Final = re.compile(r"\b(?:should|ought to|must)\b", re.IGNORECASE)
