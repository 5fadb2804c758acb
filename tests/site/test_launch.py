"""The repository's address, found in the CI's variables or in git, in every form it comes in."""

import subprocess

import pytest

from extensions.launch import Repository, from_ci, from_git, git_in, site_address, web_address

HERE = "https://github.com/reader/softmaxbook"


@pytest.mark.parametrize(
    ("remote", "address"),
    [
        ("https://github.com/reader/softmaxbook.git", HERE),
        ("https://github.com/reader/softmaxbook", HERE),
        ("https://github.com/reader/softmaxbook/", HERE),
        ("https://reader:secret@github.com/reader/softmaxbook.git", HERE),
        ("https://secret@github.com/reader/softmaxbook.git", HERE),
        ("git@github.com:reader/softmaxbook.git", HERE),
        ("github.com:reader/softmaxbook", HERE),
        ("ssh://git@github.com/reader/softmaxbook.git", HERE),
        ("ssh://git@ssh.example.org:2222/reader/book.git", "https://ssh.example.org/reader/book"),
        ("git://example.org/reader/book.git", "https://example.org/reader/book"),
        ("git@gitlab.com:group/part/book.git", "https://gitlab.com/group/part/book"),
        ("https://codeberg.org/reader/my.book.git", "https://codeberg.org/reader/my.book"),
        ("/srv/git/softmaxbook.git", None),
        ("../softmaxbook", None),
        ("file:///srv/git/softmaxbook.git", None),
        ("https://github.com/softmaxbook", None),
        ("", None),
    ],
)
def test_web_address(remote, address):
    assert web_address(remote) == address


@pytest.mark.parametrize(
    ("repository", "link"),
    [
        (Repository(HERE, "main", True), "gh/reader/softmaxbook/main"),
        (Repository(HERE, "fix/one", True), "gh/reader/softmaxbook/fix%2Fone"),
        (Repository("https://gitlab.com/a/b/c", "main", True), "gl/a%2Fb%2Fc/main"),
        (
            Repository("https://codeberg.org/a/b", "main", True),
            "git/https%3A%2F%2Fcodeberg.org%2Fa%2Fb/main",
        ),
    ],
)
def test_binder_link(repository, link):
    address = repository.binder("book/overflow.md")
    assert address == f"https://mybinder.org/v2/{link}?urlpath=lab/tree/book/overflow.md"


def test_colab_opens_what_is_on_github_alone():
    link = "https://colab.research.google.com/github/reader/softmaxbook/blob/notebooks/book/a.ipynb"
    assert Repository(HERE, "fix/one", True).colab("book/a.ipynb") == link
    assert Repository("https://gitlab.com/a/b", "main", True).colab("book/a.ipynb") is None


def test_provider_is_known_where_the_theme_can_link():
    assert Repository(HERE, "main", True).provider == "github"
    assert Repository("https://gitlab.example.org/a/b", "main", True).provider == "gitlab"
    assert Repository("https://codeberg.org/github/b", "main", True).provider is None


def test_github_actions():
    push = {
        "GITHUB_SERVER_URL": "https://github.com",
        "GITHUB_REPOSITORY": "reader/softmaxbook",
        "GITHUB_REF_NAME": "main",
        "GITHUB_REF_TYPE": "branch",
        "GITHUB_SHA": "abc123",
    }
    assert from_ci(push) == Repository(HERE, "main", True)
    tag = push | {"GITHUB_REF_NAME": "v1", "GITHUB_REF_TYPE": "tag"}
    assert from_ci(tag) == Repository(HERE, "v1", False)
    pull_request = push | {"GITHUB_REF_NAME": "12/merge"}
    assert from_ci(pull_request) == Repository(HERE, "abc123", False)


def test_gitlab_ci():
    variables = {"CI_PROJECT_URL": "https://gitlab.com/a/b", "CI_COMMIT_REF_NAME": "main"}
    assert from_ci(variables) == Repository("https://gitlab.com/a/b", "main", True)
    assert from_ci(variables | {"CI_COMMIT_TAG": "main"}).is_branch is False
    assert from_ci({}) is None


def test_the_sites_address_is_named_or_follows_from_github():
    here = Repository(HERE, "main", True)
    assert site_address({}, here) == "https://reader.github.io/softmaxbook/"
    of_owner = Repository("https://github.com/Reader/Reader.github.io", "main", True)
    assert site_address({}, of_owner) == "https://reader.github.io/"
    assert site_address({}, Repository("https://gitlab.com/a/b", "main", True)) is None
    assert site_address({}, None) is None
    named = {"SOFTMAXBOOK_ADDRESS": "https://books.example.org/softmax"}
    assert site_address(named, here) == "https://books.example.org/softmax/"
    pages = {"CI_PAGES_URL": "https://a.gitlab.io/b/"}
    assert site_address(pages, None) == "https://a.gitlab.io/b/"


def test_git_remote_branch_and_detached_head(tmp_path):
    git = git_in(tmp_path)

    def run(*arguments):
        identity = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
        subprocess.run(["git", *identity, *arguments], cwd=tmp_path, check=True)

    run("init", "--quiet", "--initial-branch", "draft")
    run("commit", "--quiet", "--allow-empty", "--message", "Start")
    assert from_git(git) is None
    run("remote", "add", "origin", "git@github.com:reader/softmaxbook.git")
    assert from_git(git) == Repository(HERE, "draft", True)
    run("checkout", "--quiet", "--detach")
    assert from_git(git) == Repository(HERE, git("rev-parse", "HEAD"), False)
    run("remote", "set-url", "origin", "/srv/git/softmaxbook.git")
    assert from_git(git) is None


def test_no_git_is_no_repository(tmp_path, monkeypatch):
    assert from_git(git_in(tmp_path)) is None
    monkeypatch.setenv("PATH", "")
    assert from_git(git_in(tmp_path)) is None
