"""The language of a sentence, from its script and its commonest words; a curator corrects what it cannot tell."""

import re
import unicodedata
from collections import Counter

from ..articletext import words

SCRIPTS = {  # the languages of a script, the likeliest first
    "HANGUL": ("ko",),
    "HIRAGANA": ("ja",),
    "KATAKANA": ("ja",),
    "CJK": ("zh", "ja"),
    "ARABIC": ("ar", "fa", "ur"),
    "HEBREW": ("he", "yi"),
    "GREEK": ("el",),
    "ARMENIAN": ("hy",),
    "GEORGIAN": ("ka",),
    "THAI": ("th",),
    "DEVANAGARI": ("hi", "ne", "mr"),
    "CYRILLIC": ("ru", "uk", "be", "bg", "sr", "kk"),
    "LATIN": ("en", "de", "fr", "es", "it", "pt", "pl", "tr", "vi", "sw", "nl"),
}
LETTERS = {  # letters that the other languages of the script do not have
    "uk": "іїєґ",
    "be": "ў",
    "kk": "әғқңөұүһ",
    "sr": "ђћџљњј",
    "ru": "ыэъ",
    "fa": "پچژگ",
    "ur": "ٹڈڑے",
    "de": "ßäöü",
    "fr": "çœêèàù",
    "es": "ñ¿¡",
    "pl": "łąęśźżć",
    "tr": "ığş",
    "vi": "ơưđ",
    "pt": "ãõ",
}
COMMON = {
    "en": "a an it this the of and to in is that for was on with by are",
    "de": "der die das und ist nicht den dem ein eine mit von zu auf für im wurde",
    "fr": "le la les et est des du une dans que pour par sur au",
    "es": "el la los las y es en que del por una con para se",
    "it": "il la di e che è per una con del della sono",
    "pt": "o a os as e é que do da em um uma para com não",
    "nl": "de het een en van is dat op te met voor niet",
    "pl": "i w na z się nie jest że do to",
    "tr": "ve bir bu için ile olarak da de",
    "sw": "ya na wa kwa ni katika za la",
    "ru": "и в не на что с по это как для",
    "uk": "і в не на що з до та це як для",
    "be": "і ў не на што з да гэта як для",
    "bg": "и на в за се от да е с",
    "sr": "и у на је да се за од",
}


def language_of(text: str, expected: str = "") -> str:
    """The code of the language that a text is likeliest in; `expected`, that of the article, where nothing tells."""
    letters = Counter(script for one in text if one.isalpha() and (script := script_of(one)))
    if not letters:
        return expected or "und"
    script = letters.most_common(1)[0][0]
    if script == "CJK" and (letters["HIRAGANA"] or letters["KATAKANA"]):
        return "ja"
    candidates = SCRIPTS[script]
    home = expected.partition("-")[0]
    scores = {one: score(text.casefold(), one) + (0.5 if one == home else 0) for one in candidates}
    best = max(scores, key=lambda one: (scores[one], -candidates.index(one)))
    return expected if best == home else best


def script_of(letter: str) -> str:
    name = unicodedata.name(letter, "")
    return next((script for script in SCRIPTS if name.startswith(script)), "")


def score(text: str, language: str) -> float:
    """How much of a text speaks for a language: its commonest words once each, its own letters twice."""
    common = set(COMMON.get(language, "").split())
    own = re.findall(f"[{LETTERS[language]}]", text) if language in LETTERS else []
    return sum(word in common for word in words(text)) + 2 * len(own)
