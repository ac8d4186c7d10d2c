"""Furniture: the paragraphs of a scraped page that are not the article, found by rule.

Every rule is one row of :data:`LINE_RULES`, or a function (:func:`repeated_title`, :func:`related_list`)
where a single line is not enough to tell. All of them are about *lines* (a paragraph of
:func:`annotator.core.text.paragraphs`) and all are wary: a line longer than a rule's limit is never its
furniture, because taking a real paragraph from the annotator is worse than leaving a teaser in.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence

from msgspec import Struct

from annotator.core.model import Fragments

_SITES = (
    r"(?:twitter|x|facebook|instagram|whats ?app|telegram|youtube|linkedin|tiktok|threads|mastodon|bluesky"
    r"|google news|flipboard|pinterest|reddit|viber|signal|discord|koo|arattai)"
)
_PICTURE = (
    r"(?:File (?:photo|image|picture)|Photo(?:graph)?s?|Images?|Pictures?|Pics?|Illustrations?|Graphics?"
    r"|Screenshot|Screen grab|Cartoon|Map)"
)
_PICTURE_AGENCIES = (
    "Getty Images",
    "Getty",
    "Shutterstock",
    "Alamy",
    "Alamy Stock Photo",
    "iStock",
    "iStockphoto",
    "Unsplash",
    "Pixabay",
    "Pexels",
    "Wikimedia Commons",
    "Flickr",
    "AP Photo",
    "EPA-EFE",
)
_NEWS_AGENCIES = ("AFP", "Reuters", "REUTERS", "Anadolu", "AP", "EPA", "Bloomberg")
_TITLE_LIKE_LENGTH = 200
_NEAR_THE_TOP = 6
"""How many lines with text count as the top of a page."""


type Line = tuple[int, int, str]
"""One line of the article: its half-open code point range, and its text without outer whitespace."""


_BEHIND = ").]!|*-–— "
"""What may stand behind the end of a line."""


class LineRule(Struct, frozen=True):
    """Lines of at most ``limit`` code points that ``pattern`` matches from their start are furniture."""

    name: str
    reason: str
    limit: int
    pattern: re.Pattern[str]
    begins: tuple[str, ...] = ()
    """If given, a line that begins with a letter cannot match unless it begins with one of them; case does
    not count."""
    marks: tuple[str, ...] = ()
    """If given, a line without any of them cannot match."""
    ends: tuple[str, ...] = ()
    """If given, a line that ends with none of them cannot match, dots and the like behind them aside.
    All three are much faster to see than by the pattern."""

    def takes(self, line: str) -> bool:
        """Whether a line (outer whitespace removed) is this rule's furniture."""
        if len(line) > self.limit or (self.ends and not line.rstrip(_BEHIND).endswith(self.ends)):
            return False
        for mark in self.marks:
            if mark in line:
                break
        else:
            if self.marks:
                return False
        return self.pattern.match(line) is not None


def _rule(
    name: str, reason: str, limit: int, begins: str, pattern: str, ends: tuple[str, ...] = ()
) -> LineRule:
    beginnings = tuple(begins.split())
    return LineRule(name, reason, limit, re.compile(pattern, re.IGNORECASE), beginnings, ends=ends)


def _picture_rule(
    name: str, reason: str, limit: int, begins: str, pattern: str, **more: tuple[str, ...]
) -> LineRule:
    """A rule that minds the case: “Image: X” is a credit, “the image: a car on fire” a sentence."""
    return LineRule(name, reason, limit, re.compile(pattern), tuple(begins.split()), **more)


_BULLET = r"[^\w\"'“”‘’«(]{0,3}"
"""Ornaments before a teaser; no quotation mark, behind which a real paragraph may start."""

LINE_RULES: tuple[LineRule, ...] = (
    _rule(
        "teaser",
        "Links to other articles set between paragraphs: “Also Read: …”, “See also: …”, “RELATED | …”.",
        220,
        "also must next please read see watch listen more related recommended don in editor",
        rf"{_BULLET}(?:(?:also|must|next|please),? (?:read|see|watch)"
        r"|(?:read|see|watch|listen) (?:also|next|more|here)|more (?:on this|to read|stories)"
        r"|related|recommended|don['’]t miss|in case you missed it|editor['’]s picks?)"
        r"(?: (?:news|articles?|stor(?:y|ies)|posts?|reading|videos?|here))?\s*(?:[:|>»–—]|- |$)"
        rf"|{_BULLET}(?:read|watch|listen|in (?:pics|photos|pictures))\s*[:|]",
    ),
    _rule(
        "read more",
        "The link to the rest of a text or to more of its kind: “Read more”, “Read the full story here”.",
        120,
        "continue read",
        rf"{_BULLET}(?:continue reading|read (?:more|on|(?:the )?full (?:story|article|report|text)))\b"
        r"(?: (?:about|at|here|in|on|from)\b[^.!?]{0,90})?\W{0,3}$",
    ),
    _rule(
        "join us",
        "Invitations to a group or channel: “Join our Telegram channel for updates”.",
        140,
        "click please join",
        rf"{_BULLET}(?:click (?:here )?to |please )?join\b(?=.*\b(?:our|us|{_SITES})\b)"
        r".{0,60}\b(?:group|channel|community|communities|page)\b[^.,]{0,40}+\W*+$",
    ),
    _rule(
        "follow us",
        "Invitations to follow the publisher on another site.",
        160,
        "you also follow like find connect stay",
        rf"{_BULLET}(?:you can )?(?:also )?"
        r"(?:follow|(?:like|find|connect with|stay connected with) (?:us|our))\s"
        rf".{{0,60}}\bon\b.{{0,25}}\b{_SITES}\b[^.]{{0,80}}+\W*+$",
    ),
    _rule(
        "related heading",
        "The heading of a list of other articles; what follows is judged by `related_list`.",
        60,
        "related recommended more latest trending popular top other similar most you read up "
        "what around from",
        r"(?:related|recommended|more|latest|trending|popular|top|other|similar|most read|most popular)"
        r" (?:news|articles?|stor(?:y|ies)|posts?|topics?|content|reading|coverage|links|videos?|headlines)"
        r"(?: from\b.{0,30})?\W{0,2}$"
        r"|(?:you (?:may|might) (?:also )?(?:like|be interested in)|recommended for you|trending(?: now)?"
        r"|most (?:read|popular)|read next|up next|what to read next|around the web|from our partners)"
        r"\W{0,3}$",
    ),
    _picture_rule(
        "caption with credit",
        "A picture's caption that ends in its credit: “A school in Milan. Image: Friedrichstrasse.”",
        320,
        "",
        rf"(?:.*[\w.!?)\]”\"'’]\s+)?[(\[]?{_PICTURE}(?: (?:credit|courtesy|source|by|from))?\s*[:©]\s*"
        r"[A-Z0-9@©À-Þ][^.:;!?]{1,70}[.)\]]{0,2}$",
        marks=(":", "©"),
    ),
    _picture_rule(
        "picture credit",
        "A line that only names a picture's source: “(Photo by Ana Ruiz)”, “AP Photo/J. Doe”, “Credit: X”.",
        120,
        "file photo image pic illustration graphic screen cartoon map credit ap afp reuters epa "
        "pti ani represent",
        rf"[(\[]?(?:{_PICTURE}(?: ?[|/]| (?:by|credits?|courtesy|source|copyright|via)\b)"
        r"|Credits?(?: to)?\s*:"
        r"|(?:AP|AFP|Reuters|REUTERS|EPA|PTI|ANI)(?: ?/ ?(?=[A-Z])| (?:file )?[Pp]hotos?\b)"
        r"|(?:Representative|Representational|File) (?:image|picture|photo)\b)"
        r"(?:[^.]|\b[A-Z]\.){0,90}[)\]]?$",
    ),
    _picture_rule(
        "picture agency",
        "A caption that ends in a picture agency: “… in Doha. Ana Ruiz/Getty Images”. News agencies only "
        "after a slash: “(Reuters)” ends real paragraphs.",
        220,
        "",
        rf"(?:.*(?:[/|(–—]| - |\bvia )\s*)?(?:{'|'.join(_PICTURE_AGENCIES)})[)\]]?\.?$"
        rf"|.*\w ?/ ?(?:{'|'.join(_NEWS_AGENCIES)})[)\]]?\.?$",
        ends=(*_PICTURE_AGENCIES, *_NEWS_AGENCIES),
    ),
    _rule(
        "advertisement",
        "Where an advertisement stood.",
        80,
        "ad sponsored promoted story article scroll",
        r"\W{0,3}(?:advertisements?|adverts?|advertorial|sponsored(?: content| by\b.{0,40})?"
        r"|promoted(?: content)?|ads? by\b.{0,40}|ad)(?:\s*[-–—|:]\s*.{0,40})?\W{0,3}$"
        r"|\W{0,3}(?:(?:story|article) continues (?:below|after)|scroll (?:down )?to continue)\b",
    ),
    _rule(
        "newsletter",
        "Invitations to subscribe.",
        200,
        "please subscribe sign register get download install",
        r"(?:please )?(?:subscribe|sign up|register)\b.{0,80}\b(?:our|your|the|a|free|daily|weekly)\b.{0,60}"
        r"\b(?:newsletters?|inbox|briefing|alerts|app|channel|notifications|e-?paper)\b[^.]{0,60}+\W*+$"
        r"|get\b.{0,80}\b(?:newsletters?|inbox|email alerts)\b[^.]{0,60}+\W*+$"
        r"|(?:subscribe|sign up)(?: now| today| here)?\W*$"
        r"|(?:download|install) (?:our|the) .{0,30}\bapp\b.{0,60}$",
    ),
    _rule(
        "share buttons",
        "The texts of buttons that send the page on, print it, or lead to its comments.",
        100,
        "share tweet print e-mail email copy save listen comment leave post add pin twitter x "
        "facebook instagram whats telegram youtube linkedin tiktok threads mastodon bluesky "
        "google flipboard pinterest reddit viber signal discord koo arattai",
        r"(?>share (?:this )?(?:article|story|post|page|news)|share(?: (?:this|on|via|with))?|tweet(?: this)?"
        r"|print(?: this)?|e-?mail(?: this)?|copy link|save|listen|comments?"
        r"|(?:leave|post|add) a (?:comment|reply)"
        rf"|\d+ (?:comments?|shares?|views?)|{_SITES}\b|pin it|\W)++$",
    ),
    _rule(
        "copyright",
        "The publisher's notice of rights.",
        220,
        "copyright",
        r"©|\(c\)|copyright(?: (?:©|\(c\)|\d{4}|by\b)|\W*$)",
    ),
    _rule(
        "rights reserved",
        "The publisher's notice of rights, where it ends in “All rights reserved”.",
        220,
        "",
        rf".{{0,160}}\ball rights reserved[{re.escape(_BEHIND)}]*$",
        ends=("reserved", "Reserved", "RESERVED"),
    ),
    _rule(
        "click here",
        "Instructions for a link that the text no longer has.",
        160,
        "to for please click tap",
        r"(?:(?:to|for) .{1,60}, ?)?(?:please )?(?:click|tap) (?:here|on (?:the|this) link|the link)\b",
    ),
    _rule(
        "tags",
        "The keywords under which the page is filed.",
        220,
        "tag topic filed keyword categor posted hashtag",
        r"\W{0,2}(?:tags?|topics?|filed under|keywords?|categor(?:y|ies)|posted in|hashtags?)"
        r"(?:\s*:\s*\S.*|\W{0,2})$",
    ),
    _rule(
        "cookies",
        "Notices that the law makes sites show.",
        420,
        "we this our by accept allow reject manage cookie privacy",
        r"(?:we use|(?:this|our) (?:web)?site uses|by (?:continuing|using|clicking|browsing))\b.*\bcookies\b"
        r"|(?:accept|allow|reject|manage)(?: all)? cookies\W*$"
        r"|(?:cookie|privacy) (?:policy|settings|notice)\W*$",
    ),
)

_BY_NAME = {rule.name: rule for rule in LINE_RULES}
_LONGEST = max(rule.limit for rule in LINE_RULES)
_ANYWHERE = [rule for rule in LINE_RULES if not rule.begins]
_MARKS = tuple({mark for rule in _ANYWHERE for mark in rule.marks})
_ENDS = tuple({end for rule in _ANYWHERE for end in rule.ends})
_LAST = {end[-1] for end in _ENDS}
_LONGEST_ANYWHERE = max(rule.limit for rule in _ANYWHERE)


def _rules_beginning(first: str, others: list[LineRule]) -> list[LineRule]:
    return [rule for rule in LINE_RULES if rule in others or any(each[:2] == first for each in rule.begins)]


_FIRST = {each[:2] for rule in LINE_RULES for each in rule.begins}
_BY_BEGINNING = {first: _rules_beginning(first, []) for first in _FIRST}
"""By the first two letters of a line, the rules with beginnings that can take it."""
_OR_ANYWHERE = {first: _rules_beginning(first, _ANYWHERE) for first in _FIRST}
"""The same with those that take lines however they begin."""


def repeated_title(lines: list[Line], title: str) -> Iterator[Line]:
    """The title again near the top: scraped pages give it as the page's and as the article's heading.

    Compared without case, whitespace and punctuation. The first occurrence stays.
    """
    if not lines:
        return
    heading = lines[0][2][:_TITLE_LIKE_LENGTH]
    titles = {_letters(title), _letters(heading)} if heading != title else {_letters(title)}
    first = {each[:1] for each in titles if each}
    seen: set[str] = set()
    for line in lines[:_NEAR_THE_TOP]:
        text = line[2]
        begin = text[0] if text[0].isalnum() else next(filter(str.isalnum, text), "")
        if begin.casefold()[:1] not in first or len(text) > _TITLE_LIKE_LENGTH:
            continue  # most cannot be the title
        key = _letters(text)
        if key in titles and key in seen:
            yield line
        seen.add(key)


def related_list(lines: list[Line], taken: Container[Line]) -> Iterator[Line]:
    """What stands under the heading “Related News”: title-like lines, if nothing else follows it.

    Where any longer or sentence-like line follows, the article goes on and only the heading is taken.
    ``taken``: the lines that a rule takes.
    """
    heading = _BY_NAME["related heading"]
    for nth, line in enumerate(lines):
        if len(line[2]) <= heading.limit and line in taken and heading.takes(line[2]):
            rest = lines[nth + 1 :]
            if all(each in taken or _title_like(each[2]) for each in rest):
                yield from rest
                return


def find_furniture(text: str, title: str) -> Fragments:
    """The furniture of a text: half-open code point ranges of whole lines, without their LF, in order.

    ``title`` is the article's title, or empty where it is only the text's first line.
    """
    lines: list[Line] = []
    start = 0
    for line in text.split("\n"):  # as paragraphs() does
        end = start + len(line)
        if stripped := line.strip():
            lines.append((start, end, stripped))
        start = end + 1
    taken = {line for line in lines if line_rule(line[2]) is not None}
    found = {*repeated_title(lines, title)}
    if taken:
        found.update(taken, related_list(lines, taken))
        if lines[0] in taken and (not title or _letters(title) == _letters(lines[0][2][:_TITLE_LIKE_LENGTH])):
            found.discard(lines[0])
    return tuple(sorted([(start, end) for start, end, _ in found]))


def line_rule(line: str) -> LineRule | None:
    """The first rule that takes a single line (outer whitespace removed) for furniture, or None."""
    length = len(line)
    if length > _LONGEST:
        return None
    rules: Sequence[LineRule] = LINE_RULES
    first = line[:2].casefold()
    if first.isascii() and first[:1].isalpha() and first[0] != "x":  # which is a site
        if length <= _LONGEST_ANYWHERE and _may_be_anywhere(line):
            rules = _OR_ANYWHERE.get(first, _ANYWHERE)
        else:
            rules = _BY_BEGINNING.get(first, ())
    for rule in rules:
        if length <= rule.limit and rule.takes(line):
            return rule
    return None


def _may_be_anywhere(line: str) -> bool:
    """Whether a rule may take it that looks at no beginning."""
    for mark in _MARKS:
        if mark in line:
            return True
    end = line.rstrip(_BEHIND)
    return end[-1:] in _LAST and end.endswith(_ENDS)


def _letters(text: str) -> str:
    text = text.casefold()
    return text.translate(_NO_LETTERS) if text.isascii() else "".join(filter(str.isalnum, text))


_NO_LETTERS = {code: None for code in range(128) if not chr(code).isalnum()}


def _title_like(text: str) -> bool:
    return len(text) <= _TITLE_LIKE_LENGTH and not text.endswith((".", ":", ";", ".”", '."', ".’"))
