"""The audit in other languages than the first article's: lists of words, numbers, months, locators."""

import pytest
from claims import articletext
from claims.audit import evidence, language, lexicon
from claims.findings import Unusable
from harness import Copy, claims
from test_verify_article import EN, FACT, audit

# real-looking sentences, invented: (language, sentence, the same with one word changed)
SENTENCES = [
    ("ko", "두 나라는 2021년 3월 오슬로에서 어업 협정을 체결하였다.",
     "두 나라는 2021년 3월 오슬로에서 어업 협정을 파기하였다."),
    ("zh", "两国于2021年3月在奥斯陆签署了渔业协定。",
     "两国于2021年3月在奥斯陆废止了渔业协定。"),
    ("ja", "両国は2021年3月にオスロで漁業協定に署名した。",
     "両国は2021年3月にオスロで漁業協定を破棄した。"),
    ("ar", "وقّع البلدان اتفاقية لصيد الأسماك في أوسلو.",
     "ألغى البلدان اتفاقية لصيد الأسماك في أوسلو."),
    ("de", "Die beiden Länder unterzeichneten in Oslo ein Abkommen.",
     "Die beiden Länder kündigten in Oslo ein Abkommen."),
    ("uk", "Дві країни підписали в Осло угоду про рибальство.",
     "Дві країни розірвали в Осло угоду про рибальство."),
    ("ru", "Две страны подписали в Осло соглашение о рыболовстве.",
     "Две страны разорвали в Осло соглашение о рыболовстве."),
    ("en", "The two countries signed a fisheries agreement in Oslo.",
     "The two countries ended a fisheries agreement in Oslo."),
    ("el", "Οι δύο χώρες υπέγραψαν συμφωνία αλιείας στο Όσλο.",
     "Οι δύο χώρες ακύρωσαν συμφωνία αλιείας στο Όσλο."),
    ("hi", "दोनों देशों ने ओस्लो में समझौते पर हस्ताक्षर किए।",
     "दोनों देशों ने ओस्लो में समझौते को रद्द किया।"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "sentence", "other"), SENTENCES, ids=[code for code, *_ in SENTENCES])
def test_a_sentence_of_any_script_has_its_own_hash_and_language(code, sentence, other):
    assert articletext.sha256(sentence) != articletext.sha256(other)
    assert articletext.normalized(sentence).isalnum() or code in ("ar", "hi")  # with marks
    assert language.language_of(sentence) == code
    assert language.language_of(sentence, "en") == code


def test_the_language_of_the_article_decides_where_nothing_else_does():
    assert [language.language_of("2024", one) for one in ("ru", "en", "")] == ["ru", "en", "und"]
    assert language.language_of("Oslo Nairobi", "de") == "de"
    assert language.language_of("Мост", "uk") == "uk"


def test_no_anchor_is_a_clause():
    """Scripts without blanks print a clause as one word, of which only a few letters may stand in the package."""
    anchors = articletext.anchors([text for code, *texts in SENTENCES for text in texts if code in ("zh", "ja")])
    assert all(1 < len(anchor) <= articletext.PIECE for anchor in anchors)
    assert len(set(anchors)) == 4


def test_the_first_normalisation_is_that_of_the_first_release():
    """Hashes of 1.0.0 stay as they are; the second is the same for the alphabets that the first one kept."""
    text = "Ёлка — «союз» 2025 г.1, co-operation"
    assert articletext.normalized(text, 1) == articletext.normalized(text) == "елкасоюз2025г1cooperation"
    assert articletext.normalized("Ländern", 1) == "lndern"
    assert articletext.normalization({}) == 1


def test_each_language_is_located_under_its_normalisation(tmp_path, copy):
    """A package that says nothing of it is one whose locators keep a–z, а–я and digits."""
    copy.edit_json("datapackage.json", lambda descriptor: descriptor.pop("normalization"))
    assert copy.validate().valid
    (tmp_path / "s.csv").write_text(
        "segment_id,page,section,paragraph,sentence,text\np01s01,1,front,1,1,Ländern\n", "utf-8"
    )
    header, *_ = copy.rows("segments")
    copy.write_rows("segments", [header])
    source = copy.rows("sources")[1][0]
    assert claims("segment", tmp_path / "s.csv", "--package", copy.root, "--source", source).returncode == 0
    row = dict(zip(header, copy.rows("segments")[1], strict=True))
    assert row["sha256"] == articletext.sha256("Ländern", 1) != articletext.sha256("Ländern", 2)


# --- numbers and dates in English


@pytest.mark.parametrize(
    ("printed", "value", "prop", "agrees"),
    [
        ("14 March 2023", "2023-03-14", "date", True),
        ("March 14th, 2023", "2023-03-14", "date", True),
        ("14 May 2023", "2023-03-14", "date", False),
        ("Sept. 2021", "2021-09", "date", True),
        ("5th of May 2021", "2021-05-06", "date", False),
        ("1,250 tonnes", "1250", "quantity", True),
        ("1,250 tonnes", "1.25", "quantity", False),
        ("2.5 million dollars", "2500000", "quantity", True),
        ("$40m", "40000000", "quantity", True),
        ("10-12 million", "10000000/12000000", "quantity", True),
        ("between 3 thousand and 2 million", "3000/2000000", "quantity", True),
        ("twelve ships", "12", "quantity", True),
        ("twenty-five ships", "25", "quantity", True),
        ("two hundred ships", "200", "quantity", True),
        ("twelve ships", "13", "quantity", False),
        ("two of five ships", "2/5", "quantity", True),
    ],
)
def test_an_english_claim_agrees_with_its_value(printed, value, prop, agrees):
    assert (evidence.disagreement(printed, value, prop, printed, EN) == "") == agrees


PEOPLE = {
    "names": [("person", "act-mwangi", "Mwangi"), ("person", "act-lie", "Lie")],
    "links": ["act-mwangi", "act-lie"],
}
SPOKEN = FACT | {"form": "direct", "attribution": "named_person"}


@pytest.mark.parametrize(
    ("text", "statement", "more", "wanted"),
    [
        ("It may open.", FACT, {}, {"modal-1": False}),
        ("It opened in May.", FACT, {}, {}),
        ("It opened on 5 May.", FACT, {}, {"number-1": False}),
        ("It did not open.", FACT | {"gloss": "it opened"}, {}, {"negation-1": False}),
        ("It did not open.", FACT | {"gloss": "it did not open"}, {}, {"negation-1": True}),
        ("It did not open.", FACT | {"phase": "not_occurred"}, {}, {"negation-1": True}),
        ("Twelve ships came.", FACT, {}, {"number-word-1": False}),
        ("The two countries met.", FACT, {}, {}),
        ("It grew by 2.5 percent.", FACT, {}, {"number-1": False}),
        ("Mwangi said: “It is done.”", SPOKEN | {"speaker": "act-lie"}, PEOPLE,
         {"person-1": True, "cue-1": True, "quotation-1": False}),
        ("Mwangi said: “It is done.”", SPOKEN | {"speaker": "act-mwangi"}, PEOPLE,
         {"person-1": True, "cue-1": True, "quotation-1": True}),
        ("“It is done.”", SPOKEN | {"attribution": "author_voice"}, {}, {"quotation-1": False}),
        ("Mwangi's ship came.", FACT, PEOPLE, {"person-1": True}),
    ],
)  # fmt: skip
def test_recall_in_english(text, statement, more, wanted):
    assert audit(text, [statement], lists=EN, **more) == wanted


# --- lists


def test_a_language_without_a_list_is_said_to_be_unaudited(made_up, tmp_path):
    """No bare 'agrees', no class with a count of nothing, and what to do about it."""
    copy = Copy.of(made_up, tmp_path / "copy")
    set_language(copy, "sw")
    done = claims("audit", made_up.parent / "article.txt", "--package", copy.root)
    assert "agrees in what was audited" in done.stdout
    for kind in ("cue", "modal", "negation", "person", "place", "number-word"):
        assert f"{kind:<11}  not audited: no list for 'sw'" in done.stdout
    assert "no list for 'sw': number-word, quotation, person" in done.stdout


def test_a_package_brings_its_own_list(made_up, tmp_path):
    copy = Copy.of(made_up, tmp_path / "copy")
    words = (lexicon.SHIPPED / "ru.toml").read_text("utf-8")
    copy.edit_json("datapackage.json", lambda given: given["conventions"].update(words="schemas/words.toml"))
    for text, wanted in ((words, "\nagrees: "), (words.replace("modal = [", "other = ["), "no list for 'ru': modal;")):
        (copy.root / "schemas" / "words.toml").write_text('language = "ru"\n' + text, "utf-8")
        done = claims("audit", made_up.parent / "article.txt", "--package", copy.root)
        assert wanted in done.stdout
        assert done.returncode == 0


def set_language(copy: Copy, code: str) -> None:
    header, *rows = copy.rows("sources")
    for row in rows:
        if row[header.index("source_type")] == "coded_article":
            row[header.index("language")] = code
    copy.write_rows("sources", [header, *rows])
    copy.reseal()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[dates]\n", "names no language"),
        ('language = "sw"\n[cues]\nmodal = ["("]\n', "unterminated subpattern"),
        ('language = "sw"\n[numbers]\nmultipliers = 7\n', "an example of a list"),
    ],
)
def test_a_bad_list_is_refused_with_its_place(text, message):
    import tomllib

    with pytest.raises(Unusable, match=r"schemas/words\.toml: "):
        try:
            lexicon.of_package("sw", tomllib.loads(text), "schemas/words.toml")
        except Unusable as error:
            assert message in str(error)
            raise


def test_every_shipped_list_has_every_class():
    assert lexicon.shipped() == ["en", "ru"]
    assert [lexicon.lexicon(code).missing for code in lexicon.shipped()] == [[], []]
    assert lexicon.lexicon("sw").missing == list(lexicon.NEEDS)
