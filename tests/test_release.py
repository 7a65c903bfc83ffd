"""What a release is made of: pinned actions, and a changelog that tells of the version."""

import re

import helpers

HEADING = re.compile(r"^## \[(?P<version>.+?)\](?: - (?P<date>\d{4}-\d{2}-\d{2}))?$", re.MULTILINE)
KINDS = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}


def used_actions(root):
    """Return (file, what it uses) for each action of each workflow."""
    return [
        (path.name, use.strip())
        for path in sorted((root / ".github" / "workflows").glob("*.yml"))
        for use in re.findall(r"^\s*(?:- )?uses:(.*)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    ]


def not_pinned(uses):
    """Return the uses that do not name a commit, and in a comment its version."""
    return [use for use in uses if not re.fullmatch(r"[\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", use[1])]


def releases(text):
    """Return pairs (version, date) of a changelog, the newest first; `Unreleased` has no date."""
    return [(found["version"], found["date"]) for found in HEADING.finditer(text)]


def changelog(root):
    return (root / "CHANGELOG.md").read_text(encoding="utf-8")


def test_every_action_is_pinned_by_hash(root):
    uses = used_actions(root)
    assert {name for name, _ in uses} >= {"ci.yml", "release.yml"}
    assert not not_pinned(uses), f"write owner/action@<40 hex digits> # v1.2.3 instead of {not_pinned(uses)}"


def test_what_is_not_pinned_is_found():
    commit = "08c6903cd8c0fde910a37f88322edcfb5dd907a8"
    good = f"actions/checkout@{commit} # v5.0.0"
    bad = ["actions/checkout@v5", f"actions/checkout@{commit}", f"actions/checkout@{commit[:12]} # v5.0.0", "./local"]
    assert not_pinned([("x.yml", use) for use in [good, *bad]]) == [("x.yml", use) for use in bad]


def test_an_action_has_one_version_in_all_workflows(root):
    uses = {use for _, use in used_actions(root)}
    names = [use.partition("@")[0] for use in uses]
    assert len(names) == len(set(names)), f"several versions of one action: {sorted(uses)}"


def test_a_release_uses_no_action_of_third_parties(root):
    third = [use for name, use in used_actions(root) if name == "release.yml" and not use.startswith("actions/")]
    assert not third, f"{third} would see the token that writes releases"


def test_the_changelog_tells_of_this_version(root):
    first, *dated = releases(changelog(root))
    assert first == ("Unreleased", None)
    assert dated[0][0] == helpers.__version__, f"give CHANGELOG.md a heading ## [{helpers.__version__}] - YYYY-MM-DD"


def test_the_changelog_is_in_order(root):
    dated = releases(changelog(root))[1:]
    versions = [tuple(map(int, version.split("."))) for version, _ in dated]
    assert versions == sorted(set(versions), reverse=True)
    assert [date for _, date in dated] == sorted((date for _, date in dated), reverse=True)
    assert set(re.findall(r"^### (.*)$", changelog(root), re.MULTILINE)) <= KINDS
    assert len(dated) + 1 == len(re.findall(r"^## ", changelog(root), re.MULTILINE)), "a heading has another form"
