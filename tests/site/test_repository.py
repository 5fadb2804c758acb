"""Rules that hold for the whole repository; each is shown to reject what it forbids."""

import importlib
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pages
import pytest
import yaml
from pages import Page

import softmaxbook

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
TOC = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
FILES = [TOC["root"], *(chapter["file"] for part in TOC["parts"] for chapter in part["chapters"])]
BOOK = {file: Page.read(ROOT / f"{file}.md") for file in FILES}
SOURCE = ROOT / "src"
WINGS = ("numerics", "learning", "family", "transfer")
MODULES = [
    "softmaxbook.theme",
    *(
        ".".join(path.relative_to(SOURCE).with_suffix("").parts)
        for wing in WINGS
        for path in sorted((SOURCE / "softmaxbook" / wing).glob("[a-z]*.py"))
    ),
]

every_page = pytest.mark.parametrize("page", BOOK.values(), ids=BOOK)


def run(*command, **options):
    """Run a tool of the environment; return its exit code and all that it said."""
    done = subprocess.run(
        [BIN / command[0], *command[1:]], capture_output=True, text=True, **options
    )
    return done.returncode, done.stdout + done.stderr


def tracked():
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, check=True, capture_output=True, text=True
    )
    return [ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


# ---------------------------------------------------------------------------------------- pages


def test_every_page_of_the_book_is_in_its_contents():
    assert {f"book/{path.stem}" for path in (ROOT / "book").glob("*.md")} == set(FILES)


def faults_of_header(page):
    """Without one part of the header the page is not executed, or the build dies misleadingly."""
    text = page.header.get("jupytext", {}).get("text_representation", {})
    named = page.header.get("kernelspec", {}).get("name")
    right = (
        text.get("format_name") == "myst" and text.get("extension") == ".md" and named == "python3"
    )
    return [] if right or not page.cells else [page.header]


@every_page
def test_header_is_complete(page):
    assert faults_of_header(page) == []


@every_page
def test_cells_have_one_language(page):
    assert pages.other_languages(page) == []


@every_page
def test_no_decimal_is_typed(page):
    assert pages.typed_decimals(page) == []


@every_page
def test_one_sentence_a_line(page):
    assert pages.crowded_lines(page) == []


def exported():
    names = set(softmaxbook.__all__)
    for module in MODULES:
        names |= {n for n in vars(importlib.import_module(module)) if n[0] != "_"}
    return names


def test_names_of_every_part_are_known_to_the_rule():
    assert {"row_blocks", "stratified_split", "domain_distance", "LIGHT"} <= exported()


@every_page
def test_page_defines_nothing_that_the_package_exports(page):
    assert not set(pages.definitions(page)) & exported()


def missing_names(page):
    """Return the names that a page imports from the package and that are not there."""
    own = [(m, n) for m, n in pages.imports(page) if m.split(".")[0] == "softmaxbook"]
    missing = []
    for module, name in own:
        found = importlib.import_module(module)
        if name is not None and not hasattr(found, name):
            try:
                importlib.import_module(f"{module}.{name}")
            except ImportError:
                missing.append(f"{module}.{name}")
    return missing


@every_page
def test_page_uses_public_names(page):
    assert pages.private_names(page) == []
    assert missing_names(page) == []


BAD_PAGE = """---
kernelspec:
  name: python3
---
# Bad

The share is 0.705. Another sentence follows.
Theorem 3.3 of the paper and `0.5` in code are not numbers of ours, e.g. These are fine.

```{code-cell}
:tags: [remove-input]
import sys
from softmaxbook.numerics.logarithms import _hidden, vanished
def softmax(z):
    sys.path.append("src")
    return sb._secret(z)
```
"""


def test_rules_reject_a_bad_page():
    page = Page(BAD_PAGE)
    assert len(faults_of_header(page)) == 1
    assert pages.other_languages(page) == [""]
    assert pages.typed_decimals(page) == ["0.705"]
    assert pages.crowded_lines(page) == ["The share is 0.705. Another sentence follows."]
    assert set(pages.definitions(page)) & exported() == {"softmax"}
    assert set(pages.private_names(page)) == {"_hidden", "_secret", "sys.path"}
    assert set(missing_names(page)) == {
        "softmaxbook.numerics.logarithms._hidden",
        "softmaxbook.numerics.logarithms.vanished",
    }


# -------------------------------------------------------------------------------- import rules


def lint_imports(folder):
    environment = {"PYTHONPATH": str(folder / "src"), "PATH": str(BIN)}
    return run("lint-imports", "--no-cache", cwd=folder, env=environment)


OFFENDERS = {
    "numerics/arrays.py": ["matplotlib", "softmaxbook.learning.losses"],
    "checking/judging.py": ["torch", "softmaxbook.exercises"],
    "exercises/__init__.py": ["softmaxbook.widgets", "softmaxbook.numerics.probabilities"],
    "theme.py": ["softmaxbook.exercises", "softmaxbook.plots"],
    "learning/losses.py": ["matplotlib", "softmaxbook.plots.losses"],
    "learning/remedies.py": ["torch", "softmaxbook.transfer.heads"],
    "family/sparse.py": ["torch", "softmaxbook.plots.losses", "softmaxbook.transfer.heads"],
    "transfer/transferability.py": ["softmaxbook.experiments.tables"],
    "transfer/domains.py": ["softmaxbook.plots.transfer"],
    "claims/claim.py": ["softmaxbook.assignments.tables"],
    "widgets/rows.py": ["softmaxbook.assignments.course"],
    "assignments/marks/grading.py": ["sklearn", "softmaxbook.widgets.rows"],
    "assignments/marks/marking.py": ["softmaxbook.assignments.exchange.nbgrader"],
    "assignments/assignment.py": ["softmaxbook.assignments.settings"],
    "assignments/course.py": ["softmaxbook.assignments.tables"],
    "assignments/sandbox/box.py": ["softmaxbook.assignments.handout.package"],
    "assignments/exchange/canvas.py": ["softmaxbook.assignments.reports.report"],
    "assignments/collecting/collect.py": ["softmaxbook.assignments.command"],
}


def test_import_rules_hold_and_reject(tmp_path):
    shutil.copytree(ROOT / "src" / "softmaxbook", tmp_path / "src" / "softmaxbook")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    code, said = lint_imports(tmp_path)
    assert code == 0, said
    for name, modules in OFFENDERS.items():
        with (tmp_path / "src" / "softmaxbook" / name).open("a", encoding="utf-8") as file:
            file.writelines(f"\nimport {module}\n" for module in modules)
    code, said = lint_imports(tmp_path)
    said = " ".join(said.split())  # without the ends of lines
    assert code != 0
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
    for contract in contracts["contracts"]:
        assert f"{contract['name']} BROKEN" in said
    for name, modules in OFFENDERS.items():
        importer = "softmaxbook." + name.removesuffix(".py").removesuffix("/__init__").replace(
            "/", "."
        )
        for module in modules:
            assert f"{importer} -> {module}" in said


# ------------------------------------------------------------------------------------ the files

WORKFLOWS = [f".github/workflows/{path.name}" for path in (ROOT / ".github/workflows").iterdir()]
ADDRESSES_ALLOWED = {".binder/requirements.txt", ".ci/pytorch-index"}
MACHINE = re.compile(r"(?<![\w.~/-])/(?:work|root|opt|home|Users|tmp)/\w")
REGISTRY = re.compile(
    r"(?:--(?:extra-)?index-url[ =]\S|//(?:pypi|registry|download\.pytorch|files\.pyth)[\w.]*)"
)


def test_no_path_of_a_machine_and_no_registry_is_written_down():
    for path in tracked():
        name = path.relative_to(ROOT).as_posix()
        if (
            path.suffix in {".woff2", ".png", ".safetensors", ".gz", ".zip"}
            or name in {"tests/site/test_repository.py"}
            or "vendor" in name
        ):
            continue
        text = path.read_text(encoding="utf-8")
        assert MACHINE.findall(text) == [], name
        assert name in ADDRESSES_ALLOWED or REGISTRY.findall(text) == [], name


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        (MACHINE, "open('/home/someone/data')"),
        (MACHINE, "cd /work/main"),
        (REGISTRY, "--extra-index-url x"),
        (REGISTRY, "https://pypi.org/simple"),
        (REGISTRY, "https://download.pytorch.org/whl/cpu"),
    ],
)
def test_rules_for_files_reject(rule, text):
    assert rule.search(text)


@pytest.mark.parametrize(
    ("schema", "file", "spoil"),
    [
        *(
            ("vendor.github-workflows", workflow, ("runs-on:", "runs-upon:"))
            for workflow in WORKFLOWS
        ),
        ("vendor.citation-file-format", "CITATION.cff", ("authors:", "writers:")),
    ],
)
def test_files_follow_their_published_schema(schema, file, spoil, tmp_path):
    assert run("check-jsonschema", "--builtin-schema", schema, ROOT / file)[0] == 0
    spoiled = tmp_path / Path(file).name
    spoiled.write_text((ROOT / file).read_text("utf-8").replace(*spoil), encoding="utf-8")
    assert run("check-jsonschema", "--builtin-schema", schema, spoiled)[0] != 0


# --------------------------------------------------------------------------------- requirements


PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
REQUIREMENTS = [path.name for path in ROOT.glob("requirements*.txt")]


def pins(*names):
    text = "\n".join((ROOT / name).read_text(encoding="utf-8") for name in names)
    found = re.findall(r"^([\w.-]+)==(\S+)", text, re.MULTILINE)
    assert len(found) == len(dict(found)), f"a package is named twice in {names}"
    return dict(found)


def test_requirements_end_with_the_package():
    for name in ("requirements.txt", ".binder/requirements.txt"):
        lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
        assert lines[-1] == "-e ."


def test_each_version_is_pinned_once():
    named = pins("requirements.txt", "requirements-test.txt")
    assert not {n.lower().replace("_", "-") for n in named} & set(pins("constraints.txt"))
    assert not any(
        name.startswith(("nvidia", "cuda", "triton")) for name in pins("constraints.txt")
    )


def test_binder_has_the_tested_versions():
    binder = pins(".binder/requirements.txt")
    assert binder
    assert binder.items() <= pins("requirements.txt", "requirements-test.txt").items()


def test_what_the_pages_import_is_installed_wherever_they_run():
    imported = {module.split(".")[0] for page in BOOK.values() for module, _ in pages.imports(page)}
    third_party = imported - set(sys.stdlib_module_names) - {"softmaxbook", "IPython"}
    third_party = {"scikit-learn" if name == "sklearn" else name for name in third_party}
    assert third_party <= set(pins("requirements.txt"))
    assert third_party <= set(pins(".binder/requirements.txt"))


def repinned(which, folder):
    """Return the requirements of a copy in `folder` after `.ci/repin`, and its constraints."""
    for name in ("pyproject.toml", "constraints.txt", *REQUIREMENTS):
        shutil.copy(ROOT / name, folder)
    subprocess.run([ROOT / ".ci" / "repin", which, folder], check=True)
    text = "\n".join((folder / name).read_text("utf-8") for name in REQUIREMENTS)
    return text, (folder / "constraints.txt").read_text("utf-8")


def test_newest_are_held_back_with_a_reason_only(tmp_path):
    requirements, constraints = repinned("newest", tmp_path)
    assert "==" not in requirements
    assert set(pins(*REQUIREMENTS)) <= set(re.findall(r"^[\w.-]+", requirements, re.MULTILINE))
    for line in constraints.splitlines():
        assert re.fullmatch(r"#.*|[\w.-]+<[\d.]+  # \w.*", line), line


def test_oldest_are_the_bounds_that_the_package_names(tmp_path):
    requirements, constraints = repinned("oldest", tmp_path)
    extras = PROJECT["optional-dependencies"].values()
    named = {name for each in (PROJECT["dependencies"], *extras) for name in each}
    bounds = {name.replace(">=", "==") for name in named if ">=" in name}
    assert bounds
    assert bounds <= set(re.findall(r"^[\w-]+==\S+", requirements, re.MULTILINE))
    assert constraints == (ROOT / "constraints.txt").read_text("utf-8")


def test_python_is_the_same_everywhere():
    version = PROJECT["requires-python"].removeprefix(">=")
    assert (ROOT / ".binder" / "runtime.txt").read_text("utf-8").strip() == f"python-{version}"
    assert f'python-version: "{version}"' in (ROOT / ".github/workflows/book.yml").read_text(
        "utf-8"
    )
    assert f"{tuple(map(int, version.split('.')))}" in (ROOT / "Makefile").read_text("utf-8")


def test_each_python_that_the_package_names_is_tried():
    workflow = yaml.safe_load((ROOT / ".github/workflows/libraries.yml").read_text("utf-8"))
    tried = workflow["jobs"]["libraries"]["strategy"]["matrix"]["python"]
    named = "Programming Language :: Python :: "
    assert PROJECT["classifiers"] == [named + version for version in tried]
    assert PROJECT["requires-python"] == f">={tried[0]}"
