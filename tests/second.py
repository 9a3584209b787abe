"""The second article, in English and about two other countries: from its text to a package, by commands alone."""

from pathlib import Path

from harness import claims

HERE = Path(__file__).parent
ARTICLE, ROWS = HERE / "english_article.txt", HERE / "english_rows.toml"
NAMED = [
    *("--name", "kenya-norway", "--title", "Kenya and Norway at sea: the claims of an invented article"),
    *("--contributor", "Ada Example", "--article", "Cold Water, Warm Ties: Kenya and Norway at Sea"),
    *("--language", "en", "--side", "Kenya=KEN", "--side", "Norway=NOR", "--coded-by", "Ada Example"),
]


def run(command: str, *arguments) -> str:
    """What a command prints, which must succeed."""
    done = claims(command, *arguments)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def make(home: Path) -> Path:
    """The package of the second article in a folder: four commands, and no file edited but the one with its rows."""
    folder, sentences = home / "kenya-norway", home / "sentences.csv"
    run("new", folder, *NAMED)
    sentences.write_text(run("segment", "--propose", ARTICLE, "--package", folder), "utf-8")
    run("segment", sentences, "--package", folder, "--source", "src-article")
    run("add", ROWS, "--package", folder)
    return folder
