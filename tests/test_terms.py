"""A term is explained in the lesson that uses it first: `notebooks/terms.csv` says where each is introduced."""

import csv
import re
from collections import Counter

MOST = 8  # new terms a lesson
MATH_CODE_AND_LINKS = re.compile(r"`[^`]*`|\$\$.*?\$\$|\$[^$]*\$|\]\([^)]*\)", re.DOTALL)
NAVIGATION = re.compile(r"^(\[Open in Colab\]|← \[|\[[^\]\n]*\]\(\w+\.ipynb\) →|\*\*Next lesson:\*\*).*$", re.MULTILINE)


def terms(root):
    """The rows of the list, each with a term, its lesson and a sentence."""
    with open(root / "notebooks" / "terms.csv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def prose(lesson):
    """The lesson's own text, up to Further reading."""
    texts = (part.text for part in lesson.parts if not part.cell and part.section != "Further reading")
    return NAVIGATION.sub("", "\n".join(texts))


def uses(text, term):
    """Whether a text has the term, in one or in several."""
    words = MATH_CODE_AND_LINKS.sub(" ", text)
    return re.search(rf"(?<![\w-]){re.escape(term)}(?:s|es)?(?![\w-])", words, re.IGNORECASE)


def introduces(text, term):
    """Whether a text has the term in italics, or in the paragraph *You need*."""
    needs = re.search(r"^\*You need\*.*?(?=\n\n|\Z)", text, re.MULTILINE | re.DOTALL)
    italics = re.search(rf"(?<!\*)\*{re.escape(term)}(?:s|es)?\*(?!\*)", text, re.IGNORECASE)
    return italics or (needs and uses(needs[0], term))


def test_terms_are_listed_once_with_a_sentence(root):
    rows = terms(root)
    assert all(re.search(r"\S.*\.$", row["sentence"] or "") for row in rows), "each term needs a sentence with its dot"
    often = [term for term, count in Counter(row["term"].lower() for row in rows).items() if count > 1]
    assert not often, f"notebooks/terms.csv lists {often} more than once"


def test_terms_are_introduced_where_the_list_says(course, root):
    lessons = {lesson.name: lesson for lesson in course}
    for row in terms(root):
        assert row["lesson"] in lessons, f"notebooks/terms.csv: there is no lesson {row['lesson']!r}"
        assert introduces(prose(lessons[row["lesson"]]), row["term"]), (
            f"{row['lesson']}: explain *{row['term']}*, in italics or in *You need*, as notebooks/terms.csv says"
        )


def test_no_term_is_used_before_it_is_introduced(course, root, old_shape):
    order = [lesson.name for lesson in course]
    for lesson in course:
        later = [row for row in terms(root) if row["lesson"] in order[order.index(lesson.name) + 1 :]]
        for row in later if lesson.name not in old_shape else []:
            linked = f"({row['lesson']}.ipynb" in prose(lesson)
            assert linked or not uses(prose(lesson), row["term"]), (
                f"{lesson.name} uses {row['term']!r}, which {row['lesson']} introduces: explain it here, or link there"
            )


def test_at_most_eight_terms_a_lesson(root):
    many = {name: count for name, count in Counter(row["lesson"] for row in terms(root)).items() if count > MOST}
    assert not many, f"more than {MOST} new terms in {many}"
